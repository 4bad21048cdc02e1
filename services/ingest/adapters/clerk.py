"""The clerk of one office: one thread that reads, stamps and spools what is pushed, turn by turn.

All writing to an office's file happens here. A bulk load is worked off in turns of a thousand changes, and between two
turns whatever is about results goes first, so that a result never waits for a file of voters. What is waiting
together is written in one transaction; an answer is given only when that is on disk.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from contracts.identifiers import Lane
from contracts.personal import PersonalKeys
from contracts.problems import ProblemItem
from services.ingest.adapters.again import follow_registrations, registered_in
from services.ingest.adapters.spool import Spool
from services.ingest.core.framing import Framing, changes_in
from services.ingest.core.refusal import Refusal, RefusedError
from services.ingest.core.stamp import Receipt, stamp
from services.ingest.core.statement import Reader, Statement
from services.runtime import clock
from services.runtime.errors import TransientError

T = TypeVar("T")
Beside = Callable[[Spool, list[Receipt]], None]
"""Writes something about changes that were just taken, in the transaction that takes them."""

_TURN_CHANGES: Final = 1_000
"""Changes worked off before others have their turn: thirty milliseconds of a core."""
_COMMIT_CHANGES: Final = 5_000
"""Changes written in one transaction at most: a page of the ledger is then written once for several of them."""
_FEW_CHANGES: Final = 100
"""So few changes need not wait for the turn of other offices' bulk loads."""
_LOOK_SECONDS: Final = 0.05
"""How often a clerk that waits for its turn looks whether a result has come meanwhile."""

_log = logging.getLogger(__name__)


class SpoolUnavailableError(TransientError):
    """The office's file could not be written; what was answered before is safe."""

    def __init__(self, cause: Exception) -> None:
        """Tell whether it is room that is lacking."""
        super().__init__(f"the office's file could not be written: {cause}")
        self.is_full = "full" in str(cause)


@dataclass
class Outcome:
    """What became of one request."""

    receipts: list[Receipt] = field(default_factory=list)
    errors: list[ProblemItem] = field(default_factory=list)
    taken: int = 0
    repeated: int = 0
    first: dict[Lane, int] = field(default_factory=dict)
    """Sequence of the first new change of each lane, …"""
    last: dict[Lane, int] = field(default_factory=dict)
    """… and of the last."""


@dataclass(eq=False)
class _Push:
    """One request on its way through the clerk's hands."""

    body: bytes
    framing: Framing
    urgent: bool
    wants_receipts: bool
    beside: Beside | None = None
    answer: Future[Outcome] = field(default_factory=Future)
    outcome: Outcome = field(default_factory=Outcome)
    changes: list[bytes] | None = None
    done: int = 0

    def next_changes(self) -> list[bytes]:
        """Return the changes of the next turn.

        Raises:
            RefusedError: the body cannot be taken apart.
        """
        if self.changes is None:
            self.changes, self.body = changes_in(self.body, self.framing), b""
        return self.changes[self.done : self.done + _TURN_CHANGES]

    @property
    def is_finished(self) -> bool:
        """Whether every change has been looked at."""
        return self.changes is not None and self.done >= len(self.changes)


class Clerk:
    """Takes what one office pushes."""

    def __init__(
        self,
        office: str,
        open_spool: Callable[[], Spool],
        keys: PersonalKeys,
        *,
        turn: threading.Lock,
        on_commit: Callable[[], None],
    ) -> None:
        """Prepare for ``office``.

        ``turn`` is shared by all clerks of the process: two of them reading bulk at once would only pass Python's
        lock to and fro. ``on_commit`` is called, in the clerk's thread, whenever there is something new to deliver.
        """
        self.office = office
        self._open_spool = open_spool
        self._reader = Reader(office, keys)
        self._turn = turn
        self._on_commit = on_commit
        self._something = threading.Condition()
        self._errands: deque[Callable[[Spool], None]] = deque()
        self._urgent: deque[_Push] = deque()
        self._patient: deque[_Push] = deque()
        self._stopping = False
        self._published: dict[tuple[Lane, int], int] = {}
        self._opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._work, name=f"clerk-{office}", daemon=True)

    async def start(self) -> None:
        """Open the office's file and begin.

        Raises:
            FatalError: the file cannot be used.
        """
        self._thread.start()
        await asyncio.wrap_future(self._opened)

    async def stop(self) -> None:
        """Finish what was pushed, write down what Kafka has confirmed, and close the file."""
        with self._something:
            self._stopping = True
            self._something.notify()
        await asyncio.to_thread(self._thread.join)

    async def take(
        self, body: bytes, framing: Framing, *, urgent: bool, wants_receipts: bool, beside: Beside | None = None
    ) -> Outcome:
        """Return what became of the changes in ``body``, once everything taken of it is on disk.

        ``beside`` is called for each turn of them, within its transaction.

        Raises:
            RefusedError: the body as a whole is refused.
            SpoolUnavailableError: it could not be written; part of it may have been, and sending it again is safe.
        """
        push = _Push(body, framing, urgent, wants_receipts, beside)
        with self._something:
            (self._urgent if urgent else self._patient).append(push)
            self._something.notify()
        return await asyncio.wrap_future(push.answer)

    async def run(self, do: Callable[[Spool], T]) -> T:
        """Return what ``do`` returns, done in a transaction of its own; when it raises, nothing of it is written.

        Raises:
            SpoolUnavailableError: it could not be written.
        """
        answer: Future[T] = Future()

        def errand(spool: Spool) -> None:
            try:
                with spool.transaction():
                    result = do(spool)
            except sqlite3.Error as error:
                _fail(answer, SpoolUnavailableError(error))
            except Exception as error:  # noqa: BLE001  # whoever asked for it is told
                _fail(answer, error)
            else:
                self._on_commit()
                _resolve(answer, result)

        with self._something:
            self._errands.append(errand)
            self._something.notify()
        return await asyncio.wrap_future(answer)

    def note_published(self, lane: Lane, epoch: int, sequence: int) -> None:
        """Remember what Kafka has confirmed.

        It is written with the next transaction, for it needs no haste: after a crash the topic itself tells.
        """
        with self._something:
            self._published[lane, epoch] = sequence

    def published(self, lane: Lane, epoch: int) -> int:
        """Return what Kafka has confirmed and the file does not say yet; 0 when the file says it all."""
        with self._something:
            return self._published.get((lane, epoch), 0)

    # In the clerk's own thread -------------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            spool = self._open_spool()
        except BaseException as error:  # noqa: BLE001  # whoever starts the clerk is told
            self._opened.set_exception(error)
            return
        self._opened.set_result(None)
        try:
            while self._wait():
                while (errand := self._next_errand()) is not None:
                    errand(spool)
                if (push := self._next_push(only_urgent=False)) is not None:
                    self._commit(spool, push)
            with spool.transaction():
                self._write_published(spool)
        finally:
            spool.close()

    def _wait(self) -> bool:
        """Wait until there is something to do; return whether there is, instead of the end."""
        with self._something:
            while not (self._errands or self._urgent or self._patient):
                if self._stopping:
                    return False
                self._something.wait()
            return True

    def _next_errand(self) -> Callable[[Spool], None] | None:
        with self._something:
            return self._errands.popleft() if self._errands else None

    def _next_push(self, *, only_urgent: bool) -> _Push | None:
        with self._something:
            if self._urgent:
                return self._urgent.popleft()
            return self._patient.popleft() if self._patient and not only_urgent else None

    def _commit(self, spool: Spool, first: _Push) -> None:
        """Work off ``first`` and what else is waiting in one transaction, and answer whoever is finished."""
        touched: list[_Push] = []
        refused: dict[_Push, RefusedError] = {}
        changes, haste = 0, False
        push: _Push | None = first
        try:
            with spool.transaction():
                while push is not None:
                    if push not in touched:
                        touched.append(push)
                    haste = haste or push.urgent
                    try:
                        changes += self._work_off(spool, push)
                    except RefusedError as error:
                        refused[push] = error
                    # When a result has been taken its office is waiting for the answer: bulk comes after it.
                    push = self._next_push(only_urgent=haste) if changes < _COMMIT_CHANGES else None
                self._write_published(spool)
        except Exception as error:  # noqa: BLE001  # whatever it is, those who wait are told and others are served
            # Nothing of it was answered yet, and nothing of it is written: the sender will send it again.
            reason = SpoolUnavailableError(error) if isinstance(error, sqlite3.Error) else error
            _log.exception("changes could not be spooled", extra={"office": self.office})
            self._drop(touched)
            for push in touched:
                _fail(push.answer, reason)
            return
        for push in touched:
            if push in refused:
                _fail(push.answer, refused[push])
            elif push.is_finished:
                _resolve(push.answer, push.outcome)
        self._on_commit()

    def _work_off(self, spool: Spool, push: _Push) -> int:
        """Work off the next changes of ``push``, put it back when there are more, and return how many they were.

        They are none when a result has come while other offices had the turn: it goes first.
        """
        changes = push.next_changes()
        if len(changes) <= _FEW_CHANGES:
            statements = self._read(push, changes)
        elif self._has_turn(push):
            try:
                statements = self._read(push, changes)
            finally:
                self._turn.release()
        else:
            with self._something:
                self._patient.appendleft(push)
            return 0
        self._stamp(spool, push, statements)
        push.done += len(changes)
        if not push.is_finished:
            with self._something:
                (self._urgent if push.urgent else self._patient).append(push)
        return len(changes)

    def _has_turn(self, push: _Push) -> bool:
        """Wait for the turn and take it, but for a bulk load only until something more urgent has come."""
        while not self._turn.acquire(timeout=_LOOK_SECONDS):
            if not push.urgent:
                with self._something:
                    if self._urgent:
                        return False
        return True

    def _read(self, push: _Push, changes: list[bytes]) -> list[Statement]:
        statements: list[Statement] = []
        for nth, change in enumerate(changes, start=push.done):
            try:
                statements.append(self._reader.read(change, nth))
            except RefusedError as error:
                push.outcome.errors.extend(refusal.item(nth) for refusal in error.refusals)
            except Exception as error:  # noqa: BLE001  # our own fault with one change must not cost its neighbours
                # Its text might hold what the change holds, so only its kind is told.
                _log.error("a change could not be read", extra={"office": self.office, "fault": type(error).__name__})
                fault = Refusal("INTERNAL", "", f"{len(change)} bytes", "a change that this service can read")
                push.outcome.errors.append(fault.item(nth))
        return statements

    def _stamp(self, spool: Spool, push: _Push, statements: list[Statement]) -> None:
        now = clock.now()
        stamped = stamp(
            statements,
            office=self.office,
            recordedtime=clock.now_text(),
            ledger=spool.ledger([said.key for said in statements]),
            ids=spool.statements([said.id for said in statements if said.id is not None]),
            numbering=spool.numbering(),
        )
        spool.add(stamped, recorded_ms=milliseconds(now))
        if push.beside is not None:
            push.beside(spool, stamped.receipts)
        follow_registrations(spool, self.office, registered_in(stamped.stretches["hasil"]))
        outcome = push.outcome
        outcome.errors.extend(refusal.item(nth) for nth, refusal in stamped.refusals)
        if push.wants_receipts:
            outcome.receipts.extend(stamped.receipts)
        taken = sum(len(stretch.lines) for stretch in stamped.stretches.values())
        outcome.taken += taken
        outcome.repeated += len(stamped.receipts) - taken
        for lane, stretch in stamped.stretches.items():
            if stretch.lines:
                outcome.first.setdefault(lane, stretch.first)
                outcome.last[lane] = stretch.last

    def _write_published(self, spool: Spool) -> None:
        with self._something:
            published = dict(self._published)
        for (lane, epoch), sequence in published.items():
            spool.mark_published(lane, epoch, sequence)

    def _drop(self, pushes: list[_Push]) -> None:
        """Take ``pushes`` back out of the queues."""
        with self._something:
            for queue in (self._urgent, self._patient):
                for push in pushes:
                    if push in queue:
                        queue.remove(push)


def milliseconds(moment: datetime) -> int:
    """Return a moment as the office's file keeps it."""
    return int(moment.timestamp() * 1000)


def _resolve(answer: Future[T], result: T) -> None:
    try:
        answer.set_result(result)
    except InvalidStateError:
        # Whoever waited has gone away, as a client may at any time.
        _log.debug("nobody waits for an answer any more")


def _fail(answer: Future[T], error: Exception) -> None:
    try:
        answer.set_exception(error)
    except InvalidStateError:
        _log.debug("nobody waits for an answer any more")
