"""Pemilih: the kind of disability is a code of the valid list."""

from __future__ import annotations

from contracts.events import PemilihV1
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    PemilihV1,
    code="VTR-DISAB-CODE",
    basis=Basis.LAW,
    source="PKPU 7/2022, Model A-Daftar Pemilih butir 11 (DOMAIN.md 1.3, S11, S12)",
    judul="Kode disabilitas dikenal",
    title="The code of a disability is known",
    pesan="Kode disabilitas {seen} tidak ada dalam daftar yang berlaku; pakai {expected}.",
    message="Code of disability {seen} is not in the valid list; use {expected}.",
)
def disability_has_a_known_code(pemilih: PemilihV1, case: Case) -> Breaches:
    """Ask for a code of the edition that is valid on polling day, or null."""
    if pemilih.disabilitas is None or pemilih.disabilitas in case.reference.kode_disabilitas:
        return FINE
    known = f"satu dari {', '.join(sorted(case.reference.kode_disabilitas))}"
    return (Breach("/disabilitas", pemilih.disabilitas, known),)
