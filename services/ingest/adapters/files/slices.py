"""Reads a workbook too large for memory slice by slice: each slice is a small workbook, read as every other one is.

What a cell means (styles, dates, formulas, damaged values) stays the library's business, so that a large sheet says
what a small one would. Here the bytes of a sheet are only cut between rows, and the numbers of shared texts in a slice
exchanged for those of the few texts that it needs; the texts wait in a nameless file beside the workbook. For that each
cell must be written the way the usual programs write it: anything else is refused before the first row is read.
"""

from __future__ import annotations

import io
import re
import tempfile
import weakref
import zipfile
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree as ET

from services.ingest.core.files.row import FileRefusedError, refuse_file

SLICE_BYTES: Final = 1 << 20
"""Of a sheet's XML: two thousand voters. While one is looked at or read, up to fifty milliseconds, nobody else in the
process can work."""
_CELLS_MAX: Final = 400_000
"""Cells between the corners of a slice: the library makes room for each, whether it stands there or not."""
_PIECE_BYTES: Final = 1 << 20
_ROW_BYTES_MAX: Final = 8 << 20
_TEXT_BYTES_MAX: Final = 1 << 20
_SMALL_PART_BYTES_MAX: Final = 4 << 20
_TEXTS_IN_BLOCK: Final = 64

_ROW: Final = re.compile(rb'<row (?:[^<>]*? )?r="([0-9]{1,7})"')
_CELL: Final = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="[0-9]{1,6}")?(?: t="[A-Za-z]{1,12}")?/?>')
_SHARED: Final = re.compile(rb' t="s"><v>([0-9]{1,9})</v>')
_BEGUN: Final = re.compile(rb"<c[ />\t\r\n]")
_OTHERWISE: Final = (b"<!", b"<?")
"""Comments and the like might hold what looks like the end of a row; no program writes them there."""
_TEXT: Final = re.compile(rb"<si>.*?</si>|<si/>", re.DOTALL)
_ROW_END: Final = b"</row>"
_PARTS: Final[tuple[str, ...]] = (
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
)
TEXTS_PART: Final = "xl/sharedStrings.xml"
_NO_TEXTS: Final = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


class Slice(NamedTuple):
    """Some rows of a sheet as bytes of its XML."""

    size: int
    is_empty: bool


class Sheet(NamedTuple):
    """How a sheet is cut."""

    part: str
    head: bytes
    """All that stands before its first row."""
    slices: tuple[Slice, ...]
    width: int
    """Columns from the first to the last that is written anywhere."""


class Sliced:
    """A workbook that is read slice by slice. It has been looked at as a whole when this is made."""

    def __init__(self, path: Path, *, slice_bytes: int = SLICE_BYTES) -> None:
        """Cut every sheet into slices of about so many bytes.

        Raises:
            FileRefusedError: something is written in a way that cannot be cut.
        """
        self._path = path
        with zipfile.ZipFile(path) as archive:
            present = {name for name in _PARTS if name in archive.namelist()}
            if sum(archive.getinfo(name).file_size for name in present) > _SMALL_PART_BYTES_MAX:
                raise _refused(what="bagian lain yang besar / large other parts")
            self._parts = {name: archive.read(name) for name in _PARTS if name in present}
            parts = _sheets_in(self._parts)
            self._texts = _Texts(archive, path.parent) if TEXTS_PART in archive.namelist() else None
            self._sheets = {
                name: _cut(archive, part, slice_bytes) for name, part in parts.items() if part in archive.namelist()
            }
        self.names = list(parts)

    @property
    def bytes_total(self) -> int:
        """Bytes of all sheets' rows."""
        return sum(one.size for sheet in self._sheets.values() for one in sheet.slices)

    def width(self, name: str) -> int:
        """Return how many columns a sheet has."""
        return self._sheets[name].width if name in self._sheets else 0

    def slices(self, name: str) -> Iterator[tuple[int, bytes]]:
        """Yield the sheet as small workbooks, each with the bytes of the sheet that it stands for."""
        sheet = self._sheets.get(name)
        if sheet is None:
            return
        with zipfile.ZipFile(self._path) as archive, archive.open(sheet.part) as file:
            file.read(len(sheet.head))
            for size, is_empty in sheet.slices:
                rows = file.read(size)
                if not is_empty:
                    yield size, self._small_workbook(sheet, rows)

    def _small_workbook(self, sheet: Sheet, rows: bytes) -> bytes:
        texts = _NO_TEXTS
        if self._texts is not None:
            between = _SHARED.split(rows)
            wanted = sorted(set(map(int, between[1::2])))
            new = {old: b' t="s"><v>%d</v>' % nth for nth, old in enumerate(wanted)}
            between[1::2] = [new[int(old)] for old in between[1::2]]
            rows = b"".join(between)
            texts += b"".join(self._texts.take(wanted))
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
            for name, content in self._parts.items():
                archive.writestr(name, content)
            archive.writestr(TEXTS_PART, texts + b"</sst>")
            archive.writestr(sheet.part, sheet.head + rows + b"</sheetData></worksheet>")
        return made.getvalue()


class _Texts:
    """The shared texts of a workbook, in a file that has no name and ends with the process."""

    def __init__(self, archive: zipfile.ZipFile, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # it lives as long as this
        weakref.finalize(self, self._file.close)
        self._starts = array("Q")
        self._count = 0
        size = 0
        kept = b""
        with archive.open(TEXTS_PART) as file:
            while piece := file.read(_PIECE_BYTES):
                whole, found, kept = (kept + piece).rpartition(b"</si>")
                size = self._add(whole + found, size)
                if len(kept) > _TEXT_BYTES_MAX:
                    raise _refused(what="teks bersama / shared texts")
        self._add(kept, size)
        self._file.flush()

    def _add(self, content: bytes, size: int) -> int:
        found: list[bytes] = _TEXT.findall(content)
        if len(found) != content.count(b"<si") or b"<!" in content:
            raise _refused(what="teks bersama / shared texts")
        for text in found:
            if self._count % _TEXTS_IN_BLOCK == 0:
                self._starts.append(size)
            self._count += 1
            size += len(text)
        self._file.write(b"".join(found))
        return size

    def take(self, numbers: Iterable[int]) -> Iterator[bytes]:
        """Yield the texts with these numbers, which ascend.

        Raises:
            FileRefusedError: there is no such text.
        """
        block, texts = -1, list[bytes]()
        for number in numbers:
            if number >= self._count:
                raise _refused(what="nomor teks bersama / the number of a shared text")
            if number // _TEXTS_IN_BLOCK != block:
                block = number // _TEXTS_IN_BLOCK
                texts = self._block(block)
            yield texts[number % _TEXTS_IN_BLOCK]

    def _block(self, nth: int) -> list[bytes]:
        self._file.seek(self._starts[nth])
        end = self._starts[nth + 1] - self._starts[nth] if nth + 1 < len(self._starts) else -1
        found: list[bytes] = _TEXT.findall(self._file.read(end))
        return found


def _sheets_in(parts: dict[str, bytes]) -> dict[str, str]:
    """Return the part of each sheet by name, in the order of the workbook."""
    try:
        book = ET.fromstring(parts["xl/workbook.xml"])  # noqa: S314  # expat bounds what entities may become
        links = ET.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314  # likewise
        targets = {link.attrib["Id"]: link.attrib["Target"] for link in links}
        sheets = [found for found in book.iter() if found.tag.rpartition("}")[2] == "sheet"]
        return {found.attrib["name"]: _part(targets[_link_of(found.attrib)]) for found in sheets}
    except (ET.ParseError, KeyError, StopIteration):
        raise _refused(what="daftar lembar / the list of sheets") from None


def _link_of(attributes: dict[str, Any]) -> str:
    return str(next(value for name, value in attributes.items() if name.endswith("}id")))


def _part(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _cut(archive: zipfile.ZipFile, part: str, slice_bytes: int) -> Sheet:
    """Return how a sheet is cut, having looked at every cell.

    Raises:
        FileRefusedError: a row or cell is not written as the usual programs write it.
    """
    with archive.open(part) as file:
        head, rest = _head_of(file)
        if not rest:
            return Sheet(part, head, (), 0)
        slices: list[Slice] = []
        columns: set[bytes] = set()
        for rows in _between_rows(file, rest, slice_bytes):
            slices += _fitting(rows, columns)
        while file.read(_PIECE_BYTES):
            pass  # to its end, where the archive says whether all of it was right
    return Sheet(part, head, tuple(slices), max(map(column_index, columns), default=0))


def _head_of(file: Any) -> tuple[bytes, bytes]:
    """Return what stands before the first row, and what was read of the rows; nothing of those when there are none."""
    read = b""
    while piece := file.read(_PIECE_BYTES):
        read += piece
        at = read.find(b"<sheetData")
        end = read.find(b">", at)
        if at >= 0 and end >= 0:
            if read[end - 1 : end] == b"/":
                return read, b""
            if b"<!" in read[:end]:
                break
            return read[: end + 1], read[end + 1 :] or file.read(_PIECE_BYTES)
        if len(read) > _SMALL_PART_BYTES_MAX:
            break
    raise _refused(what="awal lembar / the beginning of a sheet")


def _between_rows(file: Any, rest: bytes, slice_bytes: int) -> Iterator[bytes]:
    """Yield stretches of whole rows, in order and without gaps."""
    while True:
        end = rest.find(b"</sheetData")
        cut = rest.rfind(_ROW_END, 0, slice_bytes)
        if cut < 0:
            cut = rest.find(_ROW_END)
        if end >= 0 and (end <= slice_bytes or cut < 0):
            if end:
                yield rest[:end]
            return
        if cut >= 0 and len(rest) >= slice_bytes:
            yield rest[: cut + len(_ROW_END)]
            rest = rest[cut + len(_ROW_END) :]
            continue
        piece = b"" if len(rest) > _ROW_BYTES_MAX else file.read(_PIECE_BYTES)
        if not piece:
            raise _refused(what="baris / a row")
        rest += piece


def _fitting(rows: bytes, columns: set[bytes]) -> Iterator[Slice]:
    """Yield slices that the library has room for: a stretch is halved between rows until it fits."""
    cells: list[tuple[bytes, bytes]] = _CELL.findall(rows)
    filled = {row for _, row in cells}
    if (
        len(cells) != len(_BEGUN.findall(rows))
        or not filled <= set(_ROW.findall(rows))
        or rows.count(b"</row") != rows.count(_ROW_END)
        or rows.count(b' t="s"') != len(_SHARED.findall(rows))
        or any(sign in rows for sign in _OTHERWISE)
    ):
        raise _refused(what="sel / a cell")
    named = {column for column, _ in cells}
    columns |= named
    found = set(map(int, filled))
    height = max(found) - min(found) + 1 if found else 0
    if height <= 1 or height * max(map(column_index, named)) <= _CELLS_MAX:
        yield Slice(len(rows), is_empty=not cells)
        return
    # Two rows with cells each have an end, so that there is one to cut behind.
    middle = rows.find(_ROW_END, len(rows) // 2)
    if middle < 0 or _ROW_END not in rows[middle + 1 :]:
        middle = rows.rfind(_ROW_END, 0, middle if middle >= 0 else len(rows) // 2 + len(_ROW_END))
    middle += len(_ROW_END)
    yield from _fitting(rows[:middle], columns)
    yield from _fitting(rows[middle:], columns)


def column_index(column: bytes) -> int:
    """Return the number from 1 of the column that letters name."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _refused(*, what: str) -> FileRefusedError:
    detail = (
        f"terlalu besar untuk dibaca sekaligus, dan tidak dapat dipotong / too large to be read at once or cut: {what}"
    )
    return refuse_file(code="FILE-TOO-LARGE", detail=detail)
