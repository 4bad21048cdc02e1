"""D.Hasil, version 1: the recapitulation of one kontes over one wilayah, with a row for each child.

Two series stand beside one another and are never mixed: ``hitung``, the running count that Sirekap
publishes, and ``rekap``, the plenary's result, which alone is the legal one (DOMAIN.md 2.3).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from contracts.envelope import ClosedModel, StandarData, event
from contracts.events.c_hasil_v1 import Angka, IdCalon, KodeKontes, KoreksiV1
from contracts.identifiers import KodeWilayah

Suara = dict[IdCalon, Angka | None]


class BarisRekapV1(ClosedModel):
    """One row of the form: what one child wilayah contributed."""

    perolehan_suara: Annotated[Suara, Field(max_length=500)] | None
    tps_masuk: Angka | None = None
    tps_total: Angka | None = None
    psu: Annotated[str, StringConstraints(max_length=80)] | None = None


STANDAR: Final = StandarData(
    judul="D.Hasil: rekapitulasi perolehan suara satu wilayah",
    definisi=(
        "Rekapitulasi satu kontes untuk satu wilayah pada satu saat, dengan satu baris untuk setiap wilayah di "
        "bawahnya. Jalur hitung adalah penghitungan berjalan yang diterbitkan Sirekap; jalur rekap adalah hasil "
        "rapat pleno, satu-satunya yang sah secara hukum. Keduanya disimpan berdampingan dan tidak dicampur."
    ),
    satuan={"perolehan_": "suara", "suara_": "suara", "tps_": "TPS", "rincian": "baris"},
    berlaku_mulai=date(2024, 2, 14),
)


@event("d_hasil.recorded.v1", "hasil", STANDAR)
class DHasilV1(ClosedModel):
    """The full content of a recapitulation at one moment."""

    kontes: KodeKontes
    jalur: Literal["hitung", "rekap"]
    wilayah: KodeWilayah
    perolehan_suara: Annotated[Suara, Field(max_length=500)] | None
    """The form's own total; null where the wilayah spans several lists of candidates."""
    tps_masuk: Angka | None = None
    tps_total: Angka | None = None
    suara_sah: Angka | None = None
    suara_tidak_sah: Angka | None = None
    suara_total: Angka | None = None
    rincian: Annotated[dict[KodeWilayah, BarisRekapV1], Field(max_length=1000)]
    psu: Annotated[str, StringConstraints(max_length=80)] | None = None
    koreksi: KoreksiV1 | None = None
    waktu_sumber: Annotated[str, StringConstraints(max_length=40)] | None = None
