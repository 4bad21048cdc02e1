"""Pemilih: a NIK has 16 digits, not all alike, and a serial number from 0001 on."""

from __future__ import annotations

from contracts.personal import DataPribadi
from services.validator.core.case import Case
from services.validator.core.nik import masked
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    DataPribadi,
    code="VTR-NIK-LEN",
    basis=Basis.LAW,
    source="UU 23/2006; struktur NIK (DOMAIN.md 1.4, S19)",
    judul="NIK terdiri atas 16 angka",
    title="A NIK has 16 digits",
    pesan="NIK berisi {seen}; seharusnya {expected}. Periksa KTP-el atau KK.",
    message="The NIK has {seen}; expected are {expected}.",
)
def nik_has_its_form(pribadi: DataPribadi, case: Case) -> Breaches:
    """16 digits of which not all are equal, ending in a serial number that is not 0000."""
    if case.nik is not None:
        return FINE
    return (Breach("/pribadi", masked(pribadi.nik), "16 angka, tidak seragam, nomor urut bukan 0000"),)
