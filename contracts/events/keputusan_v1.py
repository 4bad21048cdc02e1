"""Keputusan, version 1: what a person decided about a held record or about a contradiction between records.

A decision is a statement like any other: numbered, journalled, never edited, and taken back only by a retraction. It
names a *version* by its digest, so a correction that comes after it is judged anew and not covered by it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from contracts.envelope import ClosedModel, StandarData, event
from contracts.identifiers import Digest, KodeKantor, Lane

Teks = Annotated[str, StringConstraints(min_length=1, max_length=500)]

STANDAR: Final = StandarData(
    judul="Keputusan: putusan petugas atas data yang ditahan atau bertentangan",
    definisi=(
        "Putusan seorang petugas atas satu versi data yang ditahan (dilepas atau dikembalikan kepada kantor pemilik), "
        "atau atas satu perkara antara data beberapa kantor, dengan alasan, nomor dokumen dan jabatan. Putusan hanya "
        "berlaku atas versi yang disebutnya; perbaikan sesudahnya dinilai kembali."
    ),
    satuan={},
    berlaku_mulai=date(2024, 2, 14),
)


@event("keputusan.recorded.v1", "hasil", STANDAR)
class KeputusanV1(ClosedModel):
    """One decision, with why and in which role."""

    tentang: Literal["versi", "perkara"]
    """Whether ``sasaran`` is the digest of a held version or the name of a case."""
    kantor: KodeKantor
    """Office that owns the record; for a case one of the offices concerned."""
    lajur: Lane
    """Lane of the record."""
    sasaran: Digest
    putusan: Literal["dilepas", "dikembalikan", "selesai"]
    """Released into the totals, returned to the office to be mended, or (a case) settled."""
    alasan: Teks
    dokumen: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None
    jabatan: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    """Role of the officer; never a name."""
