"""Every record: its place is a wilayah of the province."""

from __future__ import annotations

from typing import Final

from contracts.events import CHasilV1, DHasilV1, JadwalV1, KeputusanV1, PemilihV1, RekapPdpbV1, TpsV1
from contracts.identifiers import Tingkat
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule

# A plain number: an enum in a slice costs as much as the rest of this rule.
_DESA_DIGITS: Final = Tingkat.DESA.value


@rule(
    CHasilV1,
    DHasilV1,
    JadwalV1,
    KeputusanV1,
    PemilihV1,
    RekapPdpbV1,
    TpsV1,
    code="REF-WILAYAH",
    basis=Basis.SOURCE,
    source="Kode wilayah Kemendagri (contracts/reference/wilayah.py)",
    judul="Wilayah dikenal",
    title="The wilayah is known",
    pesan="Kode wilayah {seen} tidak ada dalam daftar provinsi ini.",
    message="There is no wilayah {seen} in this province.",
)
def wilayah_is_known(
    data: CHasilV1 | DHasilV1 | JadwalV1 | KeputusanV1 | PemilihV1 | RekapPdpbV1 | TpsV1, case: Case
) -> Breaches:
    """Ask whether the desa of a TPS or voter, the wilayah of a recapitulation, or an office, is one of the province."""
    match data:
        case PemilihV1():
            pointer, kode = "/desa", data.desa
        case DHasilV1() | RekapPdpbV1():
            pointer, kode = "/wilayah", data.wilayah
        case JadwalV1() | KeputusanV1():
            pointer, kode = "/kantor", data.kantor
        case _:
            pointer, kode = "/tps", data.tps[:_DESA_DIGITS]
    if kode in case.reference.wilayah:
        return FINE
    return (Breach(pointer, kode, "a code of the province"),)
