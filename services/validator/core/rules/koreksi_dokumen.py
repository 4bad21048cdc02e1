"""Corrections: there is a document that orders them."""

from __future__ import annotations

from contracts.events import CHasilV1, DHasilV1, RekapPdpbV1
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    CHasilV1,
    DHasilV1,
    RekapPdpbV1,
    code="KOR-DOCUMENT",
    basis=Basis.LAW,
    source="Kejadian khusus dan berita acara; pasal 2024 belum dipastikan (DOMAIN.md 2.4)",
    judul="Perbaikan berdokumen",
    title="A correction has its document",
    pesan="Nomor dokumen perbaikan {seen}; isi {expected}.",
    message="The document of the correction is {seen}; state {expected}.",
)
def correction_has_a_document(data: CHasilV1 | DHasilV1 | RekapPdpbV1, _: Case) -> Breaches:
    """Koreksi names the number of a document."""
    if data.koreksi is None or data.koreksi.dokumen is not None:
        return FINE
    return (Breach("/koreksi/dokumen", "kosong", "nomor berita acara"),)
