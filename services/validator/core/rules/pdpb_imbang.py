"""Rekap PDPB: voters at the end are those at the beginning, the new ones and without those who left."""

from __future__ import annotations

from contracts.events import RekapPdpbV1
from services.validator.core.case import Case
from services.validator.core.figures import each_row, unequal
from services.validator.core.rule import Basis, Breaches, rule


@rule(
    RekapPdpbV1,
    code="PDPB-BALANCE",
    basis=Basis.LAW,
    source="PKPU 1/2025; rekap Jabar Sem I 2025 (DOMAIN.md 1.7, S27, S28)",
    judul="Akhir adalah awal ditambah baru dikurangi TMS",
    title="The end is the beginning, plus new voters, minus TMS",
    pesan="{where}: akhir tertulis {seen}, awal + baru - TMS = {expected}. Perbaikan data tidak ikut dihitung.",
    message="{where}: akhir is {seen}, awal + baru - tms = {expected}. Perbaikan is no part of it.",
)
def voters_balance(rekap: RekapPdpbV1, _: Case) -> Breaches:
    """Akhir equals awal plus baru minus tms, for the form and for each of its rows."""
    return tuple(
        breach
        for pointer, kode, row in each_row(rekap)
        if row.awal is not None and row.baru is not None and row.tms is not None
        for breach in unequal(f"{pointer}/akhir", row.akhir, row.awal + row.baru - row.tms, kode)
    )
