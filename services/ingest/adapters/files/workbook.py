"""Reads an XLSX workbook sheet by sheet, having looked at all of it first: no bomb goes off, no cut is missed."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineWorkbook

from services.ingest.core.files.row import FileRefusedError, refuse_file
from services.ingest.core.files.table import Row

_PIECE_BYTES: Final = 1 << 20
_MEMBERS_MAX: Final = 4_000
_UNPACKED_BYTES_MAX: Final = 2 << 30
_MEMBER_BYTES_MAX: Final = 128 << 20
"""A sheet is unpacked in memory, so that this and the cells bound what reading a workbook takes."""
CELLS_MAX: Final = 2_200_000
"""Cells of one sheet: 140,000 voters, as many as a kecamatan has, in less than 200 MiB."""
_REFERENCE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_OVERLAP_BYTES: Final = 64
_WHOLE_MIN: Final = 10**15
"""From here on Excel has rounded: it keeps fifteen digits, and a NIK has sixteen."""
_WORKBOOK: Final = "xl/workbook.xml"


class Workbook:
    """One XLSX file."""

    def __init__(self, path: Path) -> None:
        """Look at the file and open it.

        Raises:
            FileRefusedError: it is damaged, cut short, no workbook, or larger than can be read.
        """
        self._bytes = path.stat().st_size
        _check(path)
        self._book = _guarded(lambda: CalamineWorkbook.from_path(path))
        self.names: list[str] = list(self._book.sheet_names)
        self.bytes_read = 0
        self.cut_at: int | None = None

    @property
    def read_as(self) -> str:
        """How the file is read, for the operator."""
        return f"XLSX, {len(self.names)} lembar / sheets"

    def sheets(self) -> list[tuple[str, Iterator[Row]]]:
        """Return its sheets by name; each is unpacked when its rows are asked for."""
        return [(name, self.rows(name)) for name in self.names]

    def rows(self, name: str) -> Iterator[Row]:
        """Yield the rows of one sheet with the numbers that Excel shows."""
        sheet = _guarded(lambda: self._book.get_sheet_by_name(name))
        done = self._bytes * self.names.index(name) // len(self.names)
        share = self._bytes // len(self.names)
        start = sheet.start
        if start is None:
            return
        total = sheet.height or 1
        before = [""] * start[1]
        # Rows come from the first that holds something, each from the first column that does.
        for nth, values in enumerate(sheet.to_python(skip_empty_area=True) if total == 1 else sheet.iter_rows()):
            if nth % 256 == 0:
                self.bytes_read = done + share * nth // total
            yield start[0] + nth + 1, before + [_text(value) for value in values]
        self.bytes_read = done + share


def _text(value: Any) -> str:  # noqa: PLR0911  # one return for each type of cell
    """Return a cell as it would be typed."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if abs(value) >= _WHOLE_MIN:
            return f"{value:.14E}"
        return str(int(value)) if float(value).is_integer() else repr(value)
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _check(path: Path) -> None:
    """Unpack every member without keeping it.

    Raises:
        FileRefusedError: what is found is damaged, no workbook, or too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if _WORKBOOK not in archive.namelist():
                raise refuse_file(code="FILE-PACKED", detail="Arsip tanpa buku kerja / an archive without a workbook")
            unpacked = sum(member.file_size for member in members)
            largest = max(member.file_size for member in members)
            if len(members) > _MEMBERS_MAX or unpacked > _UNPACKED_BYTES_MAX or largest > _MEMBER_BYTES_MAX:
                raise refuse_file(code="FILE-TOO-LARGE", detail=f"{unpacked} byte, {len(members)} bagian / parts")
            for member in members:
                _check_member(archive, member)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        detail = f"Buku kerja rusak atau terpotong / a damaged or cut workbook ({type(error).__name__})"
        raise refuse_file(code="FILE-UNREADABLE", detail=detail) from None


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    is_sheet = member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml")
    columns: set[bytes] = set()
    row_max = 0
    kept = b""
    with archive.open(member) as file:
        while piece := file.read(_PIECE_BYTES):
            if is_sheet:
                # A reader makes room for every cell up to the last one: one cell far away is a bomb, too.
                found = _REFERENCE.findall(kept + piece)
                columns.update(column for column, _ in found)
                row_max = max(row_max, max((int(row) for _, row in found), default=0))
                kept = piece[-_OVERLAP_BYTES:]
    width = max((_index(column) for column in columns), default=0)
    if width * row_max > CELLS_MAX:
        detail = f"{row_max} baris kali {width} kolom; paling banyak {CELLS_MAX} sel / rows by columns, cells at most"
        raise refuse_file(code="FILE-TOO-LARGE", detail=detail)


def _index(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _guarded(read: Any) -> Any:
    """Return what the library reads.

    Raises:
        FileRefusedError: it does not understand the file, however it says so.
    """
    try:
        return read()
    except FileRefusedError:
        raise
    except BaseException as error:
        # A panic of the library is no Exception; what stops a process is none of a file's business.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        detail = f"Buku kerja tidak dapat dibaca / the workbook cannot be read ({type(error).__name__})"
        raise refuse_file(code="FILE-UNREADABLE", detail=detail) from None
