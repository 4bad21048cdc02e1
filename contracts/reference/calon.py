"""Candidates: which options stand on the ballot of a kontes in a wilayah, KOLOM KOSONG included.

Ids are those that KPU's own systems use, so that published figures can be compared id by id.
The list is public: KPU announces it by decision before every poll. A row is valid from that day
(``berlaku_mulai``) to ``berlaku_sampai``, its last day, or without end while nobody has withdrawn.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from importlib import resources

from contracts.pemilihan import Kontes


@dataclass(frozen=True, slots=True)
class Calon:
    """One option on a ballot."""

    kontes: str
    wilayah: str
    """Code the list belongs to; ``00`` for the whole nation."""
    id: str
    nomor_urut: int
    nama: str
    berlaku_mulai: date
    berlaku_sampai: date | None

    @property
    def kolom_kosong(self) -> bool:
        """Whether it is the empty column that a single pair stands against."""
        return self.nama == "KOLOM KOSONG"


@dataclass(frozen=True)
class DaftarCalon:
    """Every registered option, by kontes and wilayah."""

    by_list: dict[tuple[str, str], tuple[Calon, ...]]

    def for_(self, kontes: Kontes, kode_wilayah: str) -> tuple[Calon, ...]:
        """Return the options on the ballot of ``kontes`` in a wilayah; empty when no list is registered."""
        return self.by_list.get((kontes.kode, kontes.wilayah_calon(kode_wilayah)), ())


def semua_calon() -> DaftarCalon:
    """Return every candidate of the reference file."""
    text = resources.files(__package__).joinpath("calon.csv").read_text("utf-8")
    lists: dict[tuple[str, str], list[Calon]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        calon = Calon(
            kontes=row["kontes"],
            wilayah=row["wilayah"],
            id=row["id"],
            nomor_urut=int(row["nomor_urut"]),
            nama=row["nama"],
            berlaku_mulai=date.fromisoformat(row["berlaku_mulai"]),
            berlaku_sampai=date.fromisoformat(row["berlaku_sampai"]) if row["berlaku_sampai"] else None,
        )
        lists.setdefault((calon.kontes, calon.wilayah), []).append(calon)
    return DaftarCalon(
        {key: tuple(sorted(options, key=lambda calon: calon.nomor_urut)) for key, options in lists.items()}
    )
