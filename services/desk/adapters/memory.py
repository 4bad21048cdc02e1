"""What the desk remembers between two commands: how far a push came, and what was pushed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from services.desk.core.settled import Seen

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS under_way (
    ingest TEXT NOT NULL,
    path TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    changed_ns INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (ingest)
) STRICT;
CREATE TABLE IF NOT EXISTS pushed (
    number INTEGER PRIMARY KEY,
    ingest TEXT NOT NULL,
    path TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    changed_ns INTEGER NOT NULL,
    time TEXT NOT NULL,
    summary TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS pushed_file ON pushed (ingest, path);
"""
_WAIT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A file as it is: changed, it is another one."""

    path: Path
    seen: Seen

    @classmethod
    def at(cls, path: Path) -> Piece:
        """Return the file at ``path`` as it is now."""
        told = path.stat()
        return cls(path.resolve(), Seen(told.st_size, told.st_mtime_ns))


class Memory:
    """A small SQLite file. Losing it costs a repetition and no data: ingest recognises what it has."""

    def __init__(self, folder: Path, ingest: str) -> None:
        """Remember in ``folder`` what is pushed to ``ingest``."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._ingest = ingest
        self._file = sqlite3.connect(folder / "desk.sqlite", timeout=_WAIT_SECONDS, isolation_level=None)
        self._file.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        """Lend it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self._file.close()

    def under_way(self, piece: Piece) -> dict[str, Any]:
        """Return how far a push of ``piece`` came, empty when it was not the last that was begun.

        Going on after something else was pushed in between could leave the older statement standing: it begins anew.
        """
        with closing(
            self._file.execute(
                "SELECT state FROM under_way WHERE ingest = ? AND path = ? AND size_bytes = ? AND changed_ns = ?",
                (self._ingest, *_columns(piece)),
            )
        ) as rows:
            found = rows.fetchone()
        return {} if found is None else dict(json.loads(found[0]))

    def note(self, piece: Piece, state: dict[str, Any]) -> None:
        """Remember how far the push of ``piece`` has come; it is the one that is under way from now on."""
        self._file.execute(
            "INSERT OR REPLACE INTO under_way (ingest, path, size_bytes, changed_ns, state) VALUES (?, ?, ?, ?, ?)",
            (self._ingest, *_columns(piece), json.dumps(state)),
        )

    def finish(self, piece: Piece, time: str, summary: dict[str, Any]) -> None:
        """Remember that ``piece`` was pushed to its end, and with what result."""
        self._file.execute("BEGIN IMMEDIATE")
        self._file.execute(
            "INSERT INTO pushed (ingest, path, size_bytes, changed_ns, time, summary) VALUES (?, ?, ?, ?, ?, ?)",
            (self._ingest, *_columns(piece), time, json.dumps(summary)),
        )
        self._file.execute("DELETE FROM under_way WHERE ingest = ?", (self._ingest,))
        self._file.execute("COMMIT")

    def done_in(self, folder: Path) -> set[tuple[str, Seen]]:
        """Return the files directly in ``folder`` that were pushed, by name, as they were then."""
        with closing(
            self._file.execute("SELECT path, size_bytes, changed_ns FROM pushed WHERE ingest = ?", (self._ingest,))
        ) as rows:
            pieces = [(Path(path), Seen(size, changed)) for path, size, changed in rows]
        resolved = folder.resolve()
        return {(path.name, seen) for path, seen in pieces if path.parent == resolved}

    def newest(self, how_many: int) -> list[dict[str, Any]]:
        """Return what was pushed last, the newest first."""
        with closing(
            self._file.execute(
                "SELECT path, time, summary FROM pushed WHERE ingest = ? ORDER BY number DESC LIMIT ?",
                (self._ingest, how_many),
            )
        ) as rows:
            return [{"path": path, "time": time, **json.loads(summary)} for path, time, summary in rows]


def _columns(piece: Piece) -> tuple[str, int, int]:
    return str(piece.path), piece.seen.size_bytes, piece.seen.changed_ns
