"""Accepted records in, merged state out: several records to a transaction while a backlog stands."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any, Final

from pydantic import ValidationError

from contracts.batch import BatchHeader, findings_from, header_from
from services.runtime import kafka
from services.runtime.clock import monotonic
from services.sync.adapters.metrics import Metrics
from services.sync.adapters.ownership import Ownership
from services.sync.adapters.store import Arrived, Merged, Store
from services.sync.core.records import Batch, batch_of

CHANGES_PER_TRANSACTION_MAX: Final = 10_000
"""Twice as many gain a tenth in speed and cost three times the wait (PERFORMANCE.md 3)."""

_log = logging.getLogger(__name__)

Announce = Callable[[Merged], Awaitable[None]]


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

        Raises:
            TransientError: nothing of the transaction under way was written; the same records come again.
        """
        for arrived in _transactions(records):
            started = monotonic()
            async with self._ownership.working:
                merged = await self._store().merge(arrived, self._ownership.fences)
            self._metrics.merged(merged.outcomes, seconds=monotonic() - started)
            await self._announce(merged)


def _transactions(records: Iterable[Any]) -> Iterator[list[Arrived]]:
    """Cut records into transactions of at most :data:`CHANGES_PER_TRANSACTION_MAX` changes."""
    arrived: list[Arrived] = []
    changes = 0
    for record in records:
        batch = _read(record)
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
    if header is None or not _is_possible(header):
        # Nobody but the validator may write here; what is not its is reported and passed over.
        place = f"{record.topic}:{record.partition}:{record.offset}"
        _log.error("a record without a readable header", extra={"place": place})
        return None
    try:
        findings = findings_from(headers)
    except ValidationError:
        _log.exception("findings that cannot be read", extra={"office": header.office, "first": header.first})
        findings = []
    return batch_of(header, record.value or b"", findings)


def _is_possible(header: BatchHeader) -> bool:
    return header.first <= header.last
