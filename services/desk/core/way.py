"""By which way a file goes to ingest: recognised by its content first, and by its name only where that says nothing."""

from __future__ import annotations

import json
from enum import Enum
from typing import Final

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_ZIP: Final = b"PK\x03\x04"
_TABLES: Final = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm")
_JSON: Final = (".json", ".ndjson", ".jsonl", ".cloudevents")
ENDINGS: Final = frozenset({*_TABLES, *_JSON})
"""What a watched folder takes; everything else in it is somebody else's."""


class Way(Enum):
    """How a file is handed in."""

    SNAPSHOT = "snapshot"
    """A table of the office, to be compared with what it has said before."""
    SIREKAP = "sirekap"
    """One file as Sirekap publishes it."""
    LINES = "lines"
    """One change on each line."""
    BATCH = "batch"
    """A CloudEvents batch: a JSON array of changes."""
    SINGLE = "single"
    """One CloudEvent."""


MEDIA_TYPE_OF: Final = {
    Way.LINES: "application/x-ndjson",
    Way.BATCH: "application/cloudevents-batch+json",
    Way.SINGLE: "application/cloudevents+json",
}


def way_of(name: str, head: bytes, *, whole: bool) -> Way | None:
    """Return how the file called ``name`` is handed in, or ``None`` for what the desk knows no way for.

    ``head`` is how the file begins; ``whole`` says that it is all of it.
    """
    if head.startswith(_ZIP):
        return Way.SNAPSHOT
    text = head.removeprefix(_BYTE_ORDER_MARK).lstrip()
    if text.startswith(b"["):
        return Way.BATCH
    if text.startswith(b"{"):
        return _object(text, whole=whole)
    return Way.SNAPSHOT if _ending(name) in _TABLES else None


def is_taken_from_folder(name: str) -> bool:
    """Whether a file of a watched folder is one to push: not hidden, not half written, not our own marked copy."""
    if name.startswith((".", "~$")) or MARKED in name:
        return False
    return _ending(name) in ENDINGS


MARKED: Final = ".ditandai"
"""Stands in the name of a copy whose bad cells are coloured; such a copy is never pushed by itself."""


def marked_name(name: str) -> str:
    """Return how the marked copy of a file is called: it is a workbook, whatever the file was."""
    return f"{name.rpartition('.')[0] or name}{MARKED}.xlsx"


def _object(text: bytes, *, whole: bool) -> Way:
    first, _, rest = text.partition(b"\n")
    if rest.strip() and _is_object(first):
        return Way.LINES
    if whole:
        try:
            found = json.loads(text)
        except ValueError:
            # Broken in itself: as lines each one is answered by its number.
            return Way.LINES
        return Way.SINGLE if isinstance(found, dict) and {"type", "data"} <= found.keys() else Way.SIREKAP
    return Way.SIREKAP


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _ending(name: str) -> str:
    return "." + name.rpartition(".")[2].lower() if "." in name else ""
