"""C.Hasil I.B.4: men and women are the total of all voters who came."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import men_and_women
from services.validator.core.rule import Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-LP-USED-TOTAL",
    basis=Basis.FORM,
    source="C.HASIL I.B.4",
    judul="Laki-laki dan perempuan adalah jumlah seluruh pengguna hak pilih",
    title="Men and women are the total of all voters who came",
    pesan="Jumlah seluruh pengguna hak pilih tertulis {seen}, laki-laki dan perempuan {where} = {expected}.",
    message="The total of all voters who came is {seen}, but {where} = {expected}.",
)
def men_and_women_are_the_total(hasil: CHasilV1, _: Case) -> Breaches:
    """L plus P equals J."""
    return men_and_women("pengguna_total", hasil.pengguna_total_l, hasil.pengguna_total_p, hasil.pengguna_total_j)
