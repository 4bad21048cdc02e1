"""C.Hasil: every ballot that was used holds one vote."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import unequal
from services.validator.core.rule import Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-SS-USED",
    basis=Basis.LAW,
    source="Perbawaslu 15/2024 Ps 23",
    judul="Surat suara digunakan sama dengan jumlah suara",
    title="Ballots used are the votes there are",
    pesan="Surat suara digunakan tertulis {seen}, jumlah suara {expected}.",
    message="{seen} ballots were used, there are {expected} votes.",
)
def every_used_ballot_is_a_vote(hasil: CHasilV1, _: Case) -> Breaches:
    """Surat suara digunakan equals suara total."""
    return unequal("/ss_digunakan", hasil.ss_digunakan, hasil.suara_total)
