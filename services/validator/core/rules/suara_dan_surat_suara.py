"""C.Hasil: nobody can cast more votes than there can be ballots."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import above, reserve
from services.validator.core.rule import FINE, Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-VOTES-LE-BALLOTS",
    basis=Basis.LOGIC,
    source="DPT, cadangan dan DPTb",
    judul="Suara tidak melebihi surat suara yang mungkin ada",
    title="Votes do not exceed the ballots there can be",
    pesan="Jumlah suara {seen}, DPT dengan cadangan dan DPTb hanya {expected}.",
    message="There are {seen} votes; DPT, reserve and DPTb are {expected}.",
)
def votes_fit_ballots(hasil: CHasilV1, case: Case) -> Breaches:
    """Suara total is at most DPT plus reserve plus DPTb."""
    kontes, dpt, moved = case.kontes, hasil.pemilih_dpt_j, hasil.pengguna_dptb_j
    if kontes is None or dpt is None or moved is None:
        return FINE
    return above("/suara_total", hasil.suara_total, dpt + reserve(kontes, dpt) + moved)
