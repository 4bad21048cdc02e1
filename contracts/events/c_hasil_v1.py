"""C.Hasil, version 1: the result form of one kontes at one TPS.

The fields are the boxes of C.HASIL-PPWP and C.HASIL-KWK (DOMAIN.md 2.1). A box that has not been
read is null, never zero; whether null is allowed where it stands is for the rules to judge, so
that a half-filled form is held and shown instead of lost.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from contracts.envelope import ClosedModel, StandarData, event
from contracts.identifiers import KodeTps

ANGKA_MAX: Final = 10**9
"""Far above any figure of a form: what is larger is not a figure but a fault."""

Angka = Annotated[int, Field(ge=0, le=ANGKA_MAX)]
IdCalon = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}$")]
KodeKontes = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,10}-[0-9]{4}$")]
HashFoto = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/=_.:-]{1,200}$")]


class KoreksiV1(ClosedModel):
    """Why this version replaces an earlier one; the replaced digest is the envelope's ``base``."""

    alasan: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    dokumen: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None
    jabatan: Annotated[str, StringConstraints(min_length=1, max_length=80)] | None = None


class PerolehanPartaiV1(ClosedModel):
    """Block IV of a legislative form: one party with its own votes and those of its candidates."""

    suara_partai: Angka | None
    suara_calon: dict[IdCalon, Angka | None]
    jumlah: Angka | None


STANDAR: Final = StandarData(
    judul="C.Hasil: hasil penghitungan suara di satu TPS",
    definisi=(
        "Isi lengkap formulir C.HASIL satu kontes di satu TPS: data pemilih, pengguna hak pilih, penggunaan surat "
        "suara, pemilih disabilitas, perolehan suara, serta suara sah dan tidak sah. Kotak yang belum terbaca "
        "bernilai null, bukan nol. Perbaikan adalah versi baru yang lengkap dan menggantikan versi sebelumnya."
    ),
    satuan={
        "pemilih_": "orang",
        "pengguna_": "orang",
        "disabilitas_": "orang",
        "ss_": "lembar",
        "perolehan_": "suara",
        "suara_": "suara",
    },
    berlaku_mulai=date(2024, 2, 14),
)


@event("c_hasil.recorded.v1", "hasil", STANDAR)
class CHasilV1(ClosedModel):
    """The full content of a form; a correction is a full new version of it."""

    kontes: KodeKontes
    tps: KodeTps

    pemilih_dpt_l: Angka | None = None
    pemilih_dpt_p: Angka | None = None
    pemilih_dpt_j: Angka | None = None

    pengguna_dpt_l: Angka | None = None
    pengguna_dpt_p: Angka | None = None
    pengguna_dpt_j: Angka | None = None
    pengguna_dptb_l: Angka | None = None
    pengguna_dptb_p: Angka | None = None
    pengguna_dptb_j: Angka | None = None
    """Voters from another TPS ("pindahan"): the name DPTb meant something else in 2020 (DOMAIN.md 1.1)."""
    pengguna_dpk_l: Angka | None = None
    pengguna_dpk_p: Angka | None = None
    pengguna_dpk_j: Angka | None = None
    pengguna_total_l: Angka | None = None
    pengguna_total_p: Angka | None = None
    pengguna_total_j: Angka | None = None

    ss_diterima: Angka | None = None
    ss_digunakan: Angka | None = None
    ss_rusak: Angka | None = None
    ss_sisa: Angka | None = None

    disabilitas_l: Angka | None = None
    disabilitas_p: Angka | None = None
    disabilitas_j: Angka | None = None

    perolehan_suara: Annotated[dict[IdCalon, Angka | None], Field(max_length=500)] | None = None
    """Votes by id of the pasangan calon or candidate; null when the whole block is unread."""
    perolehan_partai: Annotated[dict[IdCalon, PerolehanPartaiV1], Field(max_length=60)] | None = None

    suara_sah: Angka | None = None
    suara_tidak_sah: Angka | None = None
    suara_total: Angka | None = None

    jenis_kejadian: Literal["reguler", "psu", "hitung_ulang"] = "reguler"
    """PSU is a repeated poll, hitung ulang a recount: each replaces the first result."""
    koreksi: KoreksiV1 | None = None
    foto: Annotated[list[HashFoto], Field(max_length=30)] | None = None
    """Names or hashes of the photographs of the form; the pictures stay with the office."""
    waktu_sumber: Annotated[str, StringConstraints(max_length=40)] | None = None
    """Time printed by the office's own system. A batch stamp, not an event time: shown, never compared."""
