"""C.Hasil and D.Hasil: what lies below a ratified D.Hasil changes only on a new berita acara."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.events import CHasilV1, DHasilV1
from contracts.identifiers import induk
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    CHasilV1,
    DHasilV1,
    code="RUP-FINAL-LOCK",
    basis=Basis.LAW,
    source="PKPU 5/2024 Ps 14 (DOMAIN.md 2.3, S34)",
    judul="Setelah D.Hasil ditetapkan, perubahan di bawahnya perlu berita acara baru",
    title="Below a ratified D.Hasil a change needs a new berita acara",
    pesan="{where} sudah ditetapkan ({seen}); perubahan ini perlu {expected}.",
    message="{where} has been ratified ({seen}); this change needs {expected}.",
)
def nothing_changes_below_what_is_ratified(hasil: CHasilV1 | DHasilV1, case: Case) -> Breaches:
    """Ask whether a wilayah around this one was ratified before, unless the change names its document."""
    if hasil.koreksi is not None and hasil.koreksi.dokumen is not None:
        return FINE
    if isinstance(hasil, CHasilV1):
        area = hasil.tps
    elif hasil.jalur == "rekap":
        area = hasil.wilayah
    else:
        # The running count is no result: it locks nothing and nothing locks it (decision 0007).
        return FINE
    ratified = case.register.ratified(hasil.kontes, _around(area), case.place.epoch, case.place.sequence)
    if ratified is None:
        return FINE
    return (Breach("/koreksi/dokumen", f"D.Hasil {hasil.kontes}", "nomor berita acara baru", ratified),)


def _around(area: str) -> Iterator[str]:
    """Yield what contains ``area``, the nearest first; nobody looks as long as nothing has been ratified."""
    while area := induk(area):
        yield area
