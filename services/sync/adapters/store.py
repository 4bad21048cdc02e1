"""One transaction: rows, findings, journal, roll-ups, books and the Kafka position, all or nothing (I1, I3)."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from typing import Any, Final, NamedTuple

import asyncpg
import orjson

from contracts.identifiers import Lane
from contracts.objection import Objection
from contracts.progress import Heartbeat
from contracts.verdict import Finding
from services.runtime import postgres
from services.runtime.errors import TransientError
from services.sync.core.merge import Outcome
from services.sync.core.records import JOURNAL, NOUNS, Batch, Books, Row, Unreadable, rounds_of
from services.sync.core.stretches import Stretches

Partition = tuple[str, int]
"""Topic and number of a partition."""

_DATA_ERRORS: Final = frozenset({"22", "23", "54"})
"""Classes of SQLSTATE that blame the data: they come again however often the work is repeated."""
_AREAS_MAX: Final = 150
"""Whoever listens looks at each area: beyond this many in one transaction only the kabupaten are named."""
_AREAS_PER_NOTICE: Final = 40
"""A notice of PostgreSQL has less than 8,000 bytes, and an area at most 130 of them."""

_LINES_PER_PIECE: Final = 512
"""At most half a MiB of voters: the whole transaction in one piece costs Python a sixth more, most of it for memory."""

_DECISIONS_PER_TRANSACTION_MAX: Final = 500
"""Whoever releases thousands at once may wait a moment longer; the merging does not wait for it."""
_DIGEST: Final = re.compile(rb"[0-9a-f]{32}")
_DIGEST_COLUMN: Final = 4
"""Where the digest stands among the staged columns of every noun."""

_APPLIED: Final = Outcome.APPLIED.value.encode()

_log = logging.getLogger(__name__)


class FencedError(TransientError):
    """Another instance has taken the partition over: what this one still holds of it must not be written."""


class RewoundError(TransientError):
    """The store knows less of a partition than this instance has written: it was restored from a backup."""


class Held(NamedTuple):
    """What an instance holds of a partition."""

    fence: int
    next_offset: int
    """Where the store stood when this instance last wrote to it, or took the partition over."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One record with its place in Kafka."""

    topic: str
    partition: int
    offset: int
    batch: Batch | None
    """``None`` for a record that is not the validator's: its offset is passed and nothing else."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far the books of one office and lane are merged without a hole, and what they hold."""

    books: Books
    through: int
    held: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Merged:
    """What one transaction did."""

    outcomes: Counter[str]
    positions: list[Position]
    next_offsets: dict[Partition, int]
    decided: bool = False
    """Whether decisions may have been among it."""


class Decided(NamedTuple):
    """What one transaction made of decisions."""

    looked_at: int
    """Notes that were taken from the list; 0 when nothing is left of it."""
    states: Counter[str]
    """How many records got which state."""


@dataclass(slots=True)
class _Tally:
    """What a transaction adds to one office's books."""

    seen: Stretches
    settled: list[tuple[int, int]] = field(default_factory=list)
    changes: int = 0
    held: int = 0
    rejected: int = 0
    tms: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    recorded_time: datetime | None = None

    def count(self, judged: Any) -> None:
        """Count what a merge statement says of some changes with one outcome."""
        self.outcomes[judged["outcome"]] += judged["changes"]
        self.changes += judged["changes"]
        self.held += judged["held"]
        self.tms += judged.get("tms", 0)
        newest = judged["recorded_time"]
        self.recorded_time = newest if self.recorded_time is None else max(newest, self.recorded_time)


class Store:
    """The provincial store as sync writes it."""

    def __init__(self, pool: asyncpg.Pool[Any]) -> None:
        """Take an open pool whose connections have been prepared with :func:`prepare`."""
        self._pool = pool
        self._merge = {noun: _sql(f"merge_{noun}") for nouns in NOUNS.values() for noun in nouns}
        self._settle = _sql("keputusan_perkara")
        self._reopen = _sql("keputusan_perkara_terbuka")
        self._decide = {noun: _sql(f"keputusan_{noun}") for nouns in NOUNS.values() for noun in nouns}

    @property
    def pool(self) -> asyncpg.Pool[Any]:
        """The connections it writes over."""
        return self._pool

    async def take_over(self, partitions: Sequence[Partition]) -> dict[Partition, Held]:
        """Raise the fence of ``partitions``; return for each its new fence and its next offset.

        Whoever held them before is refused from now on, however long it was asleep.
        """
        async with postgres.translated(), self._pool.acquire() as connection:
            rows = await connection.fetch(
                "INSERT INTO consumer_position AS position (topic, partition, next_offset, fence) "
                "SELECT topic, partition, 0, 1 FROM unnest($1::text[], $2::integer[]) AS given (topic, partition) "
                "ORDER BY topic, partition "
                "ON CONFLICT (topic, partition) DO UPDATE SET fence = position.fence + 1 "
                "RETURNING topic, partition, next_offset, fence",
                *_columns(partitions, 2),
            )
        return {(row["topic"], row["partition"]): Held(row["fence"], row["next_offset"]) for row in rows}

    async def take_back(self, held: dict[Partition, Held]) -> dict[Partition, Held]:
        """Return where the store stands in those of ``held`` that no other instance has taken over since.

        A store that was set back learns the fence again, so that it goes on refusing whoever was refused before.
        """
        given = [(*partition, ours.fence) for partition, ours in sorted(held.items())]
        async with postgres.translated(), self._pool.acquire() as connection:
            rows = await connection.fetch(
                "INSERT INTO consumer_position AS position (topic, partition, next_offset, fence) "
                "SELECT topic, partition, 0, fence FROM unnest($1::text[], $2::integer[], $3::bigint[]) "
                "AS given (topic, partition, fence) ORDER BY topic, partition "
                "ON CONFLICT (topic, partition) DO UPDATE SET fence = excluded.fence "
                "WHERE position.fence <= excluded.fence RETURNING topic, partition, next_offset, fence",
                *_columns(given, 3),
            )
        return {(row["topic"], row["partition"]): Held(row["fence"], row["next_offset"]) for row in rows}

    async def positions(self, lane: Lane, offices: Sequence[str]) -> list[Position]:
        """Return how far the books of ``offices`` are merged."""
        async with postgres.translated(), self._pool.acquire() as connection:
            rows = await connection.fetch(
                "SELECT office, lane, epoch, seen, held, rejected FROM neraca "
                "WHERE lane = $1 AND office = ANY ($2::text[]) AND NOT isempty(seen) ORDER BY office, lane, epoch",
                lane,
                list(offices),
            )
        return [
            Position(
                (row["office"], row["lane"], row["epoch"]),
                _stretches(row["seen"]).through(),
                row["held"],
                row["rejected"],
            )
            for row in rows
        ]

    async def merge(self, arrived: Sequence[Arrived], held: dict[Partition, Held]) -> Merged:
        """Merge ``arrived`` in one transaction; what was merged before is recognised and changes nothing.

        What has been merged is known by its number in the office's books, never by its offset in Kafka: the
        records of a topic that was made anew have small offsets again, and none of them may be passed over.

        Raises:
            TransientError: PostgreSQL is away or gave way to another transaction, another instance holds one of
                the partitions, or the store was restored from a backup: nothing was written.
        """
        async with postgres.translated(), self._pool.acquire() as connection, connection.transaction():
            await _lock_positions(connection, sorted({(record.topic, record.partition) for record in arrived}), held)
            batches = [record.batch for record in arrived if record.batch is not None]
            tallies = await _lock_books(connection, {batch.books for batch in batches})

            rows: list[Row] = []
            unreadable: list[Unreadable] = []
            findings: list[tuple[object, ...]] = []
            aimed: dict[Lane, list[tuple[str, str]]] = {}
            keys: list[tuple[Books, int, int]] = []
            for batch in batches:
                unseen = _take_unseen(batch, tallies[batch.books])
                keys += [(batch.books, first, last) for first, last in _stretches_of(unseen, batch)]
                if digests := _held_digests(unseen):
                    aimed.setdefault(batch.header.lane, []).extend((batch.header.office, one) for one in digests)
                rows += unseen.rows
                unreadable += unseen.unreadable
                findings += _finding_rows(unseen)

            refused = await self._merge_rows(connection, rows, tallies)
            for lane, versions in aimed.items():
                # A version may come after the decision about it. One that is made meanwhile is looked at later.
                decided = await connection.fetch(_DECIDED_ALREADY, *_columns(versions, 2))
                turned = await self._turn(connection, lane, [(row["office"], row["digest"]) for row in decided])
                await _write_keys(connection, [_key_of(lane, row) for _, row in turned])
            await _park(connection, [*unreadable, *refused], tallies)
            if findings:
                await connection.copy_records_to_table("finding", records=findings)
            await _write_keys(
                connection, [(*books, first, last, tallies[books].tms > 0) for books, first, last in keys]
            )
            positions = await _write_books(connection, tallies) if tallies else []
            next_offsets = {(record.topic, record.partition): record.offset + 1 for record in arrived}
            await _move_positions(connection, next_offsets)
            await _announce(connection, rows)
        outcomes: Counter[str] = Counter()
        for tally in tallies.values():
            outcomes += tally.outcomes
            outcomes["rejected"] += tally.rejected
        return Merged(outcomes, positions, next_offsets, decided=any(row.noun == "pernyataan" for row in rows))

    async def apply_decisions(
        self, lane: Lane, partitions: Mapping[str, Partition], held: dict[Partition, Held]
    ) -> Decided:
        """Let the oldest decisions that nobody has looked at take effect on records of some offices (decision 0013).

        Those about cases are written into the trails of these (decision 0012).
        ``partitions`` says which partition each of these offices has. Doing it again changes nothing: what a
        decision asks for is computed from what stands now, never from what changed.

        Raises:
            TransientError: as :meth:`merge`.
        """
        async with postgres.translated(), self._pool.acquire() as connection:
            noted = await connection.fetch(_NOTED, lane, list(partitions), _DECISIONS_PER_TRANSACTION_MAX)
            if not noted:
                return Decided(0, Counter())
            async with connection.transaction():
                # With the position locked nothing of these offices is merged meanwhile: their rows have one writer.
                await _lock_positions(connection, sorted({partitions[row["office"]] for row in noted}), held)
                versions = [(row["office"], row["digest"]) for row in noted]
                turned = await self._turn(connection, lane, versions)
                # What a decision turned may contradict something else now, or nothing any more.
                await _write_keys(connection, [_key_of(lane, row) for _, row in turned])
                await connection.execute(self._settle, *_columns(versions, 2))
                await connection.execute(self._reopen, [digest for _, digest in versions])
                # By number: a decision that changed again since has a later note, and is looked at again.
                await connection.execute(
                    "DELETE FROM keputusan_tertunda WHERE id = ANY ($1::bigint[])", [row["id"] for row in noted]
                )
                await _notify(connection, lane, {area for noun, row in turned for area in _turned_areas(noun, row)})
        return Decided(len(noted), Counter(row["state"] for _, row in turned))

    async def _turn(self, connection: Any, lane: Lane, versions: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
        """Give the records that stand at one of ``versions`` (office and digest) the state that decisions ask for.

        Return what changed, each with its noun.
        """
        if not versions:
            return []
        columns = _columns(versions, 2)
        return [
            (noun, row) for noun in sorted(NOUNS[lane]) for row in await connection.fetch(self._decide[noun], *columns)
        ]

    async def write_feedback(
        self,
        objections: Sequence[Objection],
        heartbeats: Sequence[Heartbeat],
        upto: dict[Partition, int],
        held: dict[Partition, Held],
    ) -> None:
        """Keep rejections and heartbeats, and move on to the offsets in ``upto``, in one transaction.

        Raises:
            TransientError: as :meth:`merge`.
        """
        async with postgres.translated(), self._pool.acquire() as connection, connection.transaction():
            await _lock_positions(connection, sorted(upto), held)
            await _write_rejections(connection, objections)
            await _write_heartbeats(connection, heartbeats)
            await _move_positions(connection, upto)

    async def _merge_rows(self, connection: Any, rows: Sequence[Row], tallies: dict[Books, _Tally]) -> list[Unreadable]:
        """Stage and merge ``rows``; return those that the store refuses."""
        by_noun: dict[str, list[Row]] = {}
        for row in rows:
            by_noun.setdefault(row.noun, []).append(row)
        refused: list[Unreadable] = []
        for noun, of_noun in sorted(by_noun.items()):
            refused += await self._merge_noun(connection, noun, of_noun, tallies)
        return refused

    async def _merge_noun(
        self, connection: Any, noun: str, rows: Sequence[Row], tallies: dict[Books, _Tally]
    ) -> list[Unreadable]:
        """Merge ``rows`` round after round; return those that the store refuses.

        A line that the validator should have stopped must not hold up its neighbours: what fails as a whole is
        tried in halves, so that one bad line among thousands costs as much as merging them twice.
        """
        lane = rows[0].books[1]
        refused: list[Unreadable] = []
        waiting = rounds_of(rows)[::-1]
        is_staged = False
        while waiting:
            together = waiting.pop()
            try:
                async with connection.transaction():
                    if is_staged:
                        await connection.execute(f"DELETE FROM arrived_{noun}")  # noqa: S608  # a name of our own
                    await connection.copy_to_table(f"arrived_{noun}", source=_pieces([row.columns for row in together]))
                    judged = await connection.fetch(self._merge[noun])
                    await _write_journal(connection, lane, together, judged)
            except asyncpg.PostgresError as error:
                if not blames_data(error):
                    raise
                if len(together) > 1:
                    half = len(together) // 2
                    waiting += [together[half:], together[:half]]
                    continue
                if isinstance(error, asyncpg.UniqueViolationError):
                    # No fault of the line: tried again, it is judged by what is there now.
                    message = "somebody else wrote a record after it was judged"
                    raise TransientError(message) from error
                [row] = together
                _log.warning(
                    "the store refuses a line, it is parked",
                    extra={"sqlstate": error.sqlstate, "books": row.books, "sequence": row.sequence},
                )
                refused.append(Unreadable(row.books, row.sequence, row.journal))
                continue
            is_staged = True
            for group in judged:
                tallies[group["office"], lane, group["epoch"]].count(group)
        return refused


async def _write_journal(connection: Any, lane: str, rows: Sequence[Row], judged: Iterable[Any]) -> None:
    """Write ``rows`` with what became of each; they are copied, for the journal holds most of what is written."""
    outcomes = {
        ((group["office"], lane, group["epoch"]), sequence): group["outcome"].encode()
        for group in judged
        for sequence in group["sequences"] or ()
    }
    if outcomes:
        source = _pieces([outcomes.get((row.books, row.sequence), _APPLIED) + b"\t" + row.journal for row in rows])
    else:
        source = _pieces([row.journal for row in rows], before=_APPLIED + b"\t")
    await connection.copy_to_table(f"journal_{lane}", source=source, columns=JOURNAL[lane])


async def _pieces(lines: Sequence[bytes], before: bytes = b"") -> AsyncIterator[bytes]:
    """Yield ``lines`` as COPY reads them, each after ``before``: it takes the first while more are joined."""
    for start in range(0, len(lines), _LINES_PER_PIECE):
        yield before + (b"\n" + before).join(lines[start : start + _LINES_PER_PIECE]) + b"\n"


async def prepare(connection: Any) -> None:
    """Give a new connection its staging tables."""
    for nouns in NOUNS.values():
        for noun in nouns:
            await connection.execute(_sql(f"stage_{noun}"))


def blames_data(error: asyncpg.PostgresError) -> bool:
    """Return whether it comes again however often the same is tried."""
    return (error.sqlstate or "")[:2] in _DATA_ERRORS


def _take_unseen(batch: Batch, tally: _Tally) -> Batch:
    """Return what of ``batch`` has not been seen before, and count its numbers as seen."""
    header = batch.header
    start, end = header.first, header.last + 1
    missing = tally.seen.missing(start, end)
    if missing == end - start:
        unseen = batch
    else:
        # The same stretch again, or one that was cut otherwise before a crash: only its new numbers count.
        unseen = Batch(
            header,
            [row for row in batch.rows if row.sequence not in tally.seen],
            [line for line in batch.unreadable if line.sequence not in tally.seen],
            batch.findings,
        )
    tally.rejected += missing - len(unseen.rows) - len(unseen.unreadable)
    tally.seen.add(start, end)
    tally.settled.append((start, end))
    return unseen


def _stretches_of(unseen: Batch, batch: Batch) -> list[tuple[int, int]]:
    """Return the stretches of what ``unseen`` says: all of the ``batch``, unless some of that was merged before."""
    if unseen is batch:
        return [(batch.header.first, batch.header.last)] if batch.rows else []
    stretches = Stretches((row.sequence, row.sequence + 1) for row in unseen.rows)
    return [(start, end - 1) for start, end in stretches.pairs()]


def _held_digests(batch: Batch) -> list[str]:
    """Return the digests of the held lines of ``batch``."""
    if not batch.findings:
        return []
    held = {sequence for sequence, found in batch.findings.items() if found.held}
    digests = (
        row.columns.split(b"\t", _DIGEST_COLUMN + 1)[_DIGEST_COLUMN] for row in batch.rows if row.sequence in held
    )
    # A line with a digest that is none is parked, and nobody can decide about it.
    return [digest.decode() for digest in digests if _DIGEST.fullmatch(digest)]


_DECIDED_ALREADY: Final = (
    "SELECT given.office, given.digest FROM unnest($1::text[], $2::uuid[]) AS given (office, digest) "
    "JOIN pernyataan ON subject = "
    "'keputusan/' || left(given.office, 2) || '/' || replace(given.digest::text, '-', '')"
)
_NOTED: Final = (
    "SELECT id, office, digest FROM keputusan_tertunda WHERE lane = $1 AND office = ANY ($2::text[]) "
    "ORDER BY id LIMIT $3"
)


def _finding_rows(batch: Batch) -> Iterable[tuple[object, ...]]:
    header = batch.header
    if not batch.findings:
        return
    for row in batch.rows:
        found = batch.findings.get(row.sequence)
        for nth, finding in enumerate(found.findings if found is not None else ()):
            yield (
                header.lane,
                header.office,
                header.epoch,
                row.sequence,
                nth,
                *_storable_finding(finding).values(),
            )


def _key_of(lane: Lane, row: Any) -> tuple[object, ...]:
    """Return the key under which the version that a decision turned is examined; what it declares has been counted."""
    return (row["office"], lane, row["epoch"], row["sequence"], row["sequence"], False)


async def _write_keys(connection: Any, keys: Sequence[tuple[object, ...]]) -> None:
    """Say which stretches are to be examined once they are there to be read (decision 0012)."""
    if keys:
        await connection.execute(
            "INSERT INTO periksa (office, lane, epoch, first, last, has_tms) "
            "SELECT * FROM unnest($1::text[], $2::text[], $3::integer[], $4::bigint[], $5::bigint[], $6::boolean[])",
            *_columns(keys, 6),
        )


async def _lock_positions(connection: Any, partitions: Sequence[Partition], held: dict[Partition, Held]) -> None:
    """Lock ``partitions`` in order, until the transaction ends.

    Raises:
        FencedError: another instance holds one of them.
        RewoundError: the store is older than what this instance knows of it.
    """
    rows = await connection.fetch(
        "SELECT position.* FROM consumer_position AS position "
        "JOIN unnest($1::text[], $2::integer[]) AS given (topic, partition) USING (topic, partition) "
        "ORDER BY topic, partition FOR UPDATE OF position",
        *_columns(partitions, 2),
    )
    stored = {(row["topic"], row["partition"]): Held(row["fence"], row["next_offset"]) for row in rows}
    for here in partitions:
        ours, theirs = held.get(here), stored.get(here)
        if ours is None or (theirs is not None and theirs.fence > ours.fence):
            message = f"{here[0]}/{here[1]} belongs to another instance now"
            raise FencedError(message)
        if theirs is None or theirs.fence < ours.fence or theirs.next_offset < ours.next_offset:
            # A transaction that was lost would otherwise be a gap that nobody sees: the next offset hides it.
            message = f"{here[0]}/{here[1]} stands at {theirs and theirs.next_offset}, not at {ours.next_offset}"
            raise RewoundError(message)


async def _lock_books(connection: Any, wanted: set[Books]) -> dict[Books, _Tally]:
    columns = _columns(sorted(wanted), 3)
    await connection.execute(
        "INSERT INTO neraca (office, lane, epoch) SELECT * FROM unnest($1::text[], $2::text[], $3::integer[]) "
        "ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING",
        *columns,
    )
    rows = await connection.fetch(
        "SELECT neraca.office, neraca.lane, neraca.epoch, neraca.seen FROM neraca "
        "JOIN unnest($1::text[], $2::text[], $3::integer[]) AS given (office, lane, epoch) USING (office, lane, epoch) "
        "ORDER BY office, lane, epoch FOR UPDATE OF neraca",
        *columns,
    )
    return {(row["office"], row["lane"], row["epoch"]): _Tally(_stretches(row["seen"])) for row in rows}


def _stretches(seen: Iterable[Any]) -> Stretches:
    return Stretches((stretch.lower, stretch.upper) for stretch in seen)


async def _park(connection: Any, lines: Sequence[Unreadable], tallies: dict[Books, _Tally]) -> None:
    """Write lines that cannot be merged into the journal, as they stand, each with an outcome of its own."""
    for line in lines:
        office, lane, epoch = line.books
        text = line.line.decode("utf-8", "backslashreplace").replace("\0", "\\u0000")
        await connection.execute(_PARK[lane], office, epoch, line.sequence, text)
        tallies[line.books].outcomes[Outcome.PARKED.value] += 1
        tallies[line.books].changes += 1


def _park_statement(lane: str, record: str, unknown: str) -> str:
    # A parked line has no subject, version or digest that could be trusted; its text says all there is.
    return (
        f"INSERT INTO journal_{lane} (office, epoch, sequence, id, type, {record}, version, digest, data, time, "  # noqa: S608
        f"recorded_time, held, outcome) VALUES ($1, $2, $3, '', '', {unknown}, 0, {_NO_UUID}, $4, now(), now(), false, "
        "'parked')"
    )


_NO_UUID: Final = "'00000000-0000-0000-0000-000000000000'"
_PARK: Final = {
    "hasil": _park_statement("hasil", "subject", "''"),
    "pemilih": _park_statement("pemilih", "nik_token", _NO_UUID),
}


async def _write_books(connection: Any, tallies: dict[Books, _Tally]) -> list[Position]:
    given = [
        (
            *books,
            "{" + ",".join(f"[{start},{end})" for start, end in tally.settled) + "}",
            tally.changes - tally.held,
            tally.held,
            tally.rejected,
            *(tally.outcomes[outcome.value] for outcome in Outcome),
            tally.recorded_time,
        )
        for books, tally in tallies.items()
    ]
    rows = await connection.fetch(
        "UPDATE neraca AS books SET seen = books.seen + given.seen::int8multirange, "
        "accepted = books.accepted + given.accepted, held = books.held + given.held, "
        "rejected = books.rejected + given.rejected, applied = books.applied + given.applied, "
        "duplicate = books.duplicate + given.duplicate, stale = books.stale + given.stale, "
        "conflict = books.conflict + given.conflict, parked = books.parked + given.parked, "
        "merged_recorded_time = greatest(books.merged_recorded_time, given.recorded_time), "
        "merged_time = now() "
        "FROM unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], "
        "$8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::timestamptz[]) "
        "AS given (office, lane, epoch, seen, accepted, held, rejected, applied, duplicate, stale, conflict, parked, "
        "recorded_time) "
        "WHERE books.office = given.office AND books.lane = given.lane AND books.epoch = given.epoch "
        "RETURNING books.office, books.lane, books.epoch, books.held, books.rejected",
        *_columns(given, 13),
    )
    return [
        Position(books, tallies[books].seen.through(), row["held"], row["rejected"])
        for row in rows
        for books in ((row["office"], row["lane"], row["epoch"]),)
    ]


async def _move_positions(connection: Any, upto: dict[Partition, int]) -> None:
    await connection.execute(
        "UPDATE consumer_position AS position SET next_offset = given.next_offset "
        "FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS given (topic, partition, next_offset) "
        "WHERE position.topic = given.topic AND position.partition = given.partition",
        *_columns([(*partition, offset) for partition, offset in upto.items()], 3),
    )


async def _announce(connection: Any, rows: Sequence[Row]) -> None:
    """Tell whoever listens which areas have new figures, once the transaction is there to be read."""
    if not rows:
        return
    # Of voters only the kabupaten is named; the hot path asks for it alone.
    found = {("", row.books[0]) for row in rows if row.noun == "pemilih"}
    found |= {("", row.books[0]) for row in rows if row.noun == "pernyataan"}
    found |= {area for row in rows if row.noun not in {"pemilih", "pernyataan"} for area in _areas(row)}
    await _notify(connection, rows[0].books[1], found)


def _turned_areas(noun: str, row: Any) -> Iterable[tuple[str, str]]:
    """Return the areas whose figures a decision moved."""
    if noun in {"pemilih", "pernyataan"}:
        return (("", row["office"]),)
    return _areas_about(noun, row["office"], row["subject"])


async def _notify(connection: Any, lane: str, found: set[tuple[str, str]]) -> None:
    if len(found) > _AREAS_MAX:
        found = {(kontes, wilayah[:4]) for kontes, wilayah in found}
    areas = [{"kontes": kontes or None, "wilayah": wilayah} for kontes, wilayah in sorted(found)]
    notices = [
        orjson.dumps({"lane": lane, "areas": areas[start : start + _AREAS_PER_NOTICE]}).decode()
        for start in range(0, len(areas), _AREAS_PER_NOTICE)
    ]
    await connection.execute("SELECT pg_notify('perubahan', notice) FROM unnest($1::text[]) AS notice", notices)


def _areas(row: Row) -> Iterable[tuple[str, str]]:
    return _areas_about(row.noun, row.books[0], row.subject)


def _areas_about(noun: str, office: str, subject: str) -> Iterable[tuple[str, str]]:
    words = subject.split("/")
    kontes = "" if noun == "tps" else words[1]
    return ((kontes, office), (kontes, words[-1][:10]))


async def _write_rejections(connection: Any, objections: Sequence[Objection]) -> None:
    refused = [objection for objection in objections if objection.verdict == "rejected"]
    await connection.executemany(
        "INSERT INTO rejection (lane, office, epoch, sequence, id, type, subject, codes, findings) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        [
            (
                objection.lane,
                objection.office,
                objection.epoch,
                objection.sequence,
                _storable(objection.id),
                _storable(objection.type),
                _storable(objection.subject),
                sorted({_storable(finding.code) for finding in objection.findings}),
                orjson.dumps([_storable_finding(finding) for finding in objection.findings]).decode(),
            )
            for objection in sorted(refused, key=lambda row: (row.lane, row.office, row.epoch, row.sequence))
        ],
    )


async def _write_heartbeats(connection: Any, heartbeats: Sequence[Heartbeat]) -> None:
    newest = {(beat.office, beat.lane, beat.epoch): beat for beat in heartbeats}
    await connection.executemany(
        "INSERT INTO neraca AS books (office, lane, epoch, stamped, published, recorded_time, sent_time) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (office, lane, epoch) DO UPDATE SET "
        # An older statement that comes late takes nothing back.
        "stamped = greatest(books.stamped, excluded.stamped), "
        "published = greatest(books.published, excluded.published), "
        "recorded_time = greatest(books.recorded_time, excluded.recorded_time), "
        "sent_time = greatest(books.sent_time, excluded.sent_time)",
        [
            (*books, beat.stamped, beat.published, beat.recorded_time, beat.sent_time)
            for books, beat in sorted(newest.items())
        ],
    )


def _storable_finding(finding: Finding) -> dict[str, str]:
    """Return the fields of a finding in the order of their columns."""
    return {name: _storable(text) for name, text in finding.model_dump(mode="json").items()}


def _storable(text: str) -> str:
    """Return ``text`` as PostgreSQL can hold it: what was seen on a bad line may contain NUL, a column may not."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _columns(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Return rows as the arrays that ``unnest`` turns into rows again."""
    turned: list[list[Any]] = [[] for _ in range(width)]
    for row in rows:
        for column, value in zip(turned, row, strict=True):
            column.append(value)
    return turned


def _sql(name: str) -> str:
    return resources.files("services.sync").joinpath("sql", f"{name}.sql").read_text("utf-8")
