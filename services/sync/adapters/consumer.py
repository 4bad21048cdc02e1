"""Accepted records in, merged state out: several records to a transaction while a backlog stands."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

from pydantic import ValidationError

from contracts.batch import BatchHeader, findings_from, header_from
from contracts.topics import accepted
from services.runtime import kafka
from services.runtime.clock import monotonic
from services.runtime.errors import TransientError
from services.sync.adapters.metrics import Metrics
from services.sync.adapters.ownership import GapError, Ownership
from services.sync.adapters.store import Arrived, FencedError, Position, RewoundError, Store
from services.sync.core.records import Batch, batch_of

CHANGES_PER_TRANSACTION_MAX: Final = 10_000
"""Twice as many gain a tenth in speed and cost three times the wait (PERFORMANCE.md 3)."""
_STRETCH_MAX: Final = 100_000
"""As many numbers as a header can count lines; a longer stretch would settle what nobody has sent."""
_PAUSE_SECONDS_FIRST: Final = 0.2
_PAUSE_SECONDS_MAX: Final = 10.0
_FINISH_SECONDS_MAX: Final = 10.0

_log = logging.getLogger(__name__)

Announce = Callable[[Iterable[Position]], None]
Decided = Callable[[], None]


class Merger:
    """Merges what one subscription brings, one transaction after the other."""

    def __init__(
        self,
        store: Callable[[], Store],
        ownership: Ownership,
        announce: Announce,
        decided: Decided,
        metrics: Metrics,
    ) -> None:
        """Wire the store, who owns which partition, and whom to tell of positions and of decisions."""
        self._store = store
        self._ownership = ownership
        self._announce = announce
        self._decided = decided
        self._metrics = metrics
        self._merging: asyncio.Task[None] | None = None
        self._failures = 0

    async def handle(self, records: kafka.Records) -> None:
        """Merge ``records`` in order; their offsets move in the same transactions.

        The last transaction may still be under way on return, so that the next records are fetched and read while
        PostgreSQL works: a queue of one (PERFORMANCE.md 6). Nothing depends on the offset that Kafka is told then.
        """
        async for arrived in _transactions(records):
            await self._settle()
            self._merging = asyncio.create_task(self._merge(arrived), name="merge")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Finish, after the last records have been handled, what is under way."""
        try:
            yield
        finally:
            if self._merging is not None:
                # What waits for PostgreSQL to come back has written nothing, and comes again.
                await asyncio.wait([self._merging], timeout=_FINISH_SECONDS_MAX)
                self._merging.cancel()
                await asyncio.wait([self._merging])

    async def _settle(self) -> None:
        merging, self._merging = self._merging, None
        if merging is not None:
            await merging

    async def _merge(self, arrived: list[Arrived]) -> None:
        """Merge ``arrived``, or see to it that it is read again."""
        try:
            await self._merge_once(arrived)
        except FencedError as error:
            _log.warning("partitions were taken over by another instance", extra={"cause": str(error)[:300]})
        except GapError as error:
            _log.warning("records do not follow those that are merged", extra={"cause": str(error)[:300]})
            await self._ownership.take_over_again()
        except RewoundError as error:
            _log.error("the store has been set back, changes are read again", extra={"cause": str(error)[:300]})
            self._metrics.alarm("store-set-back")
            await self._ownership.take_over_again()
        except Exception as error:  # noqa: BLE001  # whatever it is, the changes must come again
            cause = None if isinstance(error, TransientError) else error
            pause = min(_PAUSE_SECONDS_MAX, _PAUSE_SECONDS_FIRST * 2 ** min(self._failures, 10))
            self._failures += 1
            _log.warning(
                "nothing was merged, it will be tried again",
                exc_info=cause,
                extra={"failures": self._failures, "pause_seconds": pause, "cause": str(error)[:300]},
            )
            await asyncio.sleep(pause)
            await self._ownership.take_over_again()
        else:
            self._failures = 0

    async def _merge_once(self, arrived: list[Arrived]) -> None:
        started = monotonic()
        async with self._ownership.working:
            # What went to another instance meanwhile is read there.
            ours = [record for record in arrived if (record.topic, record.partition) in self._ownership.held]
            if not ours:
                return
            self._ownership.check_order((record.topic, record.partition, record.offset) for record in ours)
            try:
                merged = await self._store().merge(ours, self._ownership.held)
            except FencedError:
                self._ownership.held.clear()
                raise
            self._ownership.moved(merged.next_offsets)
        self._metrics.merged(merged.outcomes, seconds=monotonic() - started)
        self._announce(merged.positions)
        if merged.decided:
            self._decided()


async def _transactions(records: Iterable[Any]) -> AsyncIterator[list[Arrived]]:
    """Cut records into transactions of at most :data:`CHANGES_PER_TRANSACTION_MAX` changes."""
    arrived: list[Arrived] = []
    changes = 0
    for record in records:
        batch = _read(record)
        # Reading a record takes milliseconds: the transaction under way gets its turn in between.
        await asyncio.sleep(0)
        size = len(batch.rows) if batch is not None else 0
        if arrived and changes + size > CHANGES_PER_TRANSACTION_MAX:
            yield arrived
            arrived, changes = [], 0
        arrived.append(Arrived(record.topic, record.partition, record.offset, batch))
        changes += size
    if arrived:
        yield arrived


def _read(record: Any) -> Batch | None:
    headers = kafka.headers_in(record)
    header = header_from(headers)
    place = f"{record.topic}:{record.partition}:{record.offset}"
    if header is None or not _is_possible(header, record.topic):
        # Nobody but the validator may write here; what is not its is reported and passed over.
        _log.error("a record without a readable header", extra={"place": place})
        return None
    try:
        findings = findings_from(headers)
    except ValidationError:
        _log.exception("findings that cannot be read", extra={"place": place})
        findings = []
    batch = batch_of(header, record.value or b"", findings)
    if batch.unreadable or batch.surplus:
        counts = {"unreadable": len(batch.unreadable), "without_number": batch.surplus}
        _log.error("a record with lines that the validator cannot have let through", extra={"place": place, **counts})
    return batch


def _is_possible(header: BatchHeader, topic: str) -> bool:
    return topic == accepted(header.lane) and 0 <= header.last - header.first < _STRETCH_MAX
