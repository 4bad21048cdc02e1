"""Works off the files of one office, one after the other, beside what is pushed.

A job begins at the first row, also after a kill: what it had emitted is recognised by its content. Reading and
comparing happen in one thread for the whole process, and the clerk takes what differs when nothing is more urgent.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, Protocol, TypeVar

from contracts.personal import PersonalKeys
from services.ingest.adapters.clerk import Clerk, Outcome, milliseconds
from services.ingest.adapters.snapshots import book
from services.ingest.adapters.snapshots.book import BookReader, Job, Standing
from services.ingest.adapters.snapshots.shelf import Shelf
from services.ingest.adapters.spool import Spool
from services.ingest.core.files.row import FileRefusedError
from services.ingest.core.framing import Framing
from services.ingest.core.snapshots.compare import Comparer, Portion, Problem, Row, different, problem_of
from services.ingest.core.snapshots.named import Named
from services.ingest.core.snapshots.reading import Reading, Scope
from services.ingest.core.stamp import Receipt
from services.runtime import clock
from services.runtime.errors import TransientError
from services.runtime.patience import until_done

T = TypeVar("T")


class OpenFile(Protocol):
    """Opens a file of ``office``; ``kind`` and ``kontes`` are what it named beside it, ``nama`` the file's own name.

    Raises:
        FileRefusedError: it is no file that can be read at all.
    """

    def __call__(self, path: Path, *, office: str, kind: str | None, kontes: str | None, nama: str | None) -> Reading:
        """Return the reading of the file at ``path``."""


class WriteCopy(Protocol):
    """Writes the copy of a file in which every bad cell is marked to ``target``, for its owner alone."""

    def __call__(  # noqa: PLR0913  # as the writer takes it
        self, path: Path, target: Path, *, office: str, kind: str | None, kontes: str | None, nama: str | None
    ) -> int:
        """Return how many problems are marked."""


_PORTION_ROWS: Final = 1_000
"""Rows looked at in one go: fifteen milliseconds of a core."""
_WAITING_MAX: Final = 4_000
"""Rows that differ, or problems, that wait to be written together: a few in each portion would be a flush to disk for
each. With the last portion they are no more than one transaction of the clerk takes."""
_STANDING_ROWS: Final = 20_000
_TELL_SECONDS: Final = 1.0
_PROBLEMS_MAX: Final = 200_000
"""Problems that are kept of one file; more of them is one cause said very often, and they are still counted."""

_COPY_BYTES_MAX: Final = 32 * 1024 * 1024
_COPY_ROWS_MAX: Final = 300_000
"""Of a larger file no marked copy is made: it would keep all offices waiting for minutes."""

_log = logging.getLogger(__name__)


@dataclass
class Live:
    """How far the file has come that is being read now."""

    job: Job
    started: float
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("rows", "new", "changed", "same", "unusable", "problems", "disappeared"), 0
        )
    )
    bytes_read: int = 0
    bytes_total: int = 0

    @property
    def seconds(self) -> float:
        """How long it has been read."""
        return clock.monotonic() - self.started


class Session:
    """One file being compared. It belongs to the thread of comparisons."""

    def __init__(
        self, reading: Reading, reader: BookReader, comparer: Comparer, *, covers: tuple[str, ...] = ()
    ) -> None:
        """Compare ``reading`` with what ``reader`` finds; ``covers`` is what the office itself says it lists."""
        self.reading = reading
        self._covers = covers
        self._reader = reader
        self._rows = iter(reading)
        self._comparer = comparer
        self._named = Named()
        self._upto = reader.stamped_voters()

    def next_portion(self) -> tuple[Portion, list[Row]] | None:
        """Return the next rows and those among them that differ; ``None`` at the end.

        Whoever is named counts as named in the version that stands before anything of it is emitted.
        """
        portion = self._comparer.look_at(islice(self._rows, _PORTION_ROWS))
        if not portion.read:
            return None
        rows = portion.rows
        keys = [row.key for row in rows]
        known = self._reader.known(keys + portion.named, [row.digest for row in rows])
        self._named.add([(epoch, sequence) for _, epoch, sequence, _ in known])
        return portion, different(rows, known)

    @property
    def scope(self) -> tuple[str, ...]:
        """Codes of the wilayah of which the file lists every voter."""
        return self.reading.scope_named(self._covers) if self._covers else self.reading.scope

    @property
    def uncovered(self) -> tuple[str, ...]:
        """Codes of the desa of which nobody can tell whether the file lists more than one TPS."""
        return () if self._covers else self.reading.of_one_tps

    def disappeared(self) -> Iterator[list[Standing]]:
        """Yield the voters that the file should list and does not, in portions.

        What was stamped after the file was begun is newer than the file.
        """
        scope = Scope(self.scope)
        if not scope.codes:
            return
        after, named = b"", self._named
        while found := self._reader.standing(self._upto, after=after, limit=_STANDING_ROWS):
            after = found[-1][0]
            yield [
                Standing(key, epoch, sequence, place)
                for key, epoch, sequence, place in found
                if (epoch, sequence) not in named and place in scope
            ]

    def close(self) -> None:
        """Let go of the ledger."""
        self._reader.close()


class Worker:
    """Works off the files of one office."""

    def __init__(  # noqa: PLR0913  # whose files, where they lie, who takes what differs, how they are read
        self,
        office: str,
        path: Path,
        keys: PersonalKeys,
        *,
        clerk: Clerk,
        shelf: Shelf,
        open_file: OpenFile,
        write_copy: WriteCopy,
        thread: Executor,
    ) -> None:
        """Serve ``office``, whose own file lies at ``path``; comparing happens in ``thread``."""
        self.shelf = shelf
        self.live: Live | None = None
        self.book = BookReader(path)
        self._office = office
        self._path = path
        self._keys = keys
        self._clerk = clerk
        self._open_file = open_file
        self._write_copy = write_copy
        self._thread = thread
        self._something = asyncio.Event()

    def close(self) -> None:
        """Let go of the book."""
        self.book.close()

    def tidy(self) -> None:
        """Remove what a kill has left on the shelf; before anything is put there."""
        self.shelf.clear({job.id for job in self.book.unfinished()})

    async def add(self, job: Job) -> None:
        """Take a job whose file lies on the shelf."""
        await self._clerk.run(partial(book.add_job, job=job))
        self._something.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._something.clear()
            for job in self.book.unfinished():
                await until_done("read a file", partial(self._work_off, job))
            await self._something.wait()

    async def _work_off(self, job: Job) -> None:
        self.live = live = Live(job, clock.monotonic(), bytes_total=job.bytes_total)
        try:
            await self._clerk.run(partial(book.begin_job, number=job.number))
            await self._read(job, live)
        except FileRefusedError as error:
            await self._end(job, "refused", f"{error.problem.code}: {error.problem.detail}")
        except FileNotFoundError:
            # Somebody has taken it off the shelf: waiting would not bring it back.
            await self._end(job, "refused", "FILE-UNREADABLE: the file is gone; hand it over again")
        except (TransientError, sqlite3.Error, OSError):
            raise
        except Exception as error:  # noqa: BLE001  # one file must not keep all others waiting for ever
            # Its text might hold what the file holds, so only its kind is told.
            _log.error("a file could not be read", extra={"office": self._office, "fault": type(error).__name__})
            await self._end(job, "refused", f"INTERNAL: {type(error).__name__}")
        finally:
            self.live = None
        self.shelf.remove(job.id)

    async def _end(self, job: Job, state: book.State, reason: str | None) -> None:
        now_ms = milliseconds(clock.now())
        await self._clerk.run(lambda spool: book.end_job(spool, job.number, state, reason, now_ms=now_ms))

    async def _read(self, job: Job, live: Live) -> None:
        session = await self._in_thread(partial(self._open, job))
        try:
            told, waiting, problems = clock.monotonic(), list[Row](), list[Problem]()
            while (found := await self._in_thread(session.next_portion)) is not None:
                portion, rows = found
                live.counts["rows"] += portion.read
                live.counts["unusable"] += portion.unusable
                live.counts["same"] += len(portion.rows) - len(rows)
                live.bytes_read = session.reading.bytes_read
                waiting += rows
                problems += portion.problems
                if max(len(waiting), len(problems)) >= _WAITING_MAX or clock.monotonic() - told > _TELL_SECONDS:
                    told = clock.monotonic()
                    await self._push_and_write(job, session, live, waiting, problems)
                    waiting, problems = [], []
            await self._push_and_write(job, session, live, waiting, problems)
            await self._propose(job, session, live)
            await self._write(job, session, live, [])
            is_small = job.bytes_total <= _COPY_BYTES_MAX and live.counts["rows"] <= _COPY_ROWS_MAX
            if live.counts["problems"] and is_small:
                await self._in_thread(partial(self._mark, job))
            await self._end(job, "waiting" if live.counts["disappeared"] else "done", None)
        finally:
            await self._in_thread(session.close)

    def _open(self, job: Job) -> Session:
        path = self.shelf.path_of(job.id)
        reading = self._open_file(path, office=self._office, kind=job.kind, kontes=job.kontes, nama=job.name)
        comparer = Comparer(self._office, self._keys)
        return Session(reading, BookReader(self._path), comparer, covers=tuple((job.covers or "").split()))

    def _mark(self, job: Job) -> None:
        """Write the marked copy, whole or not at all; what was emitted stands also where none can be written."""
        part = self.shelf.part_of(job.id)
        path = self.shelf.path_of(job.id)
        try:
            self._write_copy(path, part, office=self._office, kind=job.kind, kontes=job.kontes, nama=job.name)
            part.rename(self.shelf.copy_of(job.id))
        except Exception as error:  # noqa: BLE001  # its text might hold what the file holds
            _log.error("no marked copy", extra={"office": self._office, "fault": type(error).__name__})
            part.unlink(missing_ok=True)

    async def _push_and_write(
        self, job: Job, session: Session, live: Live, rows: list[Row], problems: list[Problem]
    ) -> None:
        if rows:
            await self._push(rows, live, problems)
        await self._write(job, session, live, problems)

    async def _push(self, rows: list[Row], live: Live, problems: list[Problem]) -> None:
        """Have the clerk take what differs; with it the ledger learns the digests that it may vouch for from now on."""

        def vouch(spool: Spool, receipts: list[Receipt]) -> None:
            book.note_rows(
                spool,
                [
                    (rows[receipt.nth].digest, rows[receipt.nth].key, receipt.epoch, receipt.sequence)
                    for receipt in receipts
                ],
            )

        body = b"\n".join([row.line for row in rows])
        outcome: Outcome = await self._clerk.take(body, Framing.LINES, urgent=False, wants_receipts=True, beside=vouch)
        problems += [problem_of(rows[item.index].place, item) for item in outcome.errors]
        live.counts["unusable"] += len({item.index for item in outcome.errors})
        for receipt in outcome.receipts:
            name = "same" if receipt.repeated else "new" if receipt.revision == 1 else "changed"
            live.counts[name] += 1

    async def _write(self, job: Job, session: Session, live: Live, problems: list[Problem]) -> None:
        first = live.counts["problems"]
        live.counts["problems"] += len(problems)
        counts, reading = dict(live.counts), session.reading

        def write(spool: Spool) -> None:
            book.add_problems(spool, job.number, first, problems[: max(0, _PROBLEMS_MAX - first)])
            book.tell_counts(spool, job.number, reading.kind, counts, scope=session.scope, uncovered=session.uncovered)

        await self._clerk.run(write)

    async def _propose(self, job: Job, session: Session, live: Live) -> None:
        portions = session.disappeared()
        while (gone := await self._in_thread(partial(next, portions, None))) is not None:
            live.counts["disappeared"] += len(gone)
            if gone:
                await self._clerk.run(partial(book.propose, number=job.number, standing=gone))

    async def _in_thread(self, do: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, do)
