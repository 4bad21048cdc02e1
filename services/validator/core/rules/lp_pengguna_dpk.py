"""C.Hasil I.B.3: men and women are the total of voters of the DPK who came."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import men_and_women
from services.validator.core.rule import Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-LP-USED-DPK",
    basis=Basis.FORM,
    source="C.HASIL I.B.3",
    judul="Laki-laki dan perempuan adalah jumlah pengguna DPK",
    title="Men and women are the total of voters of the DPK who came",
    pesan="Jumlah pengguna DPK tertulis {seen}, laki-laki dan perempuan {where} = {expected}.",
    message="The total of voters of the DPK who came is {seen}, but {where} = {expected}.",
)
def men_and_women_are_the_total(hasil: CHasilV1, _: Case) -> Breaches:
    """L plus P equals J."""
    return men_and_women("pengguna_dpk", hasil.pengguna_dpk_l, hasil.pengguna_dpk_p, hasil.pengguna_dpk_j)
