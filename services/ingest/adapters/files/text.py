"""Streams a CSV file as rows of text, in the encoding and with the delimiter it was written with."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from services.ingest.core.files.table import Row
from services.ingest.core.files.written import Encodings, delimiter_of, is_whole, split

_PIECE_BYTES: Final = 1 << 20
_LINE_CHARACTERS_MAX: Final = 1 << 18
"""As one change may have bytes at most; a longer line is no row, and is never held in memory."""
_SAMPLE_LINES: Final = 40
_LINES_IN_RECORD_MAX: Final = 20
"""A cell with more line breaks is a quote that nobody closed."""
_DAMAGED: Final = "\ufffd"


class TextFile:
    """One CSV file."""

    def __init__(self, path: Path) -> None:
        """Look at the file to decide how it was written."""
        self._path = path
        seen = Encodings()
        with path.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                seen.look(piece)
        self.encoding = seen.decide()
        with self._opened(path.open("rb")) as text:
            lines = [text.readline(_LINE_CHARACTERS_MAX) for _ in range(_SAMPLE_LINES)]
        self.delimiter = delimiter_of([line for line in lines if line])
        self.bytes_read = 0
        self.cut_at: int | None = None
        """Number of the last row when the file ends in the middle of it."""

    @property
    def read_as(self) -> str:
        """How the file is read, and why, for the operator."""
        sign = {"\t": "tab"}.get(self.delimiter, self.delimiter)
        return f"{self.encoding.name} ({self.encoding.reason}); {sign}"

    def sheets(self) -> list[tuple[None, Iterator[Row]]]:
        """Return its rows as those of the one sheet it is."""
        return [(None, self.rows())]

    def rows(self) -> Iterator[Row]:
        """Yield every row. A quote that is not closed takes no other row along."""
        delimiter = self.delimiter
        before: list[str] = [""]
        number = 0
        with self._path.open("rb") as raw, self._opened(raw) as text:
            for record in _records(text):
                number += 1
                if number % 256 == 0:
                    self.bytes_read = raw.tell()
                cells = record.rstrip("\n").split(delimiter) if '"' not in record else split(record, delimiter)
                # Many files end without a line break: one was cut when its last row has less than the one before.
                if not record.endswith("\n") and (
                    len(cells) < len(before) or (before[-1] and not cells[-1]) or not is_whole(record)
                ):
                    self.cut_at = number
                    break
                before = cells
                yield number, cells
        self.bytes_read = self._path.stat().st_size

    def _opened(self, raw: io.BufferedReader) -> io.TextIOWrapper:
        return io.TextIOWrapper(raw, encoding=self.encoding.name, errors=self.encoding.errors)


def _records(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield one record after the other: lines, joined where a quoted cell holds line breaks."""
    waiting: list[str] = []
    while True:
        line = waiting.pop(0) if waiting else text.readline(_LINE_CHARACTERS_MAX)
        if not line:
            return
        if len(line) >= _LINE_CHARACTERS_MAX and not line.endswith("\n"):
            while (rest := text.readline(_LINE_CHARACTERS_MAX)) and not rest.endswith("\n"):
                pass
            yield f"{_DAMAGED}\n"
            continue
        if '"' not in line or is_whole(line):
            yield line
            continue
        joined = [line]
        while len(joined) < _LINES_IN_RECORD_MAX:
            following = waiting.pop(0) if waiting else text.readline(_LINE_CHARACTERS_MAX)
            if not following:
                break
            joined.append(following)
            if not is_whole(following):
                break
        record = "".join(joined)
        if is_whole(record) and len(record) < _LINE_CHARACTERS_MAX:
            yield record
        else:
            # Nobody closed the quote: the line stands for itself, and those behind it are rows of their own.
            yield line
            waiting = joined[1:] + waiting
