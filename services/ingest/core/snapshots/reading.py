"""What comparing needs to know of a file, whatever its form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from contracts.identifiers import Tingkat
from services.ingest.core.files.row import ReadRow

_DESA_OF_KECAMATAN: Final = 10 ** (Tingkat.DESA - Tingkat.KECAMATAN)


class Reading(Protocol):
    """One file that is being read, row by row; no two usable rows name one record."""

    @property
    def kind(self) -> str | None:
        """What the file is a list of, as far as it is known."""

    @property
    def scope(self) -> tuple[str, ...]:
        """Codes of the wilayah of which it lists every voter, known when it has been read to its end."""

    @property
    def of_one_tps(self) -> tuple[str, ...]:
        """Codes of the desa that are not in ``scope`` because one TPS alone is listed and no title says more."""

    def scope_named(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return what is covered when the office itself names the wilayah; those of which nobody is listed are not."""

    @property
    def bytes_total(self) -> int:
        """Size of what is read."""

    @property
    def bytes_read(self) -> int:
        """How much of it has been read."""

    def __iter__(self) -> Iterator[ReadRow]:
        """Read on."""


class Scope:
    """The wilayah of which a file lists every voter."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        """Take the codes that the file covers."""
        self.codes = codes
        self._whole = any(len(code) == Tingkat.KABUPATEN for code in codes)
        self._kecamatan = {int(code) for code in codes if len(code) == Tingkat.KECAMATAN}
        self._desa = {int(code) for code in codes if len(code) == Tingkat.DESA}

    def __contains__(self, place: int | None) -> bool:
        """Return whether a desa, as the ledger keeps it, lies within; an unknown one does in a kabupaten only."""
        if self._whole:
            return True
        return place is not None and (place in self._desa or place // _DESA_OF_KECAMATAN in self._kecamatan)
