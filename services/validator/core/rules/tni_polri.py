"""Pemilih: who serves in TNI or Polri does not vote, and comes back as a new voter after retiring."""

from __future__ import annotations

from typing import Final

from contracts.events import PemilihV1
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule

_SERVING: Final = {"6": "TNI", "7": "Polri"}


@rule(
    PemilihV1,
    code="VTR-TNI-POLRI",
    basis=Basis.LAW,
    source="PKPU 7/2022, saring kode 6 dan 7 (DOMAIN.md 1.5, S14); kembalinya purnawirawan belum dipastikan",
    judul="Anggota TNI/Polri dicatat sebagai TMS",
    title="Members of TNI and Polri are noted as such",
    pesan="Tercatat {seen}. Setelah purnatugas didaftarkan kembali sebagai pemilih {expected}.",
    message="Noted as {seen}. After retiring the person is registered again as a {expected} voter.",
)
def service_is_noted(pemilih: PemilihV1, _: Case) -> Breaches:
    """Say that a voter was taken out as a member of TNI or Polri, so that the return is not forgotten."""
    if pemilih.tms is None or pemilih.tms not in _SERVING:
        return FINE
    return (Breach("/tms", _SERVING[pemilih.tms], "baru"),)
