"""C.Hasil I.A: men and women are the total of the DPT."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import men_and_women
from services.validator.core.rule import Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-LP-DPT",
    basis=Basis.FORM,
    source="C.HASIL I.A",
    judul="Laki-laki dan perempuan adalah jumlah DPT",
    title="Men and women are the total of the DPT",
    pesan="Jumlah DPT tertulis {seen}, laki-laki dan perempuan {where} = {expected}.",
    message="The total of the DPT is {seen}, but {where} = {expected}.",
)
def men_and_women_are_the_total(hasil: CHasilV1, _: Case) -> Breaches:
    """L plus P equals J."""
    return men_and_women("pemilih_dpt", hasil.pemilih_dpt_l, hasil.pemilih_dpt_p, hasil.pemilih_dpt_j)
