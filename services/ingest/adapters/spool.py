"""The spool: one SQLite file per office, on disk before anybody is told that a change was taken (invariant I1).

It holds the lines that wait for Kafka, the ledger, the ids, and what came back from the province. There is one writer,
the office's clerk; readers have a connection of their own and never wait for it.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, cast

import orjson

from contracts.identifiers import LANES, Lane, parse_subject
from contracts.objection import Objection
from contracts.progress import Merged
from services.ingest.core.batches import Piece, pieces_of
from services.ingest.core.mending import SETTLE_SECONDS
from services.ingest.core.stamp import Adopted, Entry, Known, Numbering, Stamped, Stretch
from services.ingest.core.statement import Statement, key_of
from services.runtime.errors import FatalError

LANE_NUMBER: Final = {lane: number for number, lane in enumerate(LANES)}

DUE: Final = """
    SELECT number, causes, bounds, lane, epoch, sequence FROM going_through
    WHERE due_ms <= :now_ms OR due_ms > :never_ms
    ORDER BY lane > 0, number LIMIT 1
"""
"""The way to go on with: results before voters, then the oldest that is due.

What lies further ahead than anything is put off was noted by a clock that has been set right since.
"""

_PAGE_BYTES: Final = 8192
# Kept small because one process serves many offices; what does not fit, the operating system keeps in memory.
_CACHE_KIB: Final = 8 * 1024
_READER_CACHE_KIB: Final = 1024
_CHECKPOINT_PAGES: Final = 2048
"""Sixteen MiB: voters are random places in the ledger, and a page written often is copied back once."""
_BUSY_SECONDS: Final = 20.0

_LEDGER_ROWS: Final = """
    WITH RECURSIVE nth (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM nth WHERE n + 1 < :count)
    SELECT json_group_array(json_array(
        nth.n, ledger.epoch, ledger.revision, ledger.sequence, hex(ledger.digest), ledger.retracted,
        objection.sequence IS NOT NULL
    ))
    FROM nth
    CROSS JOIN ledger ON ledger.key = substr(:keys, nth.n * 16 + 1, 16)
    LEFT JOIN objection
        ON objection.lane = ledger.lane AND objection.epoch = ledger.epoch
        AND objection.sequence = ledger.sequence AND objection.verdict = 'rejected'
"""
_STATEMENT_ROWS: Final = """
    SELECT json_group_array(json_array(
        asked.value, statement.lane, statement.epoch, statement.revision, statement.sequence,
        hex(statement.fingerprint), objection.sequence IS NOT NULL
    ))
    FROM json_each(:ids) AS asked
    CROSS JOIN statement ON statement.id = asked.value
    LEFT JOIN objection
        ON objection.lane = statement.lane AND objection.epoch = statement.epoch
        AND objection.sequence = statement.sequence AND objection.verdict = 'rejected'
"""
# Rows come in the order of the numbering, so of two revisions of one voter in one stretch the later stays. The
# revision of a retraction is negative on its way here: one number for each row is all that json_each carries.
_ADD_VOTERS: Final = """
    INSERT INTO ledger (key, lane, epoch, revision, sequence, digest, retracted, subject, place)
    SELECT substr(:keys, key * 16 + 1, 16), :lane, :epoch, abs(value), :first + key,
           substr(:digests, key * 16 + 1, 16), value < 0, NULL, CAST(substr(:places, key * 10 + 1, 10) AS INTEGER)
    FROM json_each(:revisions) WHERE true
    ON CONFLICT (key) DO UPDATE SET
        lane = excluded.lane, epoch = excluded.epoch, revision = excluded.revision, sequence = excluded.sequence,
        digest = excluded.digest, retracted = excluded.retracted, place = excluded.place, row_digest = NULL
"""
_ADD_RECORD: Final = """
    INSERT INTO ledger (key, lane, epoch, revision, sequence, digest, retracted, subject)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET
        lane = excluded.lane, epoch = excluded.epoch, revision = excluded.revision, sequence = excluded.sequence,
        digest = excluded.digest, retracted = excluded.retracted, row_digest = NULL
"""
# Two values in one text, "<revision> <id>": an id has no spaces.
_ADD_STATEMENTS: Final = """
    INSERT INTO statement (id, lane, epoch, revision, sequence, fingerprint, recorded_ms)
    SELECT substr(value, instr(value, ' ') + 1), :lane, :epoch, CAST(value AS INTEGER), :first + key,
           substr(:fingerprints, key * 16 + 1, 16), :recorded_ms
    FROM json_each(:revisions_and_ids) WHERE true
    ON CONFLICT (id) DO UPDATE SET
        lane = excluded.lane, epoch = excluded.epoch, revision = excluded.revision, sequence = excluded.sequence,
        fingerprint = excluded.fingerprint, recorded_ms = excluded.recorded_ms
"""

_ADD_ALIAS: Final = """
    INSERT INTO statement (id, lane, epoch, revision, sequence, fingerprint, recorded_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET
        lane = excluded.lane, epoch = excluded.epoch, revision = excluded.revision, sequence = excluded.sequence,
        fingerprint = excluded.fingerprint, recorded_ms = excluded.recorded_ms
    WHERE (epoch, sequence) != (excluded.epoch, excluded.sequence)
"""


# Still about the newest version: what was said anew since is no business of an old objection.
_OBJECTED: Final = """
    SELECT objection.lane, objection.epoch, objection.sequence, objection.key
    FROM objection
    CROSS JOIN ledger ON ledger.key = objection.key AND ledger.lane = objection.lane
        AND ledger.epoch = objection.epoch AND ledger.sequence = objection.sequence
    WHERE objection.verdict IN (SELECT value FROM json_each(:verdicts))
        AND (
            json_array_length(:codes) = 0
            OR EXISTS (
                SELECT 1 FROM json_each(objection.findings) AS finding
                WHERE finding.value ->> 'tier' IN ('hold', 'reject')
                    AND finding.value ->> 'code' IN (SELECT value FROM json_each(:codes))
            )
        )
"""

_OBJECTED_AFTER: Final = (
    _OBJECTED
    + """
    AND (objection.lane, objection.epoch, objection.sequence) > (:lane, :epoch, :sequence)
    AND (:kind IS NULL OR objection.type = :kind)
    ORDER BY objection.lane, objection.epoch, objection.sequence LIMIT :limit
"""
)
_OBJECTED_OF: Final = (
    _OBJECTED  # noqa: S608  # both texts are ours
    + """
    AND objection.key IN (
        WITH RECURSIVE nth (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM nth WHERE n + 1 < :count)
        SELECT substr(:keys, n * 16 + 1, 16) FROM nth
    )
    ORDER BY objection.lane, objection.epoch, objection.sequence
"""
)


class Objected(NamedTuple):
    """A change that was held or rejected, by its number (the lane as the file keeps it) and record."""

    lane: int
    epoch: int
    sequence: int
    key: bytes


class Cause(NamedTuple):
    """How many newest versions were held or rejected with one code."""

    verdict: Literal["held", "rejected"]
    code: str
    type: str
    lane: Lane
    changes: int


class Standing(NamedTuple):
    """Where a lane stands in one epoch."""

    lane: Lane
    epoch: int
    stamped: int
    published: int
    through: int
    held: int
    rejected: int
    recorded_ms: int | None


class Found(NamedTuple):
    """What the spool knows about the statement behind an id."""

    lane: Lane
    epoch: int
    sequence: int
    recorded_ms: int
    verdict: Literal["held", "rejected"] | None
    findings: list[dict[str, Any]]


class Spool:
    """The one writer of an office's file. It belongs to the thread that opens it."""

    def __init__(self, path: Path) -> None:
        """Open the file at ``path``, or begin a new one.

        Raises:
            FatalError: another process has it open, or a newer version of ingest has written it.
        """
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = _locked(path.with_suffix(".lock"))
        created = not path.exists()
        self._sql = _open(path, _CACHE_KIB)
        if created:
            path.chmod(0o600)
            self._sql.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        self._sql.execute("PRAGMA journal_mode = WAL")
        # Every commit is on disk when it returns; the default of WAL would lose the last ones in a power cut.
        self._sql.execute("PRAGMA synchronous = FULL")
        self._sql.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        _migrate(self._sql, path)

    def close(self) -> None:
        """Close the file and let another process have it."""
        self._sql.close()
        os.close(self._lock)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write everything within as one, on disk when this ends; nothing of it when it raises."""
        self._sql.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._sql.execute("COMMIT")
        except BaseException:
            # A full disk ends the transaction by itself.
            if self._sql.in_transaction:
                self._sql.execute("ROLLBACK")
            raise

    # What is known ------------------------------------------------------------------------------------------------

    def ledger(self, keys: Sequence[bytes]) -> dict[bytes, Entry]:
        """Return what the ledger knows about ``keys``."""
        if not keys:
            return {}
        rows = self._json(_LEDGER_ROWS, {"keys": b"".join(keys), "count": len(keys)})
        return {
            keys[nth]: Entry(epoch, revision, sequence, digest.lower(), bool(retracted), bool(rejected))
            for nth, epoch, revision, sequence, digest, retracted, rejected in rows
        }

    def statements(self, ids: Sequence[str]) -> dict[str, Known]:
        """Return what is known about ``ids``."""
        if not ids:
            return {}
        rows = self._json(_STATEMENT_ROWS, {"ids": _json_text(ids)})
        return {
            identity: Known(LANES[lane], epoch, revision, sequence, bytes.fromhex(fingerprint), bool(rejected))
            for identity, lane, epoch, revision, sequence, fingerprint, rejected in rows
        }

    def numbering(self) -> dict[Lane, Numbering]:
        """Return how far each lane has come in its newest epoch."""
        rows = self._sql.execute("SELECT lane, max(epoch), stamped FROM numbering GROUP BY lane")
        return {LANES[lane]: Numbering(epoch, stamped) for lane, epoch, stamped in rows}

    # What is taken ------------------------------------------------------------------------------------------------

    def add(self, stamped: Stamped, *, recorded_ms: int) -> None:
        """Keep what was stamped: lines, ledger, ids and numbering. Must stand within a transaction."""
        for stretch in stamped.stretches.values():
            if stretch.lines:
                self._add_lines(stretch, recorded_ms)
                self._add_to_ledger(stretch)
                self._add_statements(stretch, recorded_ms)
        self._sql.executemany(
            _ADD_ALIAS,
            (
                (
                    identity,
                    LANE_NUMBER[known.lane],
                    known.epoch,
                    known.revision,
                    known.sequence,
                    known.fingerprint,
                    recorded_ms,
                )
                for identity, known in stamped.aliases.items()
            ),
        )

    def _add_lines(self, stretch: Stretch, recorded_ms: int) -> None:
        lane = LANE_NUMBER[stretch.lane]
        self._sql.executemany(
            "INSERT INTO spool (lane, epoch, first, last, recorded_ms, lines) VALUES (?, ?, ?, ?, ?, ?)",
            (
                (lane, piece.epoch, piece.first, piece.last, recorded_ms, piece.lines)
                for piece in pieces_of(stretch.lines, epoch=stretch.epoch, first=stretch.first)
            ),
        )
        self._sql.execute(
            "UPDATE numbering SET stamped = ?, recorded_ms = ? WHERE lane = ? AND epoch = ?",
            (stretch.last, recorded_ms, lane, stretch.epoch),
        )

    def _add_to_ledger(self, stretch: Stretch) -> None:
        lane = LANE_NUMBER[stretch.lane]
        if stretch.lane == "pemilih":
            revisions = [
                -revision if retracted else revision
                for revision, retracted in zip(stretch.revisions, stretch.retractions, strict=True)
            ]
            self._sql.execute(
                _ADD_VOTERS,
                {
                    "keys": b"".join(stretch.keys),
                    "digests": bytes.fromhex("".join(stretch.digests)),
                    "revisions": _json_text(revisions),
                    "places": b"".join(stretch.places),
                    "lane": lane,
                    "epoch": stretch.epoch,
                    "first": stretch.first,
                },
            )
            return
        self._sql.executemany(
            _ADD_RECORD,
            (
                (key, lane, stretch.epoch, revision, stretch.first + nth, bytes.fromhex(digest), retracted, subject)
                for nth, (key, revision, digest, retracted, subject) in enumerate(
                    zip(
                        stretch.keys,
                        stretch.revisions,
                        stretch.digests,
                        stretch.retractions,
                        stretch.subjects,
                        strict=True,
                    )
                )
            ),
        )

    def _add_statements(self, stretch: Stretch, recorded_ms: int) -> None:
        named = [f"{revision} {identity}" for revision, identity in zip(stretch.revisions, stretch.ids, strict=True)]
        self._sql.execute(
            _ADD_STATEMENTS,
            {
                "revisions_and_ids": _json_text(named),
                "fingerprints": b"".join(stretch.fingerprints),
                "lane": LANE_NUMBER[stretch.lane],
                "epoch": stretch.epoch,
                "first": stretch.first,
                "recorded_ms": recorded_ms,
            },
        )

    # What came of it ----------------------------------------------------------------------------------------------

    def mark_published(self, lane: Lane, epoch: int, sequence: int) -> None:
        """Remember that Kafka has confirmed everything up to ``sequence``."""
        self._sql.execute(
            "UPDATE numbering SET published = max(published, min(stamped, ?)) WHERE lane = ? AND epoch = ?",
            (sequence, LANE_NUMBER[lane], epoch),
        )

    def mark_lost(self, lane: Lane) -> None:
        """Deliver again what Kafka has lost: all that is not merged."""
        self._sql.execute(
            """
            UPDATE numbering SET published = coalesce(
                (
                    SELECT min(first) - 1 FROM spool
                    WHERE spool.lane = numbering.lane AND spool.epoch = numbering.epoch
                        AND spool.last > numbering.through
                ),
                published
            )
            WHERE lane = ?
            """,
            (LANE_NUMBER[lane],),
        )

    def mark_merged(self, merged: Merged) -> None:
        """Remember how far the province has come."""
        self._sql.execute(
            """
            UPDATE numbering SET through = max(through, ?), held = ?, rejected = ? WHERE lane = ? AND epoch = ?
            """,
            (merged.through, merged.held, merged.rejected, LANE_NUMBER[merged.lane], merged.epoch),
        )

    def add_objections(self, objections: Iterable[Objection]) -> None:
        """Remember what the validator said."""
        self._sql.executemany(
            """
            INSERT OR REPLACE INTO objection (lane, epoch, sequence, verdict, findings, key, type)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            (
                (
                    LANE_NUMBER[said.lane],
                    said.epoch,
                    said.sequence,
                    said.verdict,
                    _json_text([finding.model_dump(mode="json") for finding in said.findings]),
                    self.key_of_objection(said),
                    said.type,
                )
                for said in objections
            ),
        )

    def mark_read(self, positions: Mapping[tuple[str, int], int]) -> None:
        """Remember where reading goes on."""
        self._sql.executemany(
            "INSERT OR REPLACE INTO feed_position VALUES (?, ?, ?)",
            ((topic, partition, offset) for (topic, partition), offset in positions.items()),
        )

    def prune(self, *, before_ms: int) -> int:
        """Let go of lines that were taken before a moment, published and merged; return how many pieces those were.

        The piece with the newest line of a lane stays: at the next start it proves that the topic's end is ours. So
        does a piece with a line that was held or rejected and is still the newest version: it may be said again.
        """
        return self._sql.execute(
            """
            DELETE FROM spool
            WHERE recorded_ms < ?
                AND EXISTS (
                    SELECT 1 FROM numbering
                    WHERE numbering.lane = spool.lane AND numbering.epoch = spool.epoch
                        AND spool.last <= min(numbering.published, numbering.through)
                        AND spool.last < numbering.published
                )
                AND NOT EXISTS (
                    SELECT 1 FROM objection
                    JOIN ledger ON ledger.key = objection.key AND ledger.lane = objection.lane
                        AND ledger.epoch = objection.epoch AND ledger.sequence = objection.sequence
                    WHERE objection.lane = spool.lane AND objection.epoch = spool.epoch
                        AND objection.sequence BETWEEN spool.first AND spool.last
                )
            """,
            (before_ms,),
        ).rowcount

    # What is said again -------------------------------------------------------------------------------------------

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection itself, for what is kept of files; it writes within ``transaction`` only."""
        return self._sql

    @staticmethod
    def key_of_objection(said: Objection) -> bytes | None:
        """Return the key of the record that an objection is about; ``None`` when it names none."""
        parsed = parse_subject(said.subject)
        if parsed is None:
            return None
        return bytes.fromhex(parsed.key) if parsed.noun == "pemilih" else key_of(said.subject)

    def objected(
        self,
        *,
        verdicts: Sequence[str],
        codes: Sequence[str],
        kind: str | None,
        after: tuple[int, int, int] | None,
        limit: int,
    ) -> list[Objected]:
        """Return objections that are still about the newest version, in order; no ``codes`` means any."""
        rows = self._sql.execute(
            _OBJECTED_AFTER,
            {
                "verdicts": _json_text(verdicts),
                "codes": _json_text(codes),
                "kind": kind,
                **dict(zip(("lane", "epoch", "sequence"), after or (-1, 0, 0), strict=True)),
                "limit": limit,
            },
        )
        return list(map(Objected._make, rows))

    def objected_of(
        self, keys: Sequence[bytes], *, codes: Sequence[str], verdicts: Sequence[str] = ("held", "rejected")
    ) -> list[Objected]:
        """Return the objections against the newest versions of some records, in order; no ``codes`` means any."""
        if not keys:
            return []
        rows = self._sql.execute(
            _OBJECTED_OF,
            {
                "verdicts": _json_text(verdicts),
                "codes": _json_text(codes),
                "keys": b"".join(keys),
                "count": len(keys),
            },
        )
        return list(map(Objected._make, rows))

    def lines_at(self, places: Sequence[tuple[int, int, int]]) -> dict[tuple[int, int, int], bytes]:
        """Return the lines with some numbers, as far as they are kept; ``places`` must come in order."""
        found: dict[tuple[int, int, int], bytes] = {}
        piece: tuple[int, int, int, int] | None = None
        lines: list[bytes] = []
        for lane, epoch, sequence in places:
            if piece is None or piece[:2] != (lane, epoch) or not piece[2] <= sequence <= piece[3]:
                row = self._sql.execute(
                    """
                    SELECT first, last, lines FROM spool WHERE lane = ? AND epoch = ? AND first <= ? AND last >= ?
                    ORDER BY first DESC LIMIT 1
                    """,
                    (lane, epoch, sequence, sequence),
                ).fetchone()
                if row is None:
                    continue
                piece, lines = (lane, epoch, row[0], row[1]), row[2].split(b"\n")
            found[lane, epoch, sequence] = lines[sequence - piece[2]]
        return found

    # A new epoch --------------------------------------------------------------------------------------------------

    def adopt(self, lane: Lane, lines: Iterable[Adopted], *, recorded_ms: int) -> None:
        """Learn from the topic what the ledger has lost."""
        number = LANE_NUMBER[lane]
        for key, subject, entry, identity, fingerprint in lines:
            self._sql.execute(
                """
                INSERT INTO ledger (key, lane, epoch, revision, sequence, digest, retracted, subject)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (key) DO UPDATE SET
                    epoch = excluded.epoch, revision = excluded.revision, sequence = excluded.sequence,
                    digest = excluded.digest, retracted = excluded.retracted, place = NULL, row_digest = NULL
                WHERE (excluded.epoch, excluded.revision) >= (ledger.epoch, ledger.revision)
                """,
                (
                    key,
                    number,
                    entry.epoch,
                    entry.revision,
                    entry.sequence,
                    bytes.fromhex(entry.digest),
                    entry.retracted,
                    subject,
                ),
            )
            self._sql.execute(
                "INSERT OR REPLACE INTO statement VALUES (?, ?, ?, ?, ?, ?, ?)",
                (identity, number, entry.epoch, entry.revision, entry.sequence, fingerprint, recorded_ms),
            )

    def take_back(self, lane: Lane, epoch: int, beyond: int) -> list[tuple[int, bytes]]:
        """Take the oldest lines numbered ``beyond`` a sequence out of the spool; none are left when none come."""
        number = LANE_NUMBER[lane]
        row = self._sql.execute(
            "SELECT position, first, lines FROM spool WHERE lane = ? AND epoch = ? AND last > ? ORDER BY first LIMIT 1",
            (number, epoch, beyond),
        ).fetchone()
        if row is None:
            return []
        position, first, lines = row
        numbered = list(enumerate(lines.split(b"\n"), start=first))
        kept = [line for sequence, line in numbered if sequence <= beyond]
        if kept:
            self._sql.execute(
                "UPDATE spool SET last = ?, lines = ? WHERE position = ?", (beyond, b"\n".join(kept), position)
            )
        else:
            self._sql.execute("DELETE FROM spool WHERE position = ?", (position,))
        return numbered[len(kept) :]

    def forget(self, sequence: int, epoch: int, said: Statement) -> None:
        """Forget that a statement had a number: it will be stamped again in another epoch.

        Its revision stays, so that the next one is higher; that its content was ever sent, the province does not know.
        """
        self._sql.execute(
            "DELETE FROM statement WHERE id = ? AND lane = ? AND epoch = ? AND sequence = ?",
            (said.id, LANE_NUMBER[said.lane], epoch, sequence),
        )
        self._sql.execute(
            "UPDATE ledger SET digest = x'' WHERE key = ? AND epoch = ? AND sequence = ? AND digest = ?",
            (said.key, epoch, sequence, bytes.fromhex(said.digest)),
        )

    def end_epoch(self, lane: Lane, epoch: int, sequence: int) -> None:
        """Stop numbering an epoch at ``sequence``, which Kafka has."""
        self._sql.execute(
            "UPDATE numbering SET stamped = ?, published = ? WHERE lane = ? AND epoch = ?",
            (sequence, sequence, LANE_NUMBER[lane], epoch),
        )

    def begin_epoch(self, lane: Lane, epoch: int) -> None:
        """Go on numbering from 1 in a new epoch."""
        self._sql.execute("INSERT INTO numbering (lane, epoch) VALUES (?, ?)", (LANE_NUMBER[lane], epoch))

    def _json(self, sql: str, given: dict[str, Any]) -> list[Any]:
        return cast("list[Any]", orjson.loads(self._sql.execute(sql, given).fetchone()[0]))


class SpoolReader:
    """Reads an office's file beside its writer, without waiting for it. It belongs to the thread that opens it."""

    def __init__(self, path: Path) -> None:
        """Read the file at ``path``, which its writer has opened before."""
        self._sql = _open(path, _READER_CACHE_KIB)
        self._sql.execute("PRAGMA query_only = ON")

    def close(self) -> None:
        """Stop reading."""
        self._sql.close()

    def standings(self) -> list[Standing]:
        """Return where each lane stands in each epoch, oldest epoch first."""
        rows = self._sql.execute(
            """
            SELECT lane, epoch, stamped, published, through, held, rejected, recorded_ms FROM numbering
            ORDER BY lane, epoch
            """
        )
        return [Standing(LANES[lane], *rest) for lane, *rest in rows]

    def waiting(self, lane: Lane, epoch: int, published: int) -> Generator[Piece]:
        """Yield the pieces of an epoch beyond ``published``, in order."""
        rows = self._sql.execute(
            "SELECT epoch, first, last, lines FROM spool WHERE lane = ? AND epoch = ? AND first > ? ORDER BY first",
            (LANE_NUMBER[lane], epoch, published),
        )
        yield from map(Piece._make, rows)

    def line(self, lane: Lane, epoch: int, sequence: int) -> bytes | None:
        """Return the line with a number, while it is kept."""
        row = self._sql.execute(
            """
            SELECT first, lines FROM spool WHERE lane = ? AND epoch = ? AND first <= ? AND last >= ?
            ORDER BY first DESC LIMIT 1
            """,
            (LANE_NUMBER[lane], epoch, sequence, sequence),
        ).fetchone()
        return None if row is None else row[1].split(b"\n")[sequence - row[0]]

    def find(self, identity: str) -> Found | None:
        """Return what is known about the statement behind an id."""
        row = self._sql.execute(
            """
            SELECT statement.lane, statement.epoch, statement.sequence, statement.recorded_ms, verdict, findings
            FROM statement LEFT JOIN objection USING (lane, epoch, sequence)
            WHERE id = ?
            """,
            (identity,),
        ).fetchone()
        if row is None:
            return None
        lane, epoch, sequence, recorded_ms, verdict, findings = row
        listed = [] if findings is None else orjson.loads(findings)
        return Found(LANES[lane], epoch, sequence, recorded_ms, verdict, listed)

    def causes(self) -> list[Cause]:
        """Return why newest versions were held or rejected, the most frequent first."""
        rows = self._sql.execute(
            """
            SELECT verdict, finding.value ->> 'code' AS code, objection.type, objection.lane, count(DISTINCT ledger.key)
            FROM objection
            CROSS JOIN ledger ON ledger.key = objection.key AND ledger.lane = objection.lane
                AND ledger.epoch = objection.epoch AND ledger.sequence = objection.sequence
            CROSS JOIN json_each(objection.findings) AS finding
            WHERE finding.value ->> 'tier' IN ('hold', 'reject')
            GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3
            """
        )
        return [Cause(verdict, code, kind, LANES[lane], changes) for verdict, code, kind, lane, changes in rows]

    def positions(self) -> dict[tuple[str, int], int]:
        """Return where reading goes on in the topics that come back."""
        rows = self._sql.execute("SELECT topic, partition, next_offset FROM feed_position")
        return {(topic, partition): offset for topic, partition, offset in rows}

    def has_calendars(self) -> bool:
        """Return whether a calendar of the province binds this office."""
        row = self._sql.execute("SELECT 1 FROM reference_value WHERE key BETWEEN 'jadwal/' AND 'jadwal/~' LIMIT 1")
        return row.fetchone() is not None

    def due_lane(self, now_ms: int) -> Lane | None:
        """Return the lane in which something has to be said again, results first; ``None``: nothing has to be."""
        row = self._sql.execute(DUE, due_at(now_ms)).fetchone()
        return None if row is None else LANES[max(row[3], 0)]

    def spooled_bytes(self, lane: Lane) -> int:
        """Return how many bytes of lines are kept."""
        row = self._sql.execute(
            "SELECT coalesce(sum(length(lines)), 0) FROM spool WHERE lane = ?", (LANE_NUMBER[lane],)
        ).fetchone()
        return int(row[0])


def due_at(now_ms: int) -> dict[str, int]:
    """Return what ``DUE`` asks for: the moment, and one so far ahead of it that nothing is put off until then."""
    return {"now_ms": now_ms, "never_ms": now_ms + 2 * int(SETTLE_SECONDS * 1000)}


def _open(path: Path, cache_kib: int) -> sqlite3.Connection:
    sql = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_SECONDS, cached_statements=256)
    sql.execute(f"PRAGMA cache_size = -{cache_kib}")
    return sql


def _locked(path: Path) -> int:
    """Return a lock that ends with the process: two writers would number two changes alike."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        message = f"{path.with_suffix('.sqlite3')} is in use by another process"
        raise FatalError(message) from error
    return lock


def _migrate(sql: sqlite3.Connection, path: Path) -> None:
    """Apply the migrations that the file does not have yet, each in a transaction of its own."""
    files = sorted(
        (
            file
            for file in resources.files("services.ingest").joinpath("migrations").iterdir()
            if file.name.endswith(".sql")
        ),
        key=lambda file: file.name,
    )
    applied = int(sql.execute("PRAGMA user_version").fetchone()[0])
    if applied > len(files):
        message = f"{path} was written by a newer version: it has {applied} migrations, known are {len(files)}"
        raise FatalError(message)
    for number, file in enumerate(files[applied:], start=applied + 1):
        script = file.read_text("utf-8")
        sql.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")


def _json_text(value: Sequence[str] | Sequence[int] | Sequence[dict[str, Any]]) -> str:
    return orjson.dumps(value).decode()
