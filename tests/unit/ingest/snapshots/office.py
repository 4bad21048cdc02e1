"""An office with a file of its own, a clerk and a worker for files, without Kafka."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from contracts.identifiers import Lane
from services.ingest.adapters.clerk import Clerk, Outcome
from services.ingest.adapters.snapshots.book import Job, a_new_job
from services.ingest.adapters.snapshots.shelf import Shelf
from services.ingest.adapters.snapshots.worker import Worker
from services.ingest.adapters.spool import Spool, SpoolReader
from services.ingest.core.files.row import Place, ReadRow
from services.ingest.core.framing import Framing
from services.runtime.background import beside
from tests.builders import KEYS, OFFICE, a_pemilih_submission, a_submission, ndjson
from tests.eventually import eventually


class Office:
    """What one office's ingest does with what is pushed, asked from outside."""

    def __init__(self, folder: Path, clerk: Clerk, reader: SpoolReader) -> None:
        """Serve from the file in ``folder``."""
        self.folder = folder
        self.clerk = clerk
        self.reader = reader

    async def push(self, *events: dict[str, Any]) -> Outcome:
        return await self.clerk.take(ndjson(events), Framing.LINES, urgent=False, wants_receipts=True)

    def lines(self, lane: Lane) -> list[dict[str, Any]]:
        """Return every line of a lane, in order."""
        pieces = self.reader.waiting(lane, 1, 0)
        return [orjson.loads(line) for piece in pieces for line in piece.lines.split(b"\n")]


@asynccontextmanager
async def an_office(folder: Path, office: str = OFFICE) -> AsyncIterator[Office]:
    """Lend an office whose file lies in ``folder``; it may be opened again there."""
    path = folder / f"{office}.sqlite3"
    clerk = Clerk(office, partial(Spool, path), KEYS, turn=threading.Lock(), on_commit=lambda: None)
    await clerk.start()
    reader = SpoolReader(path)
    try:
        yield Office(folder, clerk, reader)
    finally:
        reader.close()
        await clerk.stop()


class Listed:
    """A file of one JSON object on each line: what the readers of real files make of a row, and nothing else."""

    kind = "daftar_pemilih"
    of_one_tps: tuple[str, ...] = ()

    def __init__(self, path: Path, scope: tuple[str, ...], *, breaks_at: int | None = None) -> None:
        """Read ``path``; the world breaks it off at the row ``breaks_at``."""
        self._lines = path.read_bytes().splitlines()
        self.scope = scope
        self.bytes_total = path.stat().st_size
        self.bytes_read = 0
        self._breaks_at = breaks_at

    def scope_named(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Take the office's word."""
        return tuple(codes)

    def __iter__(self) -> Iterator[ReadRow]:
        """Read on."""
        for nth, line in enumerate(self._lines, start=1):
            if nth == self._breaks_at:
                message = "the disk does not answer"
                raise OSError(message)
            self.bytes_read += len(line) + 1
            row = orjson.loads(line)
            yield ReadRow(Place(None, nth, None, None), row.get("change"), (), row.get("nik"))


def _write_copy(  # noqa: PLR0913  # as the writer of real copies takes it
    path: Path, target: Path, *, office: str, kind: str | None, kontes: str | None, nama: str | None
) -> int:
    assert (office, kind, kontes, nama) == (OFFICE, None, None, "daftar.csv")
    return target.write_bytes(path.read_bytes())


class Counter:
    """An office with a worker that reads files of the kind above."""

    def __init__(self, office: Office, scope: tuple[str, ...]) -> None:
        """Read every file as a list of all of ``scope``."""
        self.office = office
        self.scope = scope
        self.breaks_at: list[int | None] = []
        self.thread = ThreadPoolExecutor(1)
        self.shelf = Shelf(office.folder / "berkas", bytes_max=10**8)
        self.worker = Worker(
            OFFICE,
            office.folder / f"{OFFICE}.sqlite3",
            KEYS,
            clerk=office.clerk,
            shelf=self.shelf,
            open_file=self._open,
            write_copy=_write_copy,
            thread=self.thread,
        )
        self._count = 0

    def _open(self, path: Path, *, office: str, kind: str | None, kontes: str | None, nama: str | None) -> Listed:
        assert (office, kind, kontes, nama) == (OFFICE, None, None, "daftar.csv")
        return Listed(path, self.scope, breaks_at=self.breaks_at.pop(0) if self.breaks_at else None)

    async def hand_over(self, *rows: dict[str, Any]) -> Job:
        """Hand over a file with these rows and wait until it has been read."""
        self._count += 1
        identity = f"berkas-{self._count}"

        async def chunks() -> AsyncIterator[bytes]:
            yield ndjson(rows)

        size = await self.shelf.put(identity, chunks())
        await self.worker.add(a_new_job(identity, "daftar.csv", None, None, size=size, now_ms=1))
        return await eventually(lambda: self._ended(identity))

    def _ended(self, identity: str) -> Job | None:
        job = self.worker.book.job(identity)
        return job if job is not None and job.ended_ms is not None else None


@asynccontextmanager
async def a_counter(folder: Path, scope: tuple[str, ...] = (OFFICE,)) -> AsyncIterator[Counter]:
    """Lend an office's counter; it may be opened again in the same folder."""
    async with an_office(folder) as office:
        counter = Counter(office, scope)
        counter.worker.tidy()
        async with beside(counter.worker.run()):
            yield counter
        counter.worker.close()
        counter.thread.shutdown()


def voter_row(serial: int, **fields: Any) -> dict[str, Any]:
    """Return a row that names the voter with a serial number."""
    return {"change": a_submission(a_pemilih_submission(serial, **fields))}
