"""C.Hasil: every ballot that was received was used, spoilt or left over."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import sum_of, unequal
from services.validator.core.rule import Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-SS-BALANCE",
    basis=Basis.FORM,
    source="C.HASIL II.1 = II.2 + II.3 + II.4",
    judul="Surat suara diterima terurai habis",
    title="Ballots received are accounted for",
    pesan="Surat suara diterima tertulis {seen}, yang digunakan, rusak dan sisa {expected}.",
    message="{seen} ballots were received, {expected} are accounted for.",
)
def ballots_balance(hasil: CHasilV1, _: Case) -> Breaches:
    """Diterima equals digunakan plus rusak plus sisa."""
    return unequal("/ss_diterima", hasil.ss_diterima, sum_of((hasil.ss_digunakan, hasil.ss_rusak, hasil.ss_sisa)))
