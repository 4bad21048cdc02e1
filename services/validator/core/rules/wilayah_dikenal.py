"""Every record: its place is a wilayah of the province."""

from __future__ import annotations

from typing import Final

from contracts.envelope import ClosedModel
from contracts.events import CHasilV1, DHasilV1, JadwalV1, KeputusanV1, PemilihV1, RekapPdpbV1, TpsV1
from contracts.identifiers import Tingkat
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule

# A plain number: an enum in a slice costs as much as the rest of this rule.
_DESA_DIGITS: Final = Tingkat.DESA.value
_FIELDS: Final[dict[type[ClosedModel], str]] = {
    CHasilV1: "tps",
    DHasilV1: "wilayah",
    JadwalV1: "kantor",
    KeputusanV1: "kantor",
    PemilihV1: "desa",
    RekapPdpbV1: "wilayah",
    TpsV1: "tps",
}


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
    field = _FIELDS[type(data)]
    kode: str = getattr(data, field)
    if field == "tps":
        kode = kode[:_DESA_DIGITS]
    if kode in case.reference.wilayah:
        return FINE
    return (Breach(f"/{field}", kode, "a code of the province"),)
