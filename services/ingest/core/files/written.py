"""Decides how a text file was written: its encoding by every byte of it, its delimiter by the headers it separates."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Sequence
from typing import Final, NamedTuple

from services.ingest.core.files.headers import field_of

DELIMITERS: Final = (";", ",", "\t", "|")
"""In the order in which they are preferred when the headers do not tell: a comma also stands within texts."""
_HEAD_LINES: Final = 30
_SAMPLE_BYTES: Final = 4096
_NULS_SHARE: Final = 4
"""Latin text in UTF-16 has a NUL in every other byte; a quarter of them on one side is no accident."""


class Encoding(NamedTuple):
    """How bytes become text."""

    name: str
    errors: str
    reason: str
    """Why this one, for the operator."""


class Encodings:
    """Decides about the encoding of a file after having looked at all of it, piece by piece."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self._head = b""
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._valid = True
        self._beyond_ascii = False

    def look(self, piece: bytes) -> None:
        """Look at the next bytes."""
        if len(self._head) < _SAMPLE_BYTES:
            self._head += piece[: _SAMPLE_BYTES - len(self._head)]
        if not self._valid:
            return
        if piece.isascii() and not self._decoder.getstate()[0]:
            return
        try:
            text = self._decoder.decode(piece)
        except UnicodeDecodeError as error:
            self._valid = False
            before = piece[: max(0, error.start)]
            self._beyond_ascii = self._beyond_ascii or not before.isascii()
        else:
            self._beyond_ascii = self._beyond_ascii or not text.isascii()

    def decide(self) -> Encoding:  # noqa: PLR0911  # one return for each encoding, the surest first
        """Return the encoding."""
        head = self._head
        if head.startswith(codecs.BOM_UTF8):
            return Encoding("utf-8-sig", "surrogateescape", "tanda awal UTF-8 / a UTF-8 mark")
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return Encoding("utf-16", "replace", "tanda awal UTF-16 / a UTF-16 mark")
        evens, odds = head[0::2].count(0), head[1::2].count(0)
        half = len(head) // 2 or 1
        if odds * _NULS_SHARE > half and odds > evens * _NULS_SHARE:
            return Encoding("utf-16-le", "replace", "pola UTF-16 / the pattern of UTF-16")
        if evens * _NULS_SHARE > half and evens > odds * _NULS_SHARE:
            return Encoding("utf-16-be", "replace", "pola UTF-16 / the pattern of UTF-16")
        if self._valid and not self._decoder.getstate()[0]:
            return Encoding("utf-8", "surrogateescape", "seluruh isinya UTF-8 / all of it is UTF-8")
        if self._beyond_ascii:
            return Encoding("utf-8", "surrogateescape", "UTF-8 dengan bagian yang rusak / UTF-8 with damaged parts")
        return Encoding("cp1252", "replace", "bukan UTF-8, dibaca sebagai CP1252 / no UTF-8, read as CP1252")


def delimiter_of(lines: Sequence[str]) -> str:
    """Return what separates the cells: the sign that separates the most headers that are known."""
    first = lines[0].strip() if lines else ""
    if first.lower().startswith("sep=") and first[4:] in DELIMITERS:
        return first[4:]
    scores = {
        sign: max((_headers_in(split(line, sign)) for line in lines[:_HEAD_LINES]), default=0) for sign in DELIMITERS
    }
    best = max(scores.values())
    if best > 1:
        return next(sign for sign in DELIMITERS if scores[sign] == best)
    text = "".join(lines[:_HEAD_LINES])
    return max(DELIMITERS, key=text.count)


def split(line: str, delimiter: str) -> list[str]:
    """Return the cells of one record."""
    text = line.rstrip("\r\n")
    if '"' not in text:
        return text.split(delimiter)
    try:
        cells = next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        # A quote that was never closed, or text after one: as it stands, so that no neighbour is swallowed.
        return text.split(delimiter)
    return cells


def is_whole(record: str) -> bool:
    """Return whether every quote that opens in a record also closes."""
    return record.count('"') % 2 == 0


def _headers_in(cells: list[str]) -> int:
    return max(
        len({field_of(cell, "daftar_pemilih") for cell in cells} - {None}),
        len({field_of(cell, "c_hasil") for cell in cells} - {None}),
    )
