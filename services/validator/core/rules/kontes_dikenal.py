"""C.Hasil and D.Hasil: the kontes is held."""

from __future__ import annotations

from contracts.events import CHasilV1, DHasilV1
from contracts.pemilihan import KONTES
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    CHasilV1,
    DHasilV1,
    code="REF-KONTES",
    basis=Basis.SOURCE,
    source="contracts/pemilihan.py",
    judul="Kontes dikenal",
    title="The kontes is known",
    pesan="Kontes {seen} tidak dikenal; yang ada: {expected}.",
    message="There is no kontes {seen}; known are {expected}.",
)
def kontes_is_held(hasil: CHasilV1 | DHasilV1, case: Case) -> Breaches:
    """Ask whether the code names a row of the table of kontes."""
    if case.kontes is not None:
        return FINE
    return (Breach("/kontes", hasil.kontes, ", ".join(KONTES)),)
