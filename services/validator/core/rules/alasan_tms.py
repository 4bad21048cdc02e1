"""Pemilih: who does not qualify has a reason out of the valid list, and a death has its document."""

from __future__ import annotations

from typing import Final

from contracts.events import PemilihV1
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule

_DIED: Final = "1"


@rule(
    PemilihV1,
    code="VTR-TMS-REASON",
    basis=Basis.LAW,
    source="PKPU 7/2022, saring; akta atau surat kematian (DOMAIN.md 1.3, 1.5, S14, S18)",
    judul="Status TMS beralasan dan, bila meninggal, berdokumen",
    title="Who does not qualify has a reason, and a death its document",
    pesan="{where} tertulis {seen}; seharusnya {expected}.",
    message="{where} is {seen}, expected is {expected}.",
)
def tms_has_a_reason(pemilih: PemilihV1, case: Case) -> Breaches:
    """Status TMS has a code of the edition that is valid on polling day; code 1 has a document; no other has a code."""
    status, code = pemilih.status, pemilih.tms
    if code is None:
        if status != "tms":
            return FINE
        return (Breach("/tms", "kosong", _listed(case), "kode TMS"),)
    if status != "tms":
        return (Breach("/tms", code, f"kosong pada status {status}", "kode TMS"),)
    if code not in case.reference.kode_tms:
        return (Breach("/tms", code, _listed(case), "kode TMS"),)
    if code == _DIED and pemilih.dokumen is None:
        return (Breach("/dokumen", "kosong", "nomor akta atau surat kematian", "dokumen"),)
    return FINE


def _listed(case: Case) -> str:
    return f"satu dari {', '.join(sorted(case.reference.kode_tms, key=int))}"
