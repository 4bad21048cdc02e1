"""Corrections: an officer answers for them."""

from __future__ import annotations

from contracts.events import CHasilV1, DHasilV1, RekapPdpbV1
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    CHasilV1,
    DHasilV1,
    RekapPdpbV1,
    code="KOR-OFFICER",
    basis=Basis.LAW,
    source="Paraf ketua dan saksi; pasal 2024 belum dipastikan (DOMAIN.md 2.4)",
    judul="Perbaikan menyebut jabatan yang bertanggung jawab",
    title="A correction names the role that answers for it",
    pesan="Jabatan pada perbaikan {seen}; isi {expected}.",
    message="The role on the correction is {seen}; state {expected}.",
)
def correction_has_an_officer(data: CHasilV1 | DHasilV1 | RekapPdpbV1, _: Case) -> Breaches:
    """Koreksi names a role, never a person."""
    if data.koreksi is None or data.koreksi.jabatan is not None:
        return FINE
    return (Breach("/koreksi/jabatan", "kosong", "jabatan, tanpa nama"),)
