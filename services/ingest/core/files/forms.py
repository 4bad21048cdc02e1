"""Reads one row of a table of C.Hasil: one form of one kontes at one TPS."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from contracts.events import CHasilV1
from contracts.events.c_hasil_v1 import ANGKA_MAX
from contracts.pemilihan import KONTES
from contracts.reference.calon import DaftarCalon
from contracts.submission import SUBMISSION_TYPES
from services.ingest.core.files.cells import Cells
from services.ingest.core.files.headers import Layout
from services.ingest.core.files.tempat import Title, read_tempat

TYPE: Final = "c_hasil.recorded.v1"
_MODEL: Final = SUBMISSION_TYPES[TYPE].model
_NO_FIGURE: Final = frozenset(
    {"kontes", "tps", "perolehan_suara", "perolehan_partai", "jenis_kejadian", "koreksi", "foto", "waktu_sumber"}
)
FIGURES: Final = tuple(field for field in CHasilV1.model_fields if field not in _NO_FIGURE)
_WHOLE: Final = re.compile("[0-9]{1,10}")
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_ZEROS: Final = re.compile(r"([0-9]{1,9})[.,]0{1,2}")
_KEJADIAN: Final = {
    "REGULER": "reguler", "PSU": "psu", "HITUNG ULANG": "hitung_ulang", "HITUNG_ULANG": "hitung_ulang",
}  # fmt: skip


class ReadForm(NamedTuple):
    """What a row says about a form."""

    change: dict[str, Any] | None
    kontes: str | None
    tps: str | None


class FormReader:
    """Reads the rows of one sheet of forms."""

    def __init__(self, layout: Layout, title: Title, office: str, kontes: str | None, calon: DaftarCalon) -> None:
        """Prepare for the columns that the sheet has; ``kontes`` is what the office named when it sent the file."""
        self._title = title
        self._office = office
        self._kontes = kontes
        self._calon = calon
        self._figures = [field for field in FIGURES if field in layout.columns]
        self._votes = [field for field in layout.columns if field.startswith(("calon:", "nomor:"))]

    def read(self, cells: Cells) -> ReadForm:
        """Return what a row says, noting what is wrong with each cell."""
        kontes = self._kontes_of(cells)
        tempat = read_tempat(cells, self._title, self._office)
        if tempat.tps is None and not cells.problems:
            cells.wrong("tps", "FILE-CELL-EMPTY", "nomor TPS, 3 angka / the number of a TPS, 3 digits")
        data: dict[str, Any] = {field: _figure(cells, field) for field in self._figures}
        votes: dict[str, int | None] = {}
        for field in self._votes:
            calon = self._calon_of(field, cells, kontes, tempat.desa)
            figure = _figure(cells, field)
            if calon is not None:
                votes[calon] = figure
        if any(figure is not None for figure in votes.values()):
            data["perolehan_suara"] = votes
        if cells.has("jenis_kejadian"):
            data["jenis_kejadian"] = cells.choice("jenis_kejadian", _KEJADIAN)
        tps = f"{tempat.desa}{tempat.tps}" if tempat.desa and tempat.tps else None
        if cells.grave:
            return ReadForm(None, kontes, tps)
        known = {field: value for field, value in data.items() if value is not None}
        change = {"type": TYPE, "data": {"kontes": kontes, "tps": tps, **known}}
        try:
            _MODEL.model_validate(change)
        except ValidationError as error:
            for found in error.errors(include_url=False, include_context=False, include_input=False):
                cells.wrong(str(found["loc"][-1]), "FILE-CELL-INVALID", found["msg"])
            return ReadForm(None, kontes, tps)
        return ReadForm(change, kontes, tps)

    def _kontes_of(self, cells: Cells) -> str | None:
        named = cells.get("kontes").lower() or self._kontes or self._title.kontes
        if named not in KONTES:
            seen = named or ""
            cells.wrong("kontes", "FILE-CONTEST-UNKNOWN", ", ".join(KONTES), seen=seen[:40])
            return None
        if self._kontes is not None and named != self._kontes:
            cells.wrong("kontes", "FILE-CONTEST-UNKNOWN", self._kontes)
        if KONTES[named].jenis.berpartai:
            expected = "kontes tanpa partai; yang berpartai dikirim sebagai JSON / party ballots are sent as JSON"
            cells.wrong("kontes", "FILE-KIND-UNKNOWN", expected, seen=named)
        return named

    def _calon_of(self, field: str, cells: Cells, kontes: str | None, desa: str | None) -> str | None:
        """Return the id of the candidate whose votes stand in a column."""
        sign, _, number = field.partition(":")
        if sign == "calon" or kontes is None or desa is None:
            return number
        for calon in self._calon.for_(KONTES[kontes], desa):
            if calon.nomor_urut == int(number):
                return calon.id
        if cells.get(field):
            cells.wrong(field, "FILE-CELL-INVALID", "nomor urut calon yang terdaftar / a registered candidate")
        return None


def _figure(cells: Cells, field: str) -> int | None:
    """Return a figure; an empty box is one that was not read, never zero (DOMAIN.md 0.3)."""
    found = cells.get(field)
    if not found:
        return None
    if _WHOLE.fullmatch(found) and int(found) <= ANGKA_MAX:
        return int(found)
    expected = "bilangan bulat, nol atau lebih / a whole number, zero or more"
    suggestion = None
    if _THOUSANDS.fullmatch(found):
        suggestion = re.sub("[.,]", "", found)
    elif match := _ZEROS.fullmatch(found):
        suggestion = match[1]
    elif cells.is_odd(field):
        return None
    repair = "bilangan-bulat" if suggestion is not None else None
    cells.wrong(field, "FILE-FIGURE-INVALID", expected, suggestion=suggestion, repair=repair)
    return None
