"""TPS, version 1: one polling station in the register of a pemilihan."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import StringConstraints

from contracts.envelope import ClosedModel, StandarData, event
from contracts.events.c_hasil_v1 import Angka
from contracts.identifiers import TPS_LOKASI_KHUSUS_MIN, KodeTps

STANDAR: Final = StandarData(
    judul="TPS: satu tempat pemungutan suara dalam register satu pemilihan",
    definisi=(
        "Tempat pemungutan suara yang dibentuk kantor kabupaten/kota untuk satu pemilihan. Nomor TPS hanya berlaku "
        "dalam pemilihan itu: nomor yang sama pada pemilihan lain adalah tempat lain. Nomor 901 ke atas adalah lokasi "
        "khusus. Hasil hanya diterima dari TPS yang terdaftar."
    ),
    satuan={"dpt_": "orang"},
    berlaku_mulai=date(2024, 2, 14),
)


@event("tps.recorded.v1", "hasil", STANDAR)
class TpsV1(ClosedModel):
    """A TPS that the office has set up; results are accepted only from a registered TPS."""

    pemilihan: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
    tps: KodeTps
    dpt_l: Angka | None = None
    dpt_p: Angka | None = None
    alamat: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    """Where it stands; a public place, so not personal data."""
    berlaku_mulai: date | None = None
    """First day on which it is in the register; absent: from the first statement about it."""
    berlaku_sampai: date | None = None
    """Last day; absent: as long as nothing else is said."""

    @property
    def lokasi_khusus(self) -> bool:
        """Whether it serves a closed place such as a prison (number 901 and above)."""
        return int(self.tps[10:]) >= TPS_LOKASI_KHUSUS_MIN
