"""Accepted records in, merged state out: several records to a transaction while a backlog stands."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, Final

from pydantic import ValidationError

from contracts.batch import BatchHeader, findings_from, header_from
from contracts.topics import accepted
from services.runtime import kafka
from services.runtime.clock import monotonic
from services.sync.adapters.metrics import Metrics
from services.sync.adapters.ownership import Ownership
from services.sync.adapters.store import Arrived, Position, RewoundError, Store
from services.sync.core.records import Batch, batch_of

CHANGES_PER_TRANSACTION_MAX: Final = 10_000
"""Twice as many gain a tenth in speed and cost three times the wait (PERFORMANCE.md 3)."""

_log = logging.getLogger(__name__)

Announce = Callable[[Iterable[Position]], None]


class Merger:
    """Merges what one subscription brings."""

    def __init__(self, store: Callable[[], Store], ownership: Ownership, announce: Announce, metrics: Metrics) -> None:
        """Wire the store, who owns which partition, and whom to tell."""
        self._store = store
        self._ownership = ownership
        self._announce = announce
        self._metrics = metrics

    async def handle(self, records: kafka.Records) -> None:
        """Merge ``records`` in order; their offsets move in the same transactions.

        While PostgreSQL works on one transaction the next one is read.

        Raises:
            TransientError: nothing of the transaction under way was written; the same records come again.
        """
        merging: asyncio.Task[None] | None = None
        try:
            async for arrived in _transactions(records):
                if merging is not None:
                    await merging
                merging = asyncio.create_task(self._merge(arrived))
            if merging is not None:
                await merging
        except RewoundError:
            await self._ownership.take_over_again()
        finally:
            # Only when we were told to stop, or the next records could not be read.
            if merging is not None and not merging.done():
                merging.cancel()
                await asyncio.wait([merging])

    async def _merge(self, arrived: list[Arrived]) -> None:
        started = monotonic()
        async with self._ownership.working:
            # What went to another instance meanwhile is read there.
            ours = [record for record in arrived if (record.topic, record.partition) in self._ownership.held]
            if not ours:
                return
            merged = await self._store().merge(ours, self._ownership.held)
            self._ownership.moved(merged.next_offsets)
        self._metrics.merged(merged.outcomes, seconds=monotonic() - started)
        self._announce(merged.positions)


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


_STRETCH_MAX: Final = 100_000
"""As many numbers as a header can count lines; a longer stretch would settle what nobody has sent."""
