"""Pemilih: the NIK carries the day of birth; lawful exceptions exist, so it warns only."""

from __future__ import annotations

from contracts.personal import DataPribadi
from services.validator.core.case import Case
from services.validator.core.nik import birth_date
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    DataPribadi,
    code="VTR-NIK-DOB",
    basis=Basis.LAW,
    source="Struktur NIK (DOMAIN.md 0, fakta 8; 1.4)",
    judul="NIK sesuai tanggal lahir",
    title="The NIK agrees with the date of birth",
    pesan="Tanggal lahir tidak sama dengan yang tersirat dalam NIK; pastikan dengan KTP-el.",
    message="The date of birth is not the one that the NIK carries.",
)
def nik_agrees_with_birth(pribadi: DataPribadi, case: Case) -> Breaches:
    """Day, month and the last two digits of the year are those of the date of birth."""
    born, lahir = case.born, pribadi.tanggal_lahir
    # An unreadable date of birth is for VTR-AGE to judge.
    if born is None or lahir[2:] == born.lahir or birth_date(lahir) is None:
        return FINE
    return (Breach("/pribadi", "••-••-••••", "the date in the NIK"),)
