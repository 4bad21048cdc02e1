"""C.Hasil I.B.2: men and women are the total of voters of the DPTb who came."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import men_and_women
from services.validator.core.rule import Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-LP-USED-DPTB",
    basis=Basis.FORM,
    source="C.HASIL I.B.2",
    judul="Laki-laki dan perempuan adalah jumlah pengguna DPTb",
    title="Men and women are the total of voters of the DPTb who came",
    pesan="Jumlah pengguna DPTb tertulis {seen}, laki-laki dan perempuan {where} = {expected}.",
    message="The total of voters of the DPTb who came is {seen}, but {where} = {expected}.",
)
def men_and_women_are_the_total(hasil: CHasilV1, _: Case) -> Breaches:
    """L plus P equals J."""
    return men_and_women("pengguna_dptb", hasil.pengguna_dptb_l, hasil.pengguna_dptb_p, hasil.pengguna_dptb_j)
