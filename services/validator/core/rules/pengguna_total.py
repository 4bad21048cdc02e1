"""C.Hasil I.B.4: all who came are those of the three lists."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import sum_of, unequal
from services.validator.core.rule import Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-USED-SUM",
    basis=Basis.FORM,
    source="C.HASIL I.B.4 = I.B.1 + I.B.2 + I.B.3",
    judul="Pengguna hak pilih adalah jumlah DPT, DPTb dan DPK",
    title="All who came are those of DPT, DPTb and DPK",
    pesan="Pengguna hak pilih {where} tertulis {seen}, DPT + DPTb + DPK = {expected}.",
    message="All who came ({where}) are {seen}, but DPT + DPTb + DPK = {expected}.",
)
def lists_add_up(hasil: CHasilV1, _: Case) -> Breaches:
    """DPT plus DPTb plus DPK equals the total, for each column."""
    men = sum_of((hasil.pengguna_dpt_l, hasil.pengguna_dptb_l, hasil.pengguna_dpk_l))
    women = sum_of((hasil.pengguna_dpt_p, hasil.pengguna_dptb_p, hasil.pengguna_dpk_p))
    total = sum_of((hasil.pengguna_dpt_j, hasil.pengguna_dptb_j, hasil.pengguna_dpk_j))
    return (
        unequal("/pengguna_total_l", hasil.pengguna_total_l, men, "laki-laki")
        + unequal("/pengguna_total_p", hasil.pengguna_total_p, women, "perempuan")
        + unequal("/pengguna_total_j", hasil.pengguna_total_j, total, "jumlah")
    )
