"""Rekap PDPB, version 1: the recapitulation of the continuous voter update of one period over one wilayah.

PKPU 1/2025 has every kabupaten/kota hold a plenary at least every three months. Both recapitulations that were
checked count against the last DPT, not against the period before: the form has to say which (DOMAIN.md 1.7).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from contracts.envelope import ClosedModel, StandarData, event
from contracts.events.c_hasil_v1 import Angka, KoreksiV1
from contracts.identifiers import KodeWilayah

Periode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
"""Name of a period, as in ``pdpb-2025-tw4`` (triwulan) or ``pdpb-2025-s1`` (semester)."""


class BarisPdpbV1(ClosedModel):
    """The columns of a recapitulation, for one wilayah."""

    awal: Angka | None = None
    """Voters at the beginning: of the DPT or of the period before, as ``basis`` says."""
    baru: Angka | None = None
    tms: Angka | None = None
    """Voters who no longer qualify (tidak memenuhi syarat)."""
    perbaikan: Angka | None = None
    """Entries whose data were mended; no part of the balance."""
    akhir: Angka | None = None
    pemilih_l: Angka | None = None
    pemilih_p: Angka | None = None
    pemilih_j: Angka | None = None


STANDAR: Final = StandarData(
    judul="Rekap PDPB: rekapitulasi pemutakhiran data pemilih berkelanjutan",
    definisi=(
        "Rekapitulasi satu periode pemutakhiran data pemilih berkelanjutan (PKPU 1/2025) untuk satu wilayah, dengan "
        "satu baris untuk setiap wilayah di bawahnya: pemilih awal, baru, tidak memenuhi syarat, perbaikan data dan "
        "akhir, serta pemilih laki-laki dan perempuan. Basis menyatakan apakah angka awal berasal dari DPT terakhir "
        "atau dari periode sebelumnya."
    ),
    satuan={
        "awal": "orang",
        "baru": "orang",
        "tms": "orang",
        "perbaikan": "orang",
        "akhir": "orang",
        "pemilih_": "orang",
        "jumlah_": "wilayah",
        "rincian": "baris",
    },
    berlaku_mulai=date(2025, 1, 1),
)


@event("rekap_pdpb.recorded.v1", "hasil", STANDAR)
class RekapPdpbV1(BarisPdpbV1):
    """The full content of a recapitulation."""

    periode: Periode
    wilayah: KodeWilayah
    basis: Literal["dpt", "periode_lalu"]
    jumlah_kabko: Angka | None = None
    jumlah_kec: Angka | None = None
    jumlah_desa: Angka | None = None
    rincian: Annotated[dict[KodeWilayah, BarisPdpbV1], Field(max_length=1000)] | None = None
    dokumen: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None
    """Number of the plenary's berita acara."""
    koreksi: KoreksiV1 | None = None
