"""C.Hasil: all votes are the valid and the invalid ones."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import sum_of, unequal
from services.validator.core.rule import Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-SUM-VALID",
    basis=Basis.FORM,
    source="C.HASIL V.C = V.A + V.B",
    judul="Suara sah dan tidak sah adalah seluruh suara",
    title="Valid and invalid votes are all votes",
    pesan="Jumlah suara tertulis {seen}, suara sah ditambah tidak sah {expected}. Periksa bagian V.",
    message="Suara total is {seen}, valid and invalid votes add up to {expected}.",
)
def valid_and_invalid_votes_add_up(hasil: CHasilV1, _: Case) -> Breaches:
    """Suara total equals suara sah plus suara tidak sah."""
    return unequal("/suara_total", hasil.suara_total, sum_of((hasil.suara_sah, hasil.suara_tidak_sah)))
