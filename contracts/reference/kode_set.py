"""Code sets of the voter list, each edition with the period in which it is valid.

They change from election to election: code 8 meant "lost mind" in 2018 and means "wrong TPS" in
2024 (DOMAIN.md 1.3). ``berlaku_sampai`` is the last day of an edition, ``None`` while it is in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class KodeSet:
    """One edition of one list of codes."""

    nama: str
    berlaku_mulai: date
    berlaku_sampai: date | None
    arti: dict[str, str]
    sumber: str


KODE_SETS: Final = (
    KodeSet(
        "tms",
        date(2018, 1, 1),
        date(2022, 10, 31),
        {
            "1": "meninggal",
            "2": "ganda",
            "3": "di bawah umur",
            "4": "pindah domisili",
            "5": "tidak dikenal",
            "6": "TNI",
            "7": "Polri",
            "8": "hilang ingatan",
            "9": "hak pilih dicabut",
            "10": "bukan penduduk",
            "11": "belum KTP-el",
            "12": "belum dipastikan",
        },
        "KWK 2018, petunjuk Sidalih (DOMAIN.md S13)",
    ),
    KodeSet(
        "tms",
        date(2022, 11, 1),
        None,
        {
            "1": "meninggal",
            "2": "ganda",
            "3": "di bawah umur",
            "4": "pindah domisili",
            "5": "tidak dikenal",
            "6": "TNI",
            "7": "Polri",
            "8": "salah penempatan TPS",
        },
        "PKPU 7/2022, saring (DOMAIN.md S14 to S16)",
    ),
    KodeSet(
        "disabilitas",
        date(2022, 11, 1),
        None,
        {
            "0": "bukan penyandang disabilitas",
            "1": "fisik",
            "2": "intelektual",
            "3": "mental",
            "4": "sensorik wicara",
            "5": "sensorik rungu",
            "6": "sensorik netra",
        },
        "PKPU 7/2022, Model A (DOMAIN.md S11, S12)",
    ),
)


def kode_set(nama: str, on: date) -> KodeSet | None:
    """Return the edition of the list called ``nama`` that is valid on a day, if there is one."""
    for edition in KODE_SETS:
        ended = edition.berlaku_sampai is not None and edition.berlaku_sampai < on
        if edition.nama == nama and edition.berlaku_mulai <= on and not ended:
            return edition
    return None
