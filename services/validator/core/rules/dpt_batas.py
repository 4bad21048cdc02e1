"""C.Hasil: a TPS has not more registered voters than the regulation plans for."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import above
from services.validator.core.rule import FINE, Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-DPT-CAP",
    basis=Basis.LAW,
    source="Batas pemilih per TPS (contracts/pemilihan.py; DOMAIN.md 1.5, S23)",
    judul="DPT tidak melebihi batas per TPS",
    title="The DPT keeps to the limit per TPS",
    pesan="DPT tertulis {seen}, batas per TPS {expected}.",
    message="The DPT has {seen} voters, the limit per TPS is {expected}.",
)
def dpt_keeps_to_the_limit(hasil: CHasilV1, case: Case) -> Breaches:
    """DPT is at most the limit of this pemilihan."""
    kontes = case.kontes
    if kontes is None:
        return FINE
    return above("/pemilih_dpt_j", hasil.pemilih_dpt_j, kontes.pemilihan.dpt_per_tps_max)
