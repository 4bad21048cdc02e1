"""TPS: the pemilihan it is set up for is held."""

from __future__ import annotations

from contracts.events import TpsV1
from contracts.pemilihan import PEMILIHAN
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    TpsV1,
    code="REF-PEMILIHAN",
    basis=Basis.SOURCE,
    source="contracts/pemilihan.py",
    judul="Pemilihan dikenal",
    title="The pemilihan is known",
    pesan="Pemilihan {seen} tidak dikenal; yang ada: {expected}.",
    message="There is no pemilihan {seen}; known are {expected}.",
)
def pemilihan_is_held(tps: TpsV1, _: Case) -> Breaches:
    """Ask whether the code names a row of the table of pemilihan."""
    if tps.pemilihan in PEMILIHAN:
        return FINE
    return (Breach("/pemilihan", tps.pemilihan, ", ".join(PEMILIHAN)),)
