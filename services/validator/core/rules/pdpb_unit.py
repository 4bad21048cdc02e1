"""Rekap PDPB: it counts as many wilayah as there are."""

from __future__ import annotations

from contracts.events import RekapPdpbV1
from contracts.identifiers import Tingkat
from services.validator.core.case import Case
from services.validator.core.figures import unequal
from services.validator.core.rule import FINE, Basis, Breaches, rule


@rule(
    RekapPdpbV1,
    code="PDPB-UNITS",
    basis=Basis.SOURCE,
    source="Kode wilayah Kemendagri (contracts/reference/wilayah.py; DOMAIN.md 1.7, S27)",
    judul="Jumlah wilayah sesuai daftar",
    title="It counts the wilayah there are",
    pesan="Jumlah {where} tertulis {seen}, menurut daftar wilayah {expected}.",
    message="It counts {seen} {where}, there are {expected}.",
)
def units_are_those_there_are(rekap: RekapPdpbV1, case: Case) -> Breaches:
    """Compare the numbers of kabupaten/kota, kecamatan and desa with those below the wilayah."""
    if rekap.jumlah_kabko is None and rekap.jumlah_kec is None and rekap.jumlah_desa is None:
        return FINE
    below = [kode for kode in case.reference.wilayah if kode.startswith(rekap.wilayah)]

    def count(level: Tingkat) -> int:
        return sum(len(kode) == level.value for kode in below)

    return (
        unequal("/jumlah_kabko", rekap.jumlah_kabko, count(Tingkat.KABUPATEN), "kabupaten/kota")
        + unequal("/jumlah_kec", rekap.jumlah_kec, count(Tingkat.KECAMATAN), "kecamatan")
        + unequal("/jumlah_desa", rekap.jumlah_desa, count(Tingkat.DESA), "desa/kelurahan")
    )
