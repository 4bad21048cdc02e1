"""C.Hasil: as many people voted as there are votes; if not, the TPS may have to count again."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import unequal
from services.validator.core.rule import Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-USED-EQ-VOTES",
    basis=Basis.LAW,
    source="UU 7/2017 Ps 374(2)h, 375; Perbawaslu 1/2024 Ps 47",
    judul="Jumlah suara sama dengan pengguna hak pilih",
    title="There are as many votes as voters who came",
    pesan="Jumlah suara {seen}, pengguna hak pilih {expected}: berpotensi hitung ulang.",
    message="There are {seen} votes and {expected} voters who came: a recount may be due.",
)
def everybody_who_came_cast_one_vote(hasil: CHasilV1, _: Case) -> Breaches:
    """Suara total equals pengguna hak pilih."""
    return unequal("/suara_total", hasil.suara_total, hasil.pengguna_total_j)
