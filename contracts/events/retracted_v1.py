"""Retraction, version 1: an office takes back what it said about a record.

Afterwards the record has no figures and counts in no total, but all its versions stay readable.
Real TPS did this on the night of the count (DOMAIN.md 0, fact 3).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from contracts.envelope import EVENT_TYPES, ClosedModel, StandarData


class RetractedV1(ClosedModel):
    """Why, on which document and in which role a statement is taken back."""

    alasan: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    dokumen: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None
    """Number of the berita acara."""
    jabatan: Annotated[str, StringConstraints(min_length=1, max_length=80)] | None = None
    """Role of the officer; never a name."""


def _standar(judul: str, dicabut: str) -> StandarData:
    return StandarData(
        judul=f"{judul}: pencabutan",
        definisi=(
            f"Pernyataan kantor bahwa {dicabut} dicabut, dengan alasan dan nomor berita acara. Sesudahnya data itu "
            "tidak bernilai dan tidak dihitung dalam jumlah mana pun; semua versinya tetap dapat dibaca."
        ),
        satuan={},
        berlaku_mulai=date(2024, 2, 14),
    )


EVENT_TYPES.add("tps.retracted.v1", "hasil", RetractedV1, _standar("TPS", "pendaftaran satu TPS"))
EVENT_TYPES.add("c_hasil.retracted.v1", "hasil", RetractedV1, _standar("C.Hasil", "hasil satu kontes di satu TPS"))
EVENT_TYPES.add("d_hasil.retracted.v1", "hasil", RetractedV1, _standar("D.Hasil", "satu rekapitulasi"))
EVENT_TYPES.add("rekap_pdpb.retracted.v1", "hasil", RetractedV1, _standar("Rekap PDPB", "satu rekapitulasi PDPB"))
EVENT_TYPES.add("jadwal.retracted.v1", "hasil", RetractedV1, _standar("Jadwal", "jadwal satu tahap satu kantor"))
EVENT_TYPES.add("keputusan.retracted.v1", "hasil", RetractedV1, _standar("Keputusan", "satu keputusan petugas"))
EVENT_TYPES.add("pemilih.retracted.v1", "pemilih", RetractedV1, _standar("Pemilih", "satu entri daftar pemilih"))
