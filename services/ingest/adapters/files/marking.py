"""Writes the copy of a file in which every bad cell is coloured and says what is wrong; row by row, nothing is kept."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from contracts.problems import CATALOGUE
from contracts.reference.calon import DaftarCalon
from services.ingest.adapters.files.opening import SirekapFile, cut_row, open_file, recognised, table_for
from services.ingest.core.files.row import CellProblem, ReadRow
from services.ingest.core.files.table import Row, TableReader

_ROWS_MAX: Final = 1_048_576
"""Rows of a sheet of XLSX; a longer CSV goes on in another sheet."""
_COLUMNS_MAX: Final = 16_384
_CELL_CHARACTERS_MAX: Final = 32_767
_COMMENTS_MAX: Final = 20_000
"""Comments are written at the end, so that they wait in memory; further cells are coloured, and listed in the sheet."""
_LISTED_MAX: Final = 1_000_000
_SHEET: Final = "Masalah"
_HEADERS: Final = ("Tempat", "Kode", "Masalah", "Terlihat", "Seharusnya", "Usul perbaikan", "Saran", "Baris dipakai")
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write_marked_copy(  # noqa: PLR0913  # what an office may tell beside the file
    path: Path,
    target: Path,
    *,
    office: str,
    kind: str | None = None,
    kontes: str | None = None,
    nama: str | None = None,
    calon: DaftarCalon | None = None,
) -> int:
    """Write the marked copy of the file at ``path`` to ``target``, for its owner alone; return the count of problems.

    It holds what the office sent and nothing else about anybody: comments show shapes, never values. Texts that a
    spreadsheet would run as formulas are written as texts.

    Raises:
        FileRefusedError: it is no file that can be read at all; nothing is written.
    """
    source = recognised(path, kind=kind, kontes=kontes, nama=nama)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        options = {"constant_memory": True, "tmpdir": str(target.parent), "strings_to_numbers": False}
        book = xlsxwriter.Workbook(file, options)
        copy = _Copy(book, taken={_SHEET.lower()})
        if isinstance(source, SirekapFile):
            for read in open_file(path, office=office, kind=kind, kontes=kontes, nama=nama):
                copy.listed(read.problems)
        else:
            table = table_for(office, kind=kind, kontes=kontes, calon=calon)
            sheets = source.sheets()
            for name, rows in sheets:
                copy.sheet(name, table, rows, alone=len(sheets) == 1)
            if source.cut_at is not None:
                copy.listed(cut_row(source.cut_at).problems)
        book.close()
    return copy.problems


class _Copy:
    """The workbook that is being written."""

    def __init__(self, book: Any, taken: set[str]) -> None:
        self._book = book
        self._taken = taken
        self._grave: Format = book.add_format({"bg_color": "#FFC7CE", "quote_prefix": True})
        self._warning: Format = book.add_format({"bg_color": "#FFEB9C", "quote_prefix": True})
        self._plain: Format = book.add_format({"quote_prefix": True})
        self._list: Worksheet = book.add_worksheet(_SHEET)
        for column, header in enumerate(_HEADERS):
            self._list.write_string(0, column, header)
        self._comments = 0
        self.problems = 0

    def sheet(self, name: str | None, table: TableReader, rows: Iterable[Row], *, alone: bool) -> None:
        """Copy one sheet. What is read runs a little ahead of what is written: no further than the head of a table."""
        waiting: deque[Row] = deque()

        def passing() -> Iterator[Row]:
            for row in rows:
                waiting.append(row)
                yield row

        source = passing()
        pages = _Pages(self._book, name or "Data", self._taken)
        for read in table.read(name, source, alone=alone):
            self._written(read, waiting, pages)
        for _ in source:
            self._plain_rows(waiting, pages)
        self._plain_rows(waiting, pages)

    def listed(self, problems: tuple[CellProblem, ...]) -> None:
        """List problems in their sheet."""
        for found in problems:
            self.problems += 1
            if self.problems > _LISTED_MAX:
                continue
            entry = CATALOGUE[found.code]
            told = (
                str(found.place), found.code, entry.judul, found.seen, found.expected, found.suggestion or "",
                entry.saran, "tidak" if found.grave else "ya",
            )  # fmt: skip
            for column, text in enumerate(told):
                self._list.write_string(self.problems, column, _written(text))

    def _written(self, read: ReadRow, waiting: deque[Row], pages: _Pages) -> None:
        while waiting and waiting[0][0] < read.place.row:
            self._row(waiting.popleft(), {}, pages)
        self.listed(read.problems)
        marks: dict[int, list[CellProblem]] = {}
        for found in read.problems:
            marks.setdefault(_column(found.place.column), []).append(found)
        if waiting and waiting[0][0] == read.place.row:
            self._row(waiting.popleft(), marks, pages)

    def _plain_rows(self, waiting: deque[Row], pages: _Pages) -> None:
        while waiting:
            self._row(waiting.popleft(), {}, pages)

    def _row(self, row: Row, marks: dict[int, list[CellProblem]], pages: _Pages) -> None:
        number, cells = row
        sheet, line = pages.at(number)
        for column in range(min(max(len(cells), max(marks, default=-1) + 1), _COLUMNS_MAX)):
            text = cells[column] if column < len(cells) else ""
            found = marks.get(column)
            if found is None:
                if text:
                    sheet.write_string(
                        line, column, _written(text), self._plain if text.startswith(_STARTS_A_FORMULA) else None
                    )
                continue
            colour = self._grave if any(one.grave for one in found) else self._warning
            if text:
                sheet.write_string(line, column, _written(text), colour)
            else:
                sheet.write_blank(line, column, None, colour)
            if self._comments < _COMMENTS_MAX:
                self._comments += 1
                sheet.write_comment(line, column, _written("\n\n".join(map(_comment, found))), {"x_scale": 2})


class _Pages:
    """The sheets in which the rows of one sheet of the office stand."""

    def __init__(self, book: Any, name: str, taken: set[str]) -> None:
        self._book = book
        self._name = name
        self._taken = taken
        self._pages: list[Worksheet] = []
        self.at(1)

    def at(self, number: int) -> tuple[Worksheet, int]:
        """Return the sheet with a row, and its line there from 0."""
        page, line = divmod(number - 1, _ROWS_MAX)
        while len(self._pages) <= page:
            self._pages.append(self._book.add_worksheet(self._free()))
        return self._pages[page], line

    def _free(self) -> str:
        clean = "".join("_" if sign in "[]:*?/\\'" or not sign.isprintable() else sign for sign in self._name)
        name, nth = clean[:31] or "Data", 2
        while name.lower() in self._taken:
            name, nth = f"{clean[:25]} ({nth})", nth + 1
        self._taken.add(name.lower())
        return name


def _comment(found: CellProblem) -> str:
    suggestion = f"\nUsul: {found.suggestion}" if found.suggestion is not None else ""
    return f"{found.code}\n{found.pesan}\nSeharusnya: {found.expected}{suggestion}"


def _column(letters: str | None) -> int:
    """Return the column from 0 that letters name; what is about a whole row stands in its first cell."""
    number = 0
    for letter in letters or "A":
        number = number * 26 + ord(letter) - 64
    return number - 1


def _written(text: str) -> str:
    """Return a text as XLSX can hold it: bytes that were no text in the file are shown as such."""
    return text[:_CELL_CHARACTERS_MAX].encode("utf-8", "replace").decode("utf-8")
