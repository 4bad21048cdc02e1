"""Pemilih: the NIK carries a possible day and month."""

from __future__ import annotations

from contracts.personal import DataPribadi
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    DataPribadi,
    code="VTR-NIK-DATE-SHAPE",
    basis=Basis.LAW,
    source="Struktur NIK (DOMAIN.md 1.4, S19)",
    judul="NIK memuat tanggal yang mungkin",
    title="The NIK carries a possible date",
    pesan="Angka ke-7 sampai ke-10 NIK bukan hari dan bulan yang mungkin; periksa KTP-el.",
    message="Digits 7 to 10 of the NIK are no possible day and month.",
)
def nik_carries_a_date(_: DataPribadi, case: Case) -> Breaches:
    """Ask whether the day is 01 to 31, or 41 to 71 for a woman, and the month 01 to 12."""
    # A NIK that is none has a finding of its own.
    if case.born is not None or case.nik is None:
        return FINE
    return (Breach("/pribadi", "••••", "hari 01 sampai 31 atau 41 sampai 71, bulan 01 sampai 12"),)
