"""C.Hasil: a TPS receives a ballot for every registered voter and the reserve."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import reserve, unequal
from services.validator.core.rule import FINE, Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-SS-RESERVE",
    basis=Basis.FORM,
    source="C.HASIL II.1; cadangan per TPS dibulatkan ke atas (contracts/pemilihan.py)",
    judul="Surat suara diterima sama dengan DPT dan cadangannya",
    title="Ballots received are the DPT and its reserve",
    pesan="Surat suara diterima tertulis {seen}, DPT dengan cadangan {expected}.",
    message="{seen} ballots were received, DPT and reserve are {expected}.",
)
def ballots_cover_dpt_and_reserve(hasil: CHasilV1, case: Case) -> Breaches:
    """Diterima equals DPT plus the reserve of this pemilihan, rounded up."""
    kontes, dpt = case.kontes, hasil.pemilih_dpt_j
    # A lokasi khusus or a repeated poll may receive another number: this informs and does no more.
    if kontes is None or dpt is None:
        return FINE
    return unequal("/ss_diterima", hasil.ss_diterima, dpt + reserve(kontes, dpt))
