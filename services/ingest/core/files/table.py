"""Reads the sheets of one file into changes and problems, row by row, so that no row takes another along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final

from contracts.identifiers import Tingkat
from contracts.pemilihan import KONTES
from contracts.reference.calon import DaftarCalon
from services.ingest.core.files.cells import Cells
from services.ingest.core.files.forms import FormReader
from services.ingest.core.files.headers import REQUIRED, Kind, Layout, field_of, find_layout
from services.ingest.core.files.once import Once
from services.ingest.core.files.row import CellProblem, Place, ReadRow, letters
from services.ingest.core.files.tempat import Title, read_title
from services.ingest.core.files.voters import VoterReader

Row = tuple[int, list[str]]
"""Number of the row from 1, and its cells."""
Spot = tuple[str, str | None]
"""A desa and the TPS of a voter in it, where her row names one."""

_HEAD_ROWS: Final = 30
"""A header stands below a title, a wilayah and a note; nowhere further down."""
_TOTAL: Final = re.compile(r"\W*(?:sub|grand)?[\s-]*(?:jumlah|total)\b.{0,60}", re.IGNORECASE)
_NUMBERING: Final = re.compile(r"\(?([0-9]{1,2})\)?")
_SIXTEEN: Final = re.compile("[0-9]{16}")
_ROW_BITS: Final = 24
_ROW_MASK: Final = (1 << _ROW_BITS) - 1
_SHIFTED_MIN: Final = 2
"""One wrong cell is a wrong cell; cells that moved are wrong together."""


class TableReader:
    """Reads the sheets of one file of one office, and remembers what they covered."""

    def __init__(self, office: str, *, kind: Kind | None, kontes: str | None, calon: DaftarCalon) -> None:
        """Read for ``office``; ``kind`` and ``kontes`` are what it named when it sent the file."""
        self._office = office
        self._asked = kind
        self._kontes = kontes
        self._calon = calon
        self._niks = Once()
        self._forms = Once()
        self._sheets: list[str | None] = []
        self._covered: set[str] = set()
        self._listed: set[Spot] = set()
        self._undeclared: set[Spot] = set()
        self._whole = True
        self.kind: Kind | None = None

    @property
    def scope(self) -> tuple[str, ...]:
        """Codes of the wilayah of which the file lists every voter, as far as it was read.

        What a title line declares, or each desa that was seen. Lists of changes, tables of results, lists of one
        TPS and files with a sheet that could not be read cover nothing: nobody has disappeared from them.
        """
        if not self._lists_all:
            return ()
        one_tps = self.of_one_tps
        return tuple(sorted(self._covered | {desa for desa, _ in self._undeclared if desa not in one_tps}))

    @property
    def of_one_tps(self) -> tuple[str, ...]:
        """Codes of the desa of which one TPS alone is listed, where no title says that this is all of the desa.

        It may be the list of that TPS: who votes in another one has not disappeared.
        """
        if not self._lists_all:
            return ()
        tps_of: dict[str, set[str]] = {}
        for desa, tps in self._undeclared:
            tps_of.setdefault(desa, set()).update(() if tps is None else (tps,))
        within = tuple(self._covered)
        return tuple(sorted(desa for desa, tps in tps_of.items() if len(tps) == 1 and not desa.startswith(within)))

    def scope_named(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return the scope when the office itself says of which wilayah the file lists everybody.

        A wilayah of which nobody is listed was named by mistake: all of it would have disappeared.
        """
        if not self._lists_all:
            return ()
        return tuple(sorted(code for code in set(codes) if any(desa.startswith(code) for desa, _ in self._listed)))

    @property
    def _lists_all(self) -> bool:
        return self.kind == "daftar_pemilih" and self._whole

    def read(self, sheet: str | None, rows: Iterable[Row], *, alone: bool) -> Iterator[ReadRow]:
        """Yield what one sheet says; ``alone`` when the file has no other, so that it must be the table."""
        self._sheets.append(sheet)
        rows = iter(rows)
        head = [(number, cells) for number, cells in islice(rows, _HEAD_ROWS) if any(map(str.strip, cells))]
        if not head:
            return
        titles = " ".join(cell for _, cells in head for cell in cells if cell)[:2000]
        layout = find_layout(head, sheet=sheet, kind=self._asked, titles=titles)
        if layout is None:
            place = Place(sheet, head[0][0], None, None)
            expected = "judul kolom yang dikenal / headers that are known"
            found = CellProblem(place, "FILE-KIND-UNKNOWN", "", expected, None, grave=alone)
            yield ReadRow(place, None, (found,))
            return
        if self.kind is None:
            self.kind = layout.kind
        title = read_title((cells for number, cells in head if number < layout.row), self._office)
        if layout.problems:
            yield ReadRow(Place(sheet, layout.row, None, None), None, layout.problems)
        if any(found.grave for found in layout.problems):
            self._whole = False
            return
        body = chain(((number, cells) for number, cells in head if number > layout.row), rows)
        if layout.kind == "c_hasil":
            yield from self._read_forms(sheet, body, layout, title)
        else:
            yield from self._read_voters(sheet, body, layout, title)

    def _read_voters(self, sheet: str | None, body: Iterable[Row], layout: Layout, title: Title) -> Iterator[ReadRow]:
        reader = VoterReader(layout, title, self._office)
        first_named = self._niks.first
        note = (len(self._sheets) & 0xFF) << _ROW_BITS
        seen: set[Spot] = set()
        blank = _Blank(sheet, layout)
        glance = reader.glance
        for number, cells in body:
            change = glance(cells)
            if change is not None:
                nik: str | None = change["data"]["nik"]
                read = ReadRow(Place(sheet, number, None, None), change)
            elif _passed_over(cells, layout, "nik"):
                continue
            else:
                read = self._slowly(reader, layout, sheet, number, cells)
                change = read.change
                nik = read.nik if change is None else change["data"]["nik"]
            # A row that cannot be used names somebody, too: until it is mended nobody knows which of two is right.
            first = 0 if nik is None else first_named(int(nik), note | number & _ROW_MASK)
            if change is not None:
                if first:
                    read = self._twice(read, Cells(layout, sheet, number, cells), "nik", first)
                else:
                    seen.add((change["data"]["desa"], change["data"].get("tps")))
            yield blank.noted(read, cells)
        self._listed |= seen
        if title.tps is not None:
            return
        if title.wilayah is not None and (len(title.wilayah) == Tingkat.DESA or not _of_one_tps(seen)):
            self._covered.add(title.wilayah)
        else:
            # The name of a kabupaten above the list of one TPS is its letterhead.
            self._undeclared |= seen

    def _slowly(self, reader: VoterReader, layout: Layout, sheet: str | None, number: int, row: list[str]) -> ReadRow:
        cells = Cells(layout, sheet, number, row)
        if (label := _total(row)) is not None and not _SIXTEEN.fullmatch(cells.get("nik")):
            return _total_row(sheet, number, label, row)
        if not any(cells.get(field) for field in ("nik", "tanggal_lahir", "jenis_kelamin")):
            cells.wrong("nik", "FILE-CELL-EMPTY", "16 angka / 16 digits")
            return ReadRow(cells.place(None), None, tuple(cells.problems))
        read = reader.read(cells)
        if read.change is None and len({found.place.column for found in cells.problems}) >= _SHIFTED_MIN:
            moved = _moved_back(row, layout, reader)
            if moved is not None:
                at, repair = moved
                place = Place(sheet, number, letters(at), None)
                expected = "isi di kolomnya sendiri / each cell in its own column"
                suggestion = "geser ke kanan / move right" if repair == "geser-kanan" else "geser ke kiri / move left"
                shifted = CellProblem(place, "FILE-CELLS-SHIFTED", "", expected, suggestion, grave=True, repair=repair)
                return ReadRow(cells.place(None), None, (shifted,))
        return ReadRow(cells.place(None), read.change, tuple(cells.problems), read.nik if not read.change else None)

    def _read_forms(self, sheet: str | None, body: Iterable[Row], layout: Layout, title: Title) -> Iterator[ReadRow]:
        reader = FormReader(layout, title, self._office, self._kontes, self._calon)
        note = (len(self._sheets) & 0xFF) << _ROW_BITS
        blank = _Blank(sheet, layout)
        for number, row in body:
            if _passed_over(row, layout, "tps"):
                continue
            cells = Cells(layout, sheet, number, row)
            if (label := _total(row)) is not None and not re.search("[0-9]", cells.get("tps")):
                yield _total_row(sheet, number, label, row)
                continue
            form = reader.read(cells)
            read = ReadRow(cells.place(None), form.change, tuple(cells.problems))
            if form.change is not None and form.tps is not None and form.kontes is not None:
                key = int(form.tps) * len(KONTES) + list(KONTES).index(form.kontes) + 1
                if first := self._forms.first(key, note | (number & _ROW_MASK)):
                    read = self._twice(read, cells, "tps", first)
            yield blank.noted(read, row)

    def _twice(self, read: ReadRow, cells: Cells, field: str, first: int) -> ReadRow:
        """Return a row as one that names again what an earlier row named."""
        sheet = self._sheets[(first >> _ROW_BITS) - 1] if first >> _ROW_BITS <= len(self._sheets) else None
        where = f"{sheet}!{first & _ROW_MASK}" if sheet is not None else str(first & _ROW_MASK)
        code = "FILE-NIK-TWICE" if field == "nik" else "FILE-TPS-TWICE"
        cells.wrong(field, code, f"hanya di baris {where} / only on row {where}")
        nik = read.change["data"]["nik"] if field == "nik" and read.change is not None else None
        return ReadRow(read.place, None, (*read.problems, *cells.problems[-1:]), nik)


def _of_one_tps(seen: set[Spot]) -> bool:
    return len(seen) == 1 and all(tps is not None for _, tps in seen)


class _Blank:
    """Names the first cell of a sheet that holds something under no header; once, since the cause is the header."""

    def __init__(self, sheet: str | None, layout: Layout) -> None:
        self._sheet = sheet
        self._width = layout.width
        read = {column.at for column in layout.columns.values()} | layout.unread
        self._open = [index for index in range(layout.width) if index not in read]
        self._row = layout.row
        self._done: set[int] = set()

    def noted(self, read: ReadRow, cells: list[str]) -> ReadRow:
        if not self._open and len(cells) <= self._width:
            return read
        found = [index for index in (*self._open, *range(self._width, len(cells))) if index < len(cells)]
        new = [index for index in found if index not in self._done and cells[index].strip()]
        if not new:
            return read
        self._done.update(new)
        expected = "judul di atas kolom ini / a header over this column"
        problems = tuple(
            CellProblem(
                Place(self._sheet, read.place.row, letters(index), None),
                "FILE-COLUMN-BLANK", "", expected, None, grave=False,
            )
            for index in new
        )  # fmt: skip
        return read._replace(problems=read.problems + problems)


def _passed_over(cells: list[str], layout: Layout, key: str) -> bool:
    """Return whether a row is blank, repeats the header on a new page, or numbers the columns as the form does."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return True
    column = layout.columns.get(key)
    if column is not None and column.at < len(cells) and field_of(cells[column.at], layout.kind) == key:
        return True
    numbers = [match[1] if (match := _NUMBERING.fullmatch(cell)) else None for cell in filled]
    if None in numbers or len(numbers) <= len(REQUIRED[layout.kind]):
        return False
    figures = [int(number) for number in numbers if number is not None]
    return figures == list(range(figures[0], figures[0] + len(figures)))


def _total(cells: list[str]) -> int | None:
    """Return the place of the cell that calls its row a total."""
    for index, cell in enumerate(cells):
        if _TOTAL.fullmatch(cell.strip()):
            return index
    return None


def _total_row(sheet: str | None, number: int, label: int, cells: list[str]) -> ReadRow:
    place = Place(sheet, number, letters(label), None)
    seen = cells[label].strip().split()[0].upper()
    expected = "hanya baris data / rows of data only"
    suggestion = "hapus baris / remove the row"
    found = CellProblem(place, "FILE-ROW-TOTAL", seen[:20], expected, suggestion, grave=True, repair="hapus-baris")
    return ReadRow(Place(sheet, number, None, None), None, (found,))


def _moved_back(cells: list[str], layout: Layout, reader: VoterReader) -> tuple[int, str] | None:
    """Return the cell from which on a row has moved and the way back, when one way alone puts all in order."""
    row = cells + [""] * (layout.width - len(cells))
    ways: dict[tuple[str, ...], tuple[int, str]] = {}
    for at in range(len(row)):
        if not row[-1].strip() or len(row) > layout.width:
            right = [*row[:at], "", *row[at:-1]] if not row[-1].strip() else [*row[:at], "", *row[at:]]
            if reader.fits(right):
                ways.setdefault(tuple(right), (at, "geser-kanan"))
        if not row[at].strip():
            left = [*row[:at], *row[at + 1 :], ""]
            if reader.fits(left):
                ways.setdefault(tuple(left), (at, "geser-kiri"))
    return next(iter(ways.values())) if len(ways) == 1 else None
