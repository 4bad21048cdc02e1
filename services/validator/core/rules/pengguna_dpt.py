"""C.Hasil: not more of the DPT came than stand in it."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import above
from services.validator.core.rule import Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-USED-LE-DPT",
    basis=Basis.LOGIC,
    source="C.HASIL I.B.1 dan I.A",
    judul="Pengguna dalam DPT tidak melebihi DPT",
    title="Not more of the DPT came than stand in it",
    pesan="Pengguna dalam DPT ({where}) tertulis {seen}, DPT hanya {expected}.",
    message="{seen} of the DPT came ({where}), it has {expected}.",
)
def not_more_came_than_are_listed(hasil: CHasilV1, _: Case) -> Breaches:
    """Pengguna dalam DPT is at most the DPT, for each column."""
    return (
        above("/pengguna_dpt_l", hasil.pengguna_dpt_l, hasil.pemilih_dpt_l, "laki-laki")
        + above("/pengguna_dpt_p", hasil.pengguna_dpt_p, hasil.pemilih_dpt_p, "perempuan")
        + above("/pengguna_dpt_j", hasil.pengguna_dpt_j, hasil.pemilih_dpt_j, "jumlah")
    )
