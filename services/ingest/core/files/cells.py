"""One row as its columns are understood: fields by name, and problems that know their cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from contracts.submission import PRIBADI_FIELDS
from services.ingest.core.files.headers import Layout
from services.ingest.core.files.masking import shape, shown
from services.ingest.core.files.row import CellProblem, Place, letters
from services.ingest.core.files.texts import oddity, tidy

_MASKED: Final = PRIBADI_FIELDS | {"disabilitas", "dokumen"}
"""Of these only the shape is shown (DOMAIN.md 1.2: which elements are public)."""


class Cells:
    """The cells of one row, read one by one; what is wrong collects in ``problems``."""

    def __init__(self, layout: Layout, sheet: str | None, row: int, cells: list[str]) -> None:
        """Look at one row."""
        self._layout = layout
        self._sheet = sheet
        self._cells = cells
        self.row = row
        self.problems: list[CellProblem] = []

    def get(self, field: str) -> str:
        """Return the text of a field without the spaces around it; empty when the file has no such column."""
        column = self._layout.columns.get(field)
        if column is None or column.at >= len(self._cells):
            return ""
        return tidy(self._cells[column.at])

    def has(self, field: str) -> bool:
        """Return whether the file has the column."""
        return field in self._layout.columns

    def place(self, field: str | None) -> Place:
        """Return where a field stands; the row itself when it has no column."""
        column = self._layout.columns.get(field) if field is not None else None
        if column is None:
            return Place(self._sheet, self.row, None, field)
        return Place(self._sheet, self.row, letters(column.at), column.header)

    def wrong(  # noqa: PLR0913  # what a problem is made of
        self,
        field: str | None,
        code: str,
        expected: str,
        *,
        seen: str | None = None,
        suggestion: str | None = None,
        repair: str | None = None,
        grave: bool = True,
    ) -> None:
        """Note that something is wrong with a field."""
        mask = shape if field in _MASKED else shown
        self.problems.append(
            CellProblem(
                self.place(field),
                code,
                mask(self.get(field) if field is not None else "") if seen is None else seen,
                expected,
                mask(suggestion) if suggestion is not None else None,
                grave,
                repair,
            )
        )

    @property
    def grave(self) -> bool:
        """Whether the row cannot be used."""
        return any(found.grave for found in self.problems)

    def text(self, field: str, length_max: int, *, required: bool = False) -> str | None:
        """Return a free text, or ``None`` when there is none that can be taken."""
        found = self.get(field)
        if not found:
            if required:
                self.wrong(field, "FILE-CELL-EMPTY", "terisi / filled in")
            return None
        if len(found) > length_max:
            expected = f"paling panjang {length_max} huruf / at most {length_max} letters"
            self.wrong(field, "FILE-TEXT-LONG", expected, seen=f"{len(found)} huruf / letters")
            return None
        if self.is_odd(field):
            return None
        return found

    def is_odd(self, field: str) -> bool:
        """Return whether nobody can have typed what stands in a field, and note it."""
        odd = oddity(self.get(field))
        if odd is not None:
            expected = "teks biasa dalam huruf Latin / plain text in Latin letters"
            self.wrong(field, odd.code, expected, suggestion=odd.suggestion, repair=odd.repair, grave=odd.grave)
        return odd is not None

    def choice(self, field: str, meanings: Mapping[str, str], *, required: bool = False) -> str | None:
        """Return the code that a field's text means."""
        found = self.get(field)
        if found in {"", "-"}:
            if required:
                self.wrong(field, "FILE-CELL-EMPTY", " / ".join(sorted(set(meanings.values()))))
            return None
        meant = meanings.get(found.upper())
        if meant is None and not self.is_odd(field):
            self.wrong(field, "FILE-CELL-INVALID", " / ".join(sorted(set(meanings.values()))))
        return meant
