"""Pemilih: a NIK begins with a provinsi; which one is no matter, for it never follows a move."""

from __future__ import annotations

from contracts.personal import DataPribadi
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    DataPribadi,
    code="VTR-NIK-REGION",
    basis=Basis.LAW,
    source="Struktur NIK (DOMAIN.md 1.4, S19)",
    judul="NIK berawal kode provinsi",
    title="The NIK begins with a provinsi",
    pesan="Dua angka pertama NIK bukan kode provinsi yang dikenal.",
    message="The first two digits of the NIK are no known provinsi.",
)
def nik_begins_with_a_provinsi(_: DataPribadi, case: Case) -> Breaches:
    """Ask whether the first two digits are a provinsi of Indonesia."""
    if case.nik is None or case.nik[:2] in case.reference.provinsi:
        return FINE
    return (Breach("/pribadi", "••", "kode provinsi Kemendagri"),)
