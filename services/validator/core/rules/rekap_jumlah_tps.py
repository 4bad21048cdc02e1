"""D.Hasil: not more TPS have reported than there are."""

from __future__ import annotations

from contracts.events import DHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import above
from services.validator.core.rule import Basis, Breaches, rule


@rule(
    DHasilV1,
    code="RUP-CHILD-COUNT",
    basis=Basis.LOGIC,
    source="Kemajuan rekapitulasi (DOMAIN.md 2.3)",
    judul="TPS masuk tidak melebihi TPS yang ada",
    title="Not more TPS have reported than there are",
    pesan="{where}: TPS masuk {seen}, TPS yang ada {expected}.",
    message="{where}: {seen} TPS have reported, there are {expected}.",
)
def not_more_than_there_are(hasil: DHasilV1, _: Case) -> Breaches:
    """TPS masuk is at most TPS total, for the form and for each of its rows."""
    own = above("/tps_masuk", hasil.tps_masuk, hasil.tps_total, hasil.wilayah)
    return own + tuple(
        breach
        for kode, row in hasil.rincian.items()
        for breach in above(f"/rincian/{kode}/tps_masuk", row.tps_masuk, row.tps_total, kode)
    )
