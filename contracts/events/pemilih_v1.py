"""Pemilih, version 1: one voter in the list of one office, with everything personal sealed.

Ingest turns the 13 elements of Model A (PKPU 7/2022) into this shape: what identifies a person
travels as one sealed block; beside it stands only what counting and matching need (DESIGN.md 3).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from contracts.envelope import ClosedModel, StandarData, event
from contracts.identifiers import KodeDesa, NikToken, NomorTps
from contracts.personal import Sealed

Kode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{1,4}$")]


class MatchTokensV1(ClosedModel):
    """Keyed tokens of the fields that make two voters *ganda*, by class (DOMAIN.md 1.6)."""

    k1: NikToken
    k2: NikToken
    k3: NikToken
    k4: NikToken


STANDAR: Final = StandarData(
    judul="Pemilih: satu entri daftar pemilih satu kantor",
    definisi=(
        "Satu pemilih dalam daftar pemilih satu kabupaten/kota menurut 13 elemen Model A-Daftar Pemilih (PKPU 7/2022), "
        "dengan tempat (desa, TPS) dan status (aktif, tms, ditangguhkan). NIK, NKK, nama, kelahiran dan alamat "
        "disegel di kantor asal; di luar segel hanya ada token pencocokan dan keterangan yang perlu untuk menghitung."
    ),
    satuan={"kelas_lahir": "tahun"},
    berlaku_mulai=date(2022, 11, 1),
)


@event("pemilih.recorded.v1", "pemilih", STANDAR)
class PemilihV1(ClosedModel):
    """A voter's entry. The subject carries the same ``nik_token``."""

    desa: KodeDesa
    tps: NomorTps | None = None
    jenis_kelamin: Literal["L", "P"]
    kelas_lahir: Annotated[int, Field(ge=1850, le=2100, multiple_of=5)] | None = None
    """First year of the five-year class of birth; null when the date cannot be read."""
    status: Literal["aktif", "tms", "ditangguhkan"]
    tms: Kode | None = None
    """Code of the reason in the set that is valid in this period; only with status ``tms``."""
    disabilitas: Kode | None = None
    dokumen: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None
    """Number of the supporting document, such as the akta kematian."""
    nik_token: NikToken
    match: MatchTokensV1
    pribadi: Sealed
