"""C.Hasil of a legislative kontes: a party's total is its own votes and those of its candidates."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import sum_of, unequal
from services.validator.core.rule import FINE, Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-PARTY-SUM",
    basis=Basis.FORM,
    source="C.HASIL DPR/DPRD, bagian IV",
    judul="Jumlah suara partai adalah suara partai dan calonnya",
    title="A party's total is its votes and those of its candidates",
    pesan="Jumlah partai {where} tertulis {seen}, suara partai dan calonnya {expected}.",
    message="The total of party {where} is {seen}, its votes add up to {expected}.",
)
def party_votes_add_up(hasil: CHasilV1, _: Case) -> Breaches:
    """Jumlah equals suara partai plus the votes of its candidates, for every party."""
    if hasil.perolehan_partai is None:
        return FINE
    return tuple(
        breach
        for kode, party in hasil.perolehan_partai.items()
        for breach in unequal(
            f"/perolehan_partai/{kode}/jumlah",
            party.jumlah,
            sum_of((party.suara_partai, *party.suara_calon.values())),
            kode,
        )
    )
