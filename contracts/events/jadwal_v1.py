"""Jadwal, version 1: when one tahap is open for one office.

The province keeps the calendar. A period that is opened again is a further stretch in a new version, so that it stays
visible by whom, when and why (DOMAIN.md 7, Sidalih December 2025).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import AwareDatetime, Field, StringConstraints

from contracts.envelope import ClosedModel, StandarData, event
from contracts.identifiers import KodeKantor, Lane


class MasaV1(ClosedModel):
    """One stretch of time in which the tahap is open."""

    mulai: AwareDatetime
    sampai: AwareDatetime | None = None
    """The first moment after it; absent while no end is known."""


STANDAR: Final = StandarData(
    judul="Jadwal: masa terbuka satu tahap untuk satu kantor",
    definisi=(
        "Masa satu tahap (misalnya DPS, DPT atau satu triwulan PDPB) terbuka bagi satu kantor, ditetapkan KPU "
        "provinsi. Data yang dicatat di luar setiap masa terbuka tidak ditolak, tetapi ditahan sebagai terlambat."
    ),
    satuan={},
    berlaku_mulai=date(2024, 2, 14),
)


@event("jadwal.recorded.v1", "hasil", STANDAR)
class JadwalV1(ClosedModel):
    """All stretches in which one tahap was or is open for one office."""

    tahap: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
    kantor: KodeKantor
    lajur: Lane
    """Lane whose changes it governs."""
    masa: Annotated[list[MasaV1], Field(max_length=50)]
    """Empty: locked."""
    alasan: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    dokumen: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None
    jabatan: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    """Role of the officer; never a name."""
