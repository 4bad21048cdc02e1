"""The book of an office's files, in the office's own SQLite file: jobs, problems, proposals, digests of rows.

What writes takes the spool and stands within a transaction of the clerk; what reads has a connection of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import orjson

from services.ingest.adapters.spool import Spool
from services.ingest.core.snapshots.compare import Known, Problem

State = Literal["received", "reading", "waiting", "done", "refused"]
UNFINISHED: Final = ("received", "reading")

_CACHE_KIB: Final = 16 * 1024
_BUSY_SECONDS: Final = 20.0
_JOB: Final = """
    SELECT number, id, name, kind, kontes, covers, state, scope, uncovered, received_ms, ended_ms, bytes_total, counts,
           reason
    FROM snapshot
"""
# What was rejected has had no effect: such a row goes the way of every change and is said again.
_KNOWN: Final = """
    WITH RECURSIVE nth (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM nth WHERE n + 1 < :count)
    SELECT nth.n, iif(ledger.lane = 1, ledger.epoch, 0), iif(ledger.lane = 1, ledger.sequence, 0),
           ledger.row_digest IS substr(:digests, nth.n * 16 + 1, 16) AND objection.sequence IS NULL
    FROM nth
    CROSS JOIN ledger ON ledger.key = substr(:keys, nth.n * 16 + 1, 16)
    LEFT JOIN objection
        ON objection.lane = ledger.lane AND objection.epoch = ledger.epoch
        AND objection.sequence = ledger.sequence AND objection.verdict = 'rejected'
"""
_STANDING: Final = """
    SELECT key, epoch, sequence, place FROM ledger
    WHERE key > :after AND lane = 1 AND NOT retracted AND (epoch, sequence) <= (:epoch, :sequence)
    ORDER BY key LIMIT :limit
"""


class Job(NamedTuple):
    """One file and how far it has come."""

    number: int
    id: str
    name: str
    kind: str | None
    kontes: str | None
    """What the office named beside the file, where the file does not say it."""
    covers: str | None
    """Codes of the wilayah of which the office says that the file lists every voter."""
    state: State
    scope: str | None
    uncovered: str | None
    """Codes of the desa of which one TPS alone is listed, so that nobody is looked for there."""
    received_ms: int
    ended_ms: int | None
    bytes_total: int
    counts: dict[str, int]
    reason: str | None


class Standing(NamedTuple):
    """The newest version of a voter that has not been taken back."""

    key: bytes
    epoch: int
    sequence: int
    place: int | None
    """Her desa, where it is known."""


def add_job(spool: Spool, job: Job) -> None:
    """Remember a file that lies on the shelf; one that is known stays as it is."""
    spool.connection.execute(
        """
        INSERT OR IGNORE INTO snapshot (id, name, kind, kontes, covers, state, received_ms, bytes_total)
        VALUES (?, ?, ?, ?, ?, 'received', ?, ?)
        """,
        (job.id, job.name, job.kind, job.kontes, job.covers, job.received_ms, job.bytes_total),
    )


def begin_job(spool: Spool, number: int) -> None:
    """Begin to read, or begin again after a kill: what was found half-way is found again."""
    for table in ("snapshot_problem", "snapshot_disappeared"):
        spool.connection.execute(f"DELETE FROM {table} WHERE snapshot = ?", (number,))  # noqa: S608  # our own names
    spool.connection.execute("UPDATE snapshot SET state = 'reading', counts = '{}' WHERE number = ?", (number,))


def note_rows(spool: Spool, noted: Iterable[tuple[bytes, bytes, int, int]]) -> None:
    """Remember digests of rows, by key, epoch and sequence: each only while the version it stands for is the newest."""
    spool.connection.executemany("UPDATE ledger SET row_digest = ? WHERE key = ? AND epoch = ? AND sequence = ?", noted)


def add_problems(spool: Spool, number: int, first: int, problems: Sequence[Problem]) -> None:
    """Keep problems, numbered from ``first`` on."""
    spool.connection.executemany(
        "INSERT OR REPLACE INTO snapshot_problem VALUES (?, ?, ?, ?)",
        (
            (number, nth, found.code, orjson.dumps(found.told).decode())
            for nth, found in enumerate(problems, start=first)
        ),
    )


def tell_counts(  # noqa: PLR0913  # all that is known of a file while it is read
    spool: Spool,
    number: int,
    kind: str | None,
    counts: dict[str, int],
    *,
    scope: Iterable[str],
    uncovered: Iterable[str],
) -> None:
    """Remember how far a file has come."""
    spool.connection.execute(
        "UPDATE snapshot SET kind = coalesce(?, kind), scope = ?, uncovered = ?, counts = ? WHERE number = ?",
        (kind, " ".join(scope) or None, " ".join(uncovered) or None, orjson.dumps(counts).decode(), number),
    )


def propose(spool: Spool, number: int, standing: Iterable[Standing]) -> None:
    """Propose to take back what a file no longer names."""
    spool.connection.executemany(
        """
        INSERT OR IGNORE INTO snapshot_disappeared (snapshot, key, epoch, sequence, state)
        VALUES (?, ?, ?, ?, 'proposed')
        """,
        ((number, one.key, one.epoch, one.sequence) for one in standing),
    )


def end_job(spool: Spool, number: int, state: State, reason: str | None, *, now_ms: int) -> None:
    """Remember what became of a file."""
    spool.connection.execute(
        "UPDATE snapshot SET state = ?, reason = ?, ended_ms = ? WHERE number = ?", (state, reason, now_ms, number)
    )


def proposed(spool: Spool, number: int, nths: Sequence[int] | None, limit: int) -> list[Standing]:
    """Return proposals nobody has decided about: some of those named by their place, or of all for ``None``."""
    rows = spool.connection.execute(
        """
        SELECT key, epoch, sequence, NULL FROM (
            SELECT *, row_number() OVER (ORDER BY key) AS nth FROM snapshot_disappeared WHERE snapshot = :number
        )
        WHERE state = 'proposed' AND nth IN (SELECT value FROM json_each(:nths)) ORDER BY key LIMIT :limit
        """
        if nths is not None
        else """
        SELECT key, epoch, sequence, NULL FROM snapshot_disappeared
        WHERE snapshot = :number AND state = 'proposed' ORDER BY key LIMIT :limit
        """,
        {"number": number, "nths": orjson.dumps(nths).decode(), "limit": limit},
    )
    return list(map(Standing._make, rows))


def decide(spool: Spool, number: int, keys: Iterable[bytes], state: str) -> None:
    """Remember what was decided about some proposals; the job is done when nothing is left to decide."""
    spool.connection.executemany(
        "UPDATE snapshot_disappeared SET state = ? WHERE snapshot = ? AND key = ? AND state = 'proposed'",
        ((state, number, key) for key in keys),
    )
    spool.connection.execute(
        """
        UPDATE snapshot SET state = 'done'
        WHERE number = :number AND state = 'waiting' AND NOT EXISTS (
            SELECT 1 FROM snapshot_disappeared WHERE snapshot = :number AND state = 'proposed'
        )
        """,
        {"number": number},
    )


def forget_before(spool: Spool, before_ms: int) -> None:
    """Let go of jobs that ended before a moment, with their problems and what was decided."""
    old = "(SELECT number FROM snapshot WHERE state IN ('done', 'refused') AND ended_ms < ?)"
    for table in ("snapshot_problem", "snapshot_disappeared"):
        spool.connection.execute(f"DELETE FROM {table} WHERE snapshot IN {old}", (before_ms,))  # noqa: S608  # our own
    spool.connection.execute("DELETE FROM snapshot WHERE state IN ('done', 'refused') AND ended_ms < ?", (before_ms,))


class BookReader:
    """Reads the book beside its writer. It belongs to the thread that opens it."""

    def __init__(self, path: Path) -> None:
        """Read the office's file at ``path``, which its writer has opened before."""
        self._sql = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_SECONDS)
        self._sql.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._sql.execute("PRAGMA query_only = ON")

    def close(self) -> None:
        """Stop reading."""
        self._sql.close()

    def jobs(self, *, before: int | None, limit: int) -> list[Job]:
        """Return jobs, the newest first, older than the one numbered ``before``."""
        rows = self._sql.execute(
            f"{_JOB} WHERE ? IS NULL OR number < ? ORDER BY number DESC LIMIT ?", (before, before, limit)
        )
        return list(map(_job, rows))

    def job(self, identity: str) -> Job | None:
        """Return one job."""
        row = self._sql.execute(f"{_JOB} WHERE id = ?", (identity,)).fetchone()
        return None if row is None else _job(row)

    def unfinished(self) -> list[Job]:
        """Return the jobs that need their file, the oldest first."""
        rows = self._sql.execute(f"{_JOB} WHERE state IN ('received', 'reading') ORDER BY number")
        return list(map(_job, rows))

    def problems(self, number: int, *, after: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
        """Return problems of a file in its order, those after the one numbered ``after``."""
        rows = self._sql.execute(
            "SELECT nth, problem FROM snapshot_problem WHERE snapshot = ? AND nth > ? ORDER BY nth LIMIT ?",
            (number, after, limit),
        )
        return [(nth, orjson.loads(problem)) for nth, problem in rows]

    def groups(self, number: int) -> list[dict[str, Any]]:
        """Return how often each problem stands in a file, with the first of each kind."""
        rows = self._sql.execute(
            """
            SELECT count(*), min(nth), problem FROM snapshot_problem WHERE snapshot = ?
            GROUP BY code, problem ->> 'group' ORDER BY 1 DESC, 2
            """,
            (number,),
        )
        return [{"count": count, **orjson.loads(problem)} for count, _, problem in rows]

    def disappeared(self, number: int, *, after: int, limit: int) -> list[tuple[Standing, str]]:
        """Return proposals with what was decided, in the order of their keys, beyond the first ``after``.

        The place in this order names a proposal: a token is personal, and no proposal ever goes or comes later.
        """
        rows = self._sql.execute(
            """
            SELECT gone.key, gone.epoch, gone.sequence, ledger.place, gone.state
            FROM snapshot_disappeared AS gone LEFT JOIN ledger ON ledger.key = gone.key
            WHERE gone.snapshot = ? ORDER BY gone.key LIMIT ? OFFSET ?
            """,
            (number, limit, after),
        )
        return [(Standing(*row[:4]), row[4]) for row in rows]

    def decisions(self, number: int) -> dict[str, int]:
        """Return how many proposals of a file are in each state."""
        return dict(
            self._sql.execute(
                "SELECT state, count(*) FROM snapshot_disappeared WHERE snapshot = ? GROUP BY state", (number,)
            ).fetchall()
        )

    def known(self, keys: Sequence[bytes], digests: Sequence[bytes]) -> list[Known]:
        """Return what the ledger says of those ``keys`` that it knows; a key for which no digest is left has none."""
        if not keys:
            return []
        given = {"keys": b"".join(keys), "digests": b"".join(digests), "count": len(keys)}
        return self._sql.execute(_KNOWN, given).fetchall()

    def stamped_voters(self) -> tuple[int, int]:
        """Return epoch and sequence of the newest voter."""
        epoch, stamped = self._sql.execute("SELECT max(epoch), stamped FROM numbering WHERE lane = 1").fetchone()
        return epoch, stamped

    def standing(self, upto: tuple[int, int], *, after: bytes, limit: int) -> list[tuple[bytes, int, int, int | None]]:
        """Return voters that stood when the numbering had come ``upto``, in the order of their keys.

        As the parts of a ``Standing``: all voters of an office pass here, and few of them have disappeared.
        """
        given = {"after": after, "epoch": upto[0], "sequence": upto[1], "limit": limit}
        return self._sql.execute(_STANDING, given).fetchall()


def a_new_job(  # noqa: PLR0913  # what is known of a file before it is read
    identity: str,
    name: str,
    kind: str | None,
    kontes: str | None,
    *,
    size: int,
    now_ms: int,
    covers: Iterable[str] = (),
) -> Job:
    """Return the job of a file that has just been put on the shelf."""
    named = " ".join(sorted(set(covers))) or None
    return Job(0, identity, name, kind, kontes, named, "received", None, None, now_ms, None, size, {}, None)


def _job(row: Sequence[Any]) -> Job:
    return Job._make((*row[:12], orjson.loads(row[12]), row[13]))
