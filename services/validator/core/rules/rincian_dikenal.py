"""D.Hasil and Rekap PDPB: every row is about a wilayah directly below."""

from __future__ import annotations

from contracts.events import DHasilV1, RekapPdpbV1
from contracts.identifiers import induk
from services.validator.core.case import Case
from services.validator.core.rule import Basis, Breach, Breaches, rule


@rule(
    DHasilV1,
    RekapPdpbV1,
    code="RUP-CHILD-KNOWN",
    basis=Basis.SOURCE,
    source="Kode wilayah Kemendagri (contracts/reference/wilayah.py)",
    judul="Rincian memuat wilayah di bawahnya",
    title="Every row is about a child of the wilayah",
    pesan="Baris {seen} bukan wilayah langsung di bawah {expected}.",
    message="Row {seen} is no wilayah directly below {expected}.",
)
def rows_are_children(hasil: DHasilV1 | RekapPdpbV1, case: Case) -> Breaches:
    """Each code of the rincian is known and lies directly below the wilayah of the form."""
    known = case.reference.wilayah
    return tuple(
        Breach(f"/rincian/{kode}", kode, hasil.wilayah)
        for kode in hasil.rincian or ()
        if kode not in known or induk(kode) != hasil.wilayah
    )
