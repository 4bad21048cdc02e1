"""Pemilih: a family card number has 16 digits or is explicitly missing."""

from __future__ import annotations

from contracts.personal import DataPribadi
from services.validator.core.case import Case
from services.validator.core.nik import is_sixteen_digits, masked
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    DataPribadi,
    code="VTR-NKK-LEN",
    basis=Basis.LAW,
    source="Struktur NKK (DOMAIN.md 1.4)",
    judul="NKK terdiri atas 16 angka atau kosong",
    title="An NKK has 16 digits or is missing",
    pesan="NKK berisi {seen}; seharusnya {expected}.",
    message="The NKK has {seen}; expected are {expected}.",
)
def nkk_has_its_form(pribadi: DataPribadi, _: Case) -> Breaches:
    """16 digits, or null."""
    if pribadi.nkk is None or is_sixteen_digits(pribadi.nkk):
        return FINE
    return (Breach("/pribadi", masked(pribadi.nkk), "16 angka, atau kosong"),)
