"""Reads an XLSX workbook sheet by sheet, having looked at all of it first: no bomb goes off, no cut is missed.

A sheet is read in memory while it is small; a workbook with a large one is read slice by slice, and says the same.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineSheet, CalamineWorkbook

from services.ingest.adapters.files.slices import SLICE_BYTES, TEXTS_PART, Sliced, column_index
from services.ingest.core.files.row import FileRefusedError, refuse_file
from services.ingest.core.files.table import Row

_PIECE_BYTES: Final = 1 << 20
_MEMBERS_MAX: Final = 4_000
_UNPACKED_BYTES_MAX: Final = 2 << 30
_MEMBER_BYTES_MAX: Final = 128 << 20
"""Of a part that is neither a sheet nor its texts: it is unpacked in memory."""
_WHOLE_BYTES_MAX: Final = 64 << 20
"""A larger sheet is not read as a whole; shared texts are all in memory then, and may have half of that."""
CELLS_MAX: Final = 2_200_000
"""Cells of one sheet that is read as a whole: 140,000 voters, as many as a kecamatan has, in less than 200 MiB."""
_REFERENCE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_OVERLAP_BYTES: Final = 64
_WHOLE_MIN: Final = 10**15
"""From here on Excel has rounded: it keeps fifteen digits, and a NIK has sixteen."""
_WORKBOOK: Final = "xl/workbook.xml"


class Workbook:
    """One XLSX file."""

    def __init__(self, path: Path, *, cells_max: int = CELLS_MAX, slice_bytes: int = SLICE_BYTES) -> None:
        """Look at the file and open it; with a sheet of more than ``cells_max`` cells it is read slice by slice.

        Raises:
            FileRefusedError: it is damaged, cut short, no workbook, or larger than can be read.
        """
        self._bytes = path.stat().st_size
        self._book: CalamineWorkbook | Sliced = _looked_at(path, cells_max, slice_bytes)
        self.names: list[str] = list(self._book.names if isinstance(self._book, Sliced) else self._book.sheet_names)
        self._unpacked = 0
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
        book = self._book
        if isinstance(book, Sliced):
            yield from self._rows_of_slices(book, name)
            return
        sheet = _guarded(lambda: book.get_sheet_by_name(name))
        done = self._bytes * self.names.index(name) // len(self.names)
        share = self._bytes // len(self.names)
        total = sheet.total_height or 1
        for nth, row in enumerate(_rows_of(sheet, is_slice=False)):
            if nth % 256 == 0:
                self.bytes_read = done + share * nth // total
            yield row
        self.bytes_read = done + share

    def _rows_of_slices(self, book: Sliced, name: str) -> Iterator[Row]:
        """Yield the rows; blank ones between two slices are no rows."""
        width = book.width(name)
        for size, workbook in book.slices(name):
            small = _guarded(lambda workbook=workbook: CalamineWorkbook.from_filelike(io.BytesIO(workbook)))
            sheet = _guarded(lambda small=small: small.get_sheet_by_name(name))
            for number, cells in _rows_of(sheet, is_slice=True):
                yield number, cells + [""] * (width - len(cells))
            self._unpacked += size
            self.bytes_read = self._bytes * self._unpacked // book.bytes_total


def _rows_of(sheet: CalamineSheet, *, is_slice: bool) -> Iterator[Row]:
    start = sheet.start
    if start is None:
        return
    before = [""] * start[1]
    # One by one they come from the first row of the sheet, all at once from the first that holds something; either way
    # from the first column that does.
    rows, first = (sheet.to_python(skip_empty_area=True), start[0] + 1) if is_slice else (sheet.iter_rows(), 1)
    for number, values in enumerate(rows, start=first):
        yield number, before + [_text(value) for value in values]


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


def _looked_at(path: Path, cells_max: int, slice_bytes: int) -> CalamineWorkbook | Sliced:
    """Unpack every member without keeping it, and return the workbook as it can be read.

    Raises:
        FileRefusedError: what is found is damaged, no workbook, or too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if _WORKBOOK not in archive.namelist():
                raise refuse_file(code="FILE-PACKED", detail="Arsip tanpa buku kerja / an archive without a workbook")
            unpacked = sum(member.file_size for member in members)
            others = max((member.file_size for member in members if not _may_be_large(member)), default=0)
            if len(members) > _MEMBERS_MAX or unpacked > _UNPACKED_BYTES_MAX or others > _MEMBER_BYTES_MAX:
                raise refuse_file(code="FILE-TOO-LARGE", detail=f"{unpacked} byte, {len(members)} bagian / parts")
            fits = [_fits(archive, member, cells_max) for member in members]
        return (
            _guarded(lambda: CalamineWorkbook.from_path(path)) if all(fits) else Sliced(path, slice_bytes=slice_bytes)
        )
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        detail = f"Buku kerja rusak atau terpotong / a damaged or cut workbook ({type(error).__name__})"
        raise refuse_file(code="FILE-UNREADABLE", detail=detail) from None


def _is_sheet(member: zipfile.ZipInfo) -> bool:
    return member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml")


def _may_be_large(member: zipfile.ZipInfo) -> bool:
    return _is_sheet(member) or member.filename == TEXTS_PART


def _fits(archive: zipfile.ZipFile, member: zipfile.ZipInfo, cells_max: int) -> bool:
    """Return whether a member may be read as a whole; one that may not is not unpacked here."""
    is_sheet = _is_sheet(member)
    if _may_be_large(member) and member.file_size > (_WHOLE_BYTES_MAX if is_sheet else _WHOLE_BYTES_MAX // 2):
        return False
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
    return max(map(column_index, columns), default=0) * row_max <= cells_max


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
