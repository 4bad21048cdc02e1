"""Opens a file as an office has it: recognised by its content, read as a stream, never failed by one row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final, Protocol

from contracts.reference.calon import DaftarCalon, semua_calon
from services.ingest.adapters.files.text import TextFile
from services.ingest.adapters.files.workbook import Workbook
from services.ingest.core.files.headers import NAMES, Kind
from services.ingest.core.files.row import CellProblem, Place, ReadRow, refuse_file
from services.ingest.core.files.table import TableReader
from services.ingest.core.readers.sirekap import change_in
from services.ingest.core.refusal import RefusedError

KINDS: Final = (*NAMES, "sirekap")
"""What ``kind`` may say; without it the headers decide."""

_JSON_BYTES_MAX: Final = 8 << 20
"""The largest recapitulation, of the nation by kabupaten, has a tenth of it."""
_HEAD_BYTES: Final = 512
_PACKED: Final = {b"\x1f\x8b": "gzip", b"7z\xbc\xaf": "7z", b"Rar!": "RAR", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
_OTHER: Final = {b"\xd0\xcf\x11\xe0": "XLS atau terkunci sandi / or locked", b"%PDF": "PDF", b"\x89PNG": "PNG"}


class _Source(Protocol):
    bytes_read: int
    cut_at: int | None

    @property
    def read_as(self) -> str: ...


class FileReading:
    """One file being read: iterate it once. Kind, scope and progress tell more as it goes on."""

    def __init__(self, path: Path, source: _Source, table: TableReader | None, rows: Iterator[ReadRow]) -> None:
        """Read the first row, so that the kind is known.

        Raises:
            FileRefusedError: the file holds no row at all.
        """
        self._source = source
        self._table = table
        self._done = False
        self.bytes_total = path.stat().st_size
        first = next(rows, None)
        if first is None and source.cut_at is None:
            raise refuse_file(code="FILE-EMPTY", detail=f"{self.bytes_total} byte, tidak ada baris / no row")
        self._rows = chain([first] if first is not None else [], rows)

    @property
    def kind(self) -> str | None:
        """What the file is about, as one of ``KINDS``; ``None`` when no header told."""
        return "sirekap" if self._table is None else self._table.kind

    @property
    def scope(self) -> tuple[str, ...]:
        """Codes of the wilayah whose every voter the file lists; known when it was read to its end, before it is empty.

        Empty as well when it lists no whole wilayah, so that nobody can have disappeared from it.
        """
        table = self._read_to_its_end
        return () if table is None else table.scope

    @property
    def of_one_tps(self) -> tuple[str, ...]:
        """Codes of the desa that are not in the scope because one TPS alone is listed and no title says more."""
        table = self._read_to_its_end
        return () if table is None else table.of_one_tps

    def scope_named(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return what is covered when the office itself names the wilayah; those of which nobody is listed are not."""
        table = self._read_to_its_end
        return () if table is None else table.scope_named(codes)

    @property
    def _read_to_its_end(self) -> TableReader | None:
        return self._table if self._done and self._source.cut_at is None else None

    @property
    def bytes_read(self) -> int:
        """How far it was read, in bytes of the file."""
        return self.bytes_total if self._done else min(self._source.bytes_read, self.bytes_total)

    @property
    def read_as(self) -> str:
        """Encoding and delimiter and why these, for the operator."""
        return self._source.read_as

    def __iter__(self) -> Iterator[ReadRow]:
        """Yield what each row says."""
        yield from self._rows
        if self._source.cut_at is not None:
            yield cut_row(self._source.cut_at)
        self._done = True


def open_file(  # noqa: PLR0913  # what an office may tell beside the file
    path: Path,
    *,
    office: str,
    kind: str | None = None,
    kontes: str | None = None,
    nama: str | None = None,
    calon: DaftarCalon | None = None,
) -> FileReading:
    """Return the reading of the file that ``office`` sent.

    ``kind`` and ``kontes`` are what the office named; ``nama`` is the file's own name, which tells the TPS of a
    Sirekap file, when it lies elsewhere; ``calon`` are the candidates, those of the reference file when left out.

    Raises:
        FileRefusedError: it is no file that can be read at all.
    """
    source = recognised(path, kind=kind, kontes=kontes, nama=nama)
    if isinstance(source, SirekapFile):
        return FileReading(path, source, None, source.rows())
    table = table_for(office, kind=kind, kontes=kontes, calon=calon)
    sheets = source.sheets()
    rows = (table.read(name, rows, alone=len(sheets) == 1) for name, rows in sheets)
    return FileReading(path, source, table, chain.from_iterable(rows))


def cut_row(number: int) -> ReadRow:
    """Return what is said of the row in the middle of which a file ends."""
    place = Place(None, number, None, None)
    expected = "baris yang lengkap / a whole row"
    return ReadRow(place, None, (CellProblem(place, "FILE-TRUNCATED", "", expected, None, grave=True),))


def table_for(office: str, *, kind: str | None, kontes: str | None, calon: DaftarCalon | None) -> TableReader:
    """Return what reads the sheets of a file of ``office``."""
    asked: Kind | None = next((known for known in NAMES if known == kind), None)
    return TableReader(office, kind=asked, kontes=kontes, calon=calon or semua_calon())


def recognised(
    path: Path, *, kind: str | None, kontes: str | None, nama: str | None
) -> TextFile | Workbook | SirekapFile:
    """Return the file as what its content says it is.

    Raises:
        FileRefusedError: it is no file that can be read at all.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if kind is not None and kind not in KINDS:
        raise refuse_file(code="FILE-KIND-UNKNOWN", detail=f"kind: {', '.join(KINDS)}")
    if not head.strip(b"\0\xef\xbb\xbf \t\r\n"):
        raise refuse_file(code="FILE-EMPTY", detail="Berkas kosong / an empty file")
    for mark, name in _PACKED.items():
        if head.startswith(mark):
            raise refuse_file(code="FILE-PACKED", detail=name)
    for mark, name in _OTHER.items():
        if head.startswith(mark):
            raise refuse_file(code="FILE-UNREADABLE", detail=name)
    if kind == "sirekap" or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return SirekapFile(path, nama or path.name, kontes)
    return Workbook(path) if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) else TextFile(path)


class SirekapFile:
    """A file of Sirekap: one change in all."""

    read_as = "JSON Sirekap"
    cut_at: int | None = None

    def __init__(self, path: Path, nama: str, kontes: str | None) -> None:
        """Read the file called ``nama``."""
        self._path = path
        self._nama = nama
        self._kontes = kontes
        self.bytes_read = 0

    def rows(self) -> Iterator[ReadRow]:
        """Yield the one change, or every reason why there is none."""
        place = Place(None, 1, None, None)
        if self._path.stat().st_size > _JSON_BYTES_MAX:
            raise refuse_file(code="FILE-TOO-LARGE", detail=f"JSON, paling besar / at most {_JSON_BYTES_MAX} byte")
        try:
            change = json.loads(change_in(self._path.read_bytes(), nama=self._nama, kontes=self._kontes))
        except RefusedError as error:
            problems = tuple(
                CellProblem(
                    place._replace(header=refusal.pointer or None),
                    refusal.code, refusal.seen, refusal.expected, None, grave=True,
                )
                for refusal in error.refusals
            )  # fmt: skip
            yield ReadRow(place, None, problems)
        else:
            yield ReadRow(place, change)
