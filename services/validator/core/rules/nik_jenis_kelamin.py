"""Pemilih: the NIK of a woman, and no other, carries a day above 40."""

from __future__ import annotations

from contracts.personal import DataPribadi
from services.validator.core.case import Case
from services.validator.core.nik import born, is_nik
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    DataPribadi,
    code="VTR-NIK-SEX",
    basis=Basis.LAW,
    source="Struktur NIK (DOMAIN.md 1.4, S19)",
    judul="NIK sesuai jenis kelamin",
    title="The NIK agrees with the sex",
    pesan="Jenis kelamin tertulis {seen}, menurut NIK {expected}.",
    message="Jenis kelamin is {seen}, the NIK says {expected}.",
)
def nik_agrees_with_sex(pribadi: DataPribadi, case: Case) -> Breaches:
    """A day above 40 stands for P."""
    date = born(pribadi.nik) if is_nik(pribadi.nik) else None
    if date is None or date.jenis_kelamin == case.data.jenis_kelamin:
        return FINE
    return (Breach("/jenis_kelamin", case.data.jenis_kelamin, date.jenis_kelamin),)
