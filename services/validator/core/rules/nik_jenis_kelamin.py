"""Pemilih: the NIK of a woman, and no other, carries a day above 40."""

from __future__ import annotations

from contracts.personal import DataPribadi
from services.validator.core.case import Case
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
def nik_agrees_with_sex(_: DataPribadi, case: Case) -> Breaches:
    """Ask whether a day above 40 stands for P."""
    born = case.born
    if born is None or born.jenis_kelamin == case.change.data.jenis_kelamin:
        return FINE
    return (Breach("/jenis_kelamin", case.change.data.jenis_kelamin, born.jenis_kelamin),)
