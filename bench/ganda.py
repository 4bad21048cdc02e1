"""What looking for *ganda* costs the merge, and how soon a second claim to a voter is an open case."""

from __future__ import annotations

import argparse
import asyncio
import math
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
import orjson

from bench import processor
from bench.report import Figure, median, table
from bench.sync_alone import IS_MERGED, PROVINCE, RECORDED, Bench, publish, records_of, running, until, waiting
from contracts.identifiers import LANES, Tingkat
from contracts.personal import PersonalKeys
from contracts.reference.wilayah import wilayah_of
from contracts.topics import accepted
from deploy.demo.voters import bodies
from deploy.embedded.instance import EmbeddedInstance
from services.ingest.core.stamp import Numbering, stamp
from services.ingest.core.statement import Reader

_RATIO_ASKED: Final = 0.75
_SECONDS_ASKED: Final = 1.0
_ROUNDS: Final = 3
_TWICE_IN: Final = 100
"""One voter in so many stands in the list of another office as well."""
_CLAIMS: Final = 60
"""Second claims timed on an idle system, and as many under a bulk load."""
_CLAIM_EVERY_SECONDS: Final = 0.1
_POLL_SECONDS: Final = 0.005
_CASES_SECONDS_MAX: Final = 120.0
_KEYS: Final = PersonalKeys(key_id="bench", seal_key=bytes(range(32)), token_key=bytes(range(32, 64)))
# The lock every examiner of a store asks for before it takes keys (services/sync/adapters/examiner.py): whoever else
# has it keeps them all waiting.
_EXAMINERS_LOCK: Final = 0x5A7B
_IS_EXAMINED: Final = "SELECT NOT EXISTS (SELECT FROM periksa)"
_CASES: Final = "SELECT count(*) FROM perkara WHERE code = 'VTR-GANDA' AND state = 'open'"
_APPLIED: Final = "SELECT coalesce(sum(applied), 0)::bigint FROM neraca"
_COMMITTED: Final = (
    "SELECT number FROM unnest($2::bigint[]) AS number "
    "WHERE (SELECT seen FROM neraca WHERE office = $1 AND lane = 'pemilih') @> number"
)
_OPENED: Final = (
    "SELECT replace(named.nik_token::text, '-', '') AS token FROM pemilih_perkara AS named "
    "JOIN perkara ON perkara.id = named.perkara AND perkara.state = 'open' WHERE named.nik_token = ANY ($1::uuid[])"
)


@dataclass(slots=True)
class _Load:
    """Voters on their way to the store, some of them in the lists of two offices."""

    lines: dict[str, list[bytes]]
    """Accepted lines by office, as many of each …"""
    first: int
    """… with the number of the first of them …"""
    twice: int
    """… and how many of the voters in them stand in two lists."""

    def __len__(self) -> int:
        """Return how many lines there are."""
        return sum(map(len, self.lines.values()))


@dataclass(frozen=True, slots=True)
class _Claim:
    """A second claim to a voter whom another office has had for long."""

    office: str
    sequence: int
    token: str
    line: bytes


@dataclass(slots=True)
class _Seen:
    """What was measured."""

    alone: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    """Changes merged in a second without and with the examiner, by turns."""
    cost_alone: list[float] = field(default_factory=list)
    cost_beside: list[float] = field(default_factory=list)
    """Processor time that sync and PostgreSQL took for a change, in microseconds, until everything was examined."""
    later: list[float] = field(default_factory=list)
    """Seconds from the last merge until everything was examined."""
    idle: list[float] = field(default_factory=list)
    loaded: list[float] = field(default_factory=list)
    """Seconds from when a second claim could be read in the store until its case was open."""


def measure(*, voters: int = 270_000, rounds: int = _ROUNDS) -> list[Figure]:
    """Merge ``voters`` that wait on Kafka without the examiner and beside it, by turns; then time second claims."""
    with running() as bench:
        return _figures(_measure(bench, voters, rounds), rounds)


def _figures(seen: _Seen, rounds: int) -> list[Figure]:
    ratio = median([beside / alone for beside, alone in zip(seen.beside, seen.alone, strict=True)])
    cost = median([alone / beside for beside, alone in zip(seen.cost_beside, seen.cost_alone, strict=True)])
    asked = f"{_SECONDS_ASKED:.0f} s"
    return [
        Figure(
            f"merging beside the examiner, 1 voter in {_TWICE_IN} claimed twice",
            f"{median(seen.beside):,.0f} changes/s = {ratio:.2f} of merging alone",
            f"more than {_RATIO_ASKED}",
            ratio > _RATIO_ASKED,
            f"median of {rounds} pairs; alone {median(seen.alone):,.0f}; "
            f"all examined {median(seen.later):.1f} s after the last merge",
        ),
        Figure(
            "the same by processor time of sync and PostgreSQL",
            f"{median(seen.cost_alone):.1f} µs a change alone, {median(seen.cost_beside):.1f} with it = {cost:.2f}",
            "",
            None,
            "until everything is examined, whatever else the machine does meanwhile",
        ),
        *(
            Figure(
                f"second claim to open case, {when}",
                f"p50 {median(seconds) * 1_000:,.0f} ms, max {max(seconds) * 1_000:,.0f} ms",
                asked,
                max(seconds) < _SECONDS_ASKED,
                f"from when the claim can be read in the store; {len(seconds)} claims",
            )
            for when, seconds in (("idle system", seen.idle), ("while bulk is merged", seen.loaded))
        ),
    ]


def _measure(bench: Bench, voters: int, rounds: int) -> _Seen:
    *loaded, first, second = [office for office in bench.offices if len(office) == Tingkat.KABUPATEN]
    known, claims = _claims(first, second)
    bulk = _load(loaded, voters, batch="ganda")
    more = _load(loaded, voters, batch="ganda-again", merged=len(bulk.lines[loaded[0]]))
    # Those who are claimed again later are known long before.
    asyncio.run(publish(bench, [*records_of(bulk.lines), *records_of({first: known})]))
    merged = len(bulk) + len(known)
    seen = _Seen()
    for nth in range(rounds):
        # Whatever the machine does meanwhile and slows down should not always meet the same of the two.
        for is_examined in (True, False) if nth % 2 else (False, True):
            rate, cost, later = _merge(bench, merged, bulk.twice if is_examined else 0, is_examined=is_examined)
            (seen.beside if is_examined else seen.alone).append(rate)
            (seen.cost_beside if is_examined else seen.cost_alone).append(cost)
            if is_examined:
                seen.later.append(later)
        sys.stderr.write(
            f"  round {nth + 1}: alone {seen.alone[-1]:,.0f}, beside the examiner {seen.beside[-1]:,.0f} changes/s, "
            f"{seen.cost_alone[-1]:.1f} and {seen.cost_beside[-1]:.1f} µs each, examined {seen.later[-1]:.1f} s later\n"
        )
    store = bench.fresh_store()
    sync = bench.sync_on(store)
    sync.start()
    try:
        asyncio.run(_time_claims(bench, bench.postgres.dsn(store), merged, more, claims, seen))
    finally:
        sync.stop()
        bench.drop(store)
    return seen


def _merge(bench: Bench, changes: int, cases: int, *, is_examined: bool) -> tuple[float, float, float]:
    """Return how many are merged in a second, what one costs in µs, and how many seconds later all is examined."""
    store = bench.fresh_store()
    sync = bench.sync_on(store)
    # It is ready only after it has begun to merge: the clock must not wait for that.
    starting = threading.Thread(target=sync.start)

    async def watch() -> tuple[float, float, float]:
        connection = await asyncpg.connect(bench.postgres.dsn(store))
        try:
            if not is_examined:
                await connection.execute("SELECT pg_advisory_lock($1)", _EXAMINERS_LOCK)
            starting.start()
            await until(connection, "SELECT count(*) > 0 FROM consumer_position WHERE topic = $1", accepted("pemilih"))
            started, taken = time.perf_counter(), processor.seconds(_pids(bench, sync))
            await until(connection, IS_MERGED, changes)
            merged = time.perf_counter()
            if is_examined:
                await until(connection, _IS_EXAMINED)
            examined = time.perf_counter()
            taken = processor.seconds(_pids(bench, sync)) - taken
            opened = await connection.fetchval(_CASES)
            assert opened == cases, f"{opened} cases are open, expected {cases}"
        finally:
            await connection.close()
        return changes / (merged - started), taken * 1e6 / changes, examined - merged

    try:
        return asyncio.run(watch())
    finally:
        starting.join()
        sync.stop()
        bench.drop(store)


def _pids(bench: Bench, sync: EmbeddedInstance) -> list[int]:
    return [pid for pid in (bench.postgres.pid, sync.pid) if pid is not None]


async def _time_claims(  # noqa: PLR0913, PLR0917  # what was merged before, what comes meanwhile and what is timed
    bench: Bench, dsn: str, merged: int, more: _Load, claims: Sequence[_Claim], seen: _Seen
) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await until(connection, IS_MERGED, merged)
        await until(connection, _IS_EXAMINED)
        seen.idle = await _seconds_to_cases(bench, connection, claims[:_CLAIMS])
        # A claim counts as long as not all of the bulk is merged.
        loading = asyncio.create_task(publish(bench, records_of(more.lines, first=more.first)))
        seen.loaded = await _seconds_to_cases(
            bench, connection, claims[_CLAIMS:], until_merged=merged + _CLAIMS + len(more)
        )
        await loading
    finally:
        await connection.close()


async def _seconds_to_cases(
    bench: Bench, connection: asyncpg.Connection, claims: Sequence[_Claim], *, until_merged: float = math.inf
) -> list[float]:
    """Say a claim every tenth of a second; return how long after it was committed the case of each was open.

    Those that are committed when ``until_merged`` changes have been merged, or more, are not counted.
    """
    office = claims[0].office
    unread = {claim.sequence: claim.token for claim in claims}
    committed: dict[str, float] = {}
    took: list[float] = []
    records = [waiting(office, claim.line, claim.sequence, claim.sequence) for claim in claims]
    saying = asyncio.create_task(publish(bench, records, pause_seconds=_CLAIM_EVERY_SECONDS))
    deadline = time.monotonic() + _CASES_SECONDS_MAX
    while unread or committed:
        is_counted = await connection.fetchval(_APPLIED) < until_merged
        for row in await connection.fetch(_COMMITTED, office, list(unread)):
            token = unread.pop(row["number"])
            if is_counted:
                committed[token] = time.perf_counter()
        opened = await connection.fetch(_OPENED, list(committed))
        took += [time.perf_counter() - committed.pop(row["token"]) for row in opened]
        assert time.monotonic() < deadline, f"{len(unread)} claims were not merged, {len(committed)} have no case"
        await asyncio.sleep(_POLL_SECONDS)
    await saying
    assert took, "the load was over before the first claim"
    return took


def _load(offices: Sequence[str], voters: int, *, batch: str, merged: int = 0) -> _Load:
    """Return the accepted lines of ``voters`` of ``offices``, with those that stand in the list of the next one too.

    ``merged`` is how many lines of each office there were before.
    """
    said: dict[str, list[dict[str, Any]]] = {office: [] for office in offices}
    for body in bodies(PROVINCE, voters=voters, per_body=1_000, batch=batch):
        if body.office in said:
            said[body.office] += map(orjson.loads, body.ndjson.splitlines())
    twice = 0
    for office, neighbour in zip(offices, (*offices[1:], offices[0]), strict=True):
        for nth in range(_TWICE_IN // 2, len(said[office]), _TWICE_IN):
            # The one before stands in her own office's list alone, so that nobody is claimed three times.
            moved = said[neighbour][nth - 1]["data"]
            own = said[office][nth]["data"]
            said[office][nth]["data"] = {**moved, "desa": own["desa"], "tps": own["tps"]}
            twice += 1
    return _Load({office: _accepted(office, lines, merged) for office, lines in said.items()}, merged + 1, twice)


def _claims(first: str, second: str) -> tuple[list[bytes], list[_Claim]]:
    """Return lines of voters of the office ``first``, and those in which ``second`` claims each of them too."""
    voters = 2 * _CLAIMS
    desa = next(desa for desa in wilayah_of(PROVINCE).at(Tingkat.DESA) if desa.startswith(second))
    said = [
        orjson.loads(line)
        for body in bodies(
            PROVINCE, voters=voters * len(wilayah_of(PROVINCE).kabupaten), per_body=voters, batch="claims"
        )
        if body.office == first
        for line in body.ndjson.splitlines()
    ]
    again = [{**one, "data": {**one["data"], "desa": desa}} for one in said]
    claims = [
        _Claim(second, sequence, _KEYS.nik_token(one["data"]["nik"]), line)
        for sequence, (one, line) in enumerate(zip(again, _accepted(second, again), strict=True), start=1)
    ]
    return _accepted(first, said), claims


def _accepted(office: str, said: Sequence[dict[str, Any]], merged: int = 0) -> list[bytes]:
    """Return what ingest writes for voters of ``office``, numbered after the first ``merged``."""
    reader = Reader(office, _KEYS)
    stamped = stamp(
        [reader.read(orjson.dumps(one), nth) for nth, one in enumerate(said)],
        office=office,
        recordedtime=RECORDED,
        ledger={},
        ids={},
        numbering={lane: Numbering(1, merged) for lane in LANES},
    )
    return stamped.stretches["pemilih"].lines


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.ganda", description=__doc__)
    parser.add_argument("--voters", type=int, default=270_000, help="voters that wait (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="pairs of merges (default: %(default)s)")
    given = parser.parse_args()
    sys.stdout.write(f"{table(measure(voters=given.voters, rounds=given.rounds))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
