"""What a file says, row by row: the change an office would post, and every problem by its cell."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from contracts.problems import CATALOGUE, Problem, problem

_LETTERS: Final = 26
_FIRST: Final = ord("A")


class Place(NamedTuple):
    """One cell, or one row where ``column`` is ``None``."""

    sheet: str | None
    """``None`` for a file without sheets."""
    row: int
    """From 1, as the office's own program numbers them; in CSV the record, since a cell may hold line breaks."""
    column: str | None
    """In letters, as in ``D``."""
    header: str | None
    """What the header row says over it, when that is no person's data."""

    def __str__(self) -> str:
        """Return ``Pemilih!D17``, ``D17`` without a sheet, ``Pemilih!17`` for a whole row."""
        sheet = f"{self.sheet}!" if self.sheet is not None else ""
        return f"{sheet}{self.column or ''}{self.row}"


class CellProblem(NamedTuple):
    """One thing wrong with one cell."""

    place: Place
    code: str
    """A key of ``contracts.problems.CATALOGUE``."""
    seen: str
    """What stands there. Of a person only the shape: a letter for each letter, a nine for each digit."""
    expected: str
    suggestion: str | None
    """The one repair that fits, for a person to apply, masked as ``seen``; ``None`` when none or more than one does."""
    grave: bool
    """Whether the row cannot be used while it lasts; otherwise the row's change stands and this is a warning."""
    repair: str | None = None
    """Name of the suggested repair, as in ``tukar-hari-bulan``; stable."""

    @property
    def group(self) -> str:
        """What all problems of one cause in one file have in common: code, column and repair."""
        return f"{self.code}|{self.place.header or self.place.column or ''}|{self.repair or ''}"

    @property
    def pesan(self) -> str:
        """What it means and what to do, for the operator."""
        entry = CATALOGUE[self.code]
        return f"{entry.judul}. {entry.saran}"

    @property
    def message(self) -> str:
        """The same in English."""
        entry = CATALOGUE[self.code]
        return f"{entry.title}. {entry.fix}"


class ReadRow(NamedTuple):
    """What one row says. A row without a change and without problems does not exist: blank rows are passed over."""

    place: Place
    change: dict[str, Any] | None
    """The plain submission an office posts to ``/v1/changes``; ``None`` when the row cannot be used."""
    problems: tuple[CellProblem, ...] = ()
    nik: str | None = None
    """Whom an unusable row names when that much can be read, in clear: such a person has not disappeared."""

    def __repr__(self) -> str:
        """Return the place and what is wrong there; never what stands there."""
        return f"ReadRow({self.place}, usable={self.change is not None}, {[found.code for found in self.problems]})"


class FileRefusedError(Exception):
    """It is no file that can be read at all."""

    def __init__(self, refused: Problem) -> None:
        """Refuse for this reason."""
        super().__init__(refused.code)
        self.problem = refused


def refuse_file(*, code: str, detail: str) -> FileRefusedError:
    """Return the error that refuses a file, with ``detail`` naming what was seen and expected."""
    return FileRefusedError(problem(code, detail))


def letters(index: int) -> str:
    """Return the letters of the column at ``index`` from 0: A to Z, AA and so on."""
    name = ""
    rest = index + 1
    while rest:
        rest, digit = divmod(rest - 1, _LETTERS)
        name = chr(_FIRST + digit) + name
    return name
