"""Delivery: one loop for each lane of an office takes what is spooled, in order, and hands it to Kafka.

One record is on its way at a time. That keeps the order whatever fails, leaves no hole behind a mark, and costs
nothing: a record carries up to a thousand changes, and the lanes of all offices deliver side by side.
"""

from __future__ import annotations

import asyncio
from contextlib import closing

from contracts.identifiers import Lane
from contracts.topics import submitted
from services.ingest.adapters.clerk import Clerk
from services.ingest.adapters.metrics import Metrics
from services.ingest.adapters.spool import SpoolReader, Standing
from services.ingest.core.batches import Record, next_record
from services.runtime import clock
from services.runtime.outlet import Outgoing, Outlet
from services.runtime.patience import until_done


class Delivery:
    """Delivers one lane of one office."""

    def __init__(  # noqa: PLR0913  # a delivery has that many sides
        self, office: str, lane: Lane, *, reader: SpoolReader, clerk: Clerk, outlet: Outlet, metrics: Metrics
    ) -> None:
        """Prepare to deliver; nothing happens before :meth:`run`."""
        self.office = office
        self.lane: Lane = lane
        self._reader = reader
        self._clerk = clerk
        self._outlet = outlet
        self._metrics = metrics
        self._something = asyncio.Event()
        self._under_way_since: float | None = None

    def wake(self) -> None:
        """Look for something to deliver: called whenever the clerk has committed."""
        self._something.set()

    @property
    def seconds_under_way(self) -> float:
        """How long the record under way has been waiting for its confirmation; 0 when there is none."""
        since = self._under_way_since
        return 0.0 if since is None else clock.monotonic() - since

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            self._something.clear()
            record = self._next()
            if record is None:
                await self._something.wait()
                continue
            self._under_way_since = started = clock.monotonic()
            await until_done(f"deliver {self.office}/{self.lane}", lambda record=record: self._publish(record))  # type: ignore[misc]  # bound at once
            self._under_way_since = None
            self._clerk.note_published(self.lane, record.epoch, record.last)
            self._metrics.count_published(
                self.office, self.lane, record.last - record.first + 1, clock.monotonic() - started
            )

    def standings(self) -> list[Standing]:
        """Return where the lane stands in each epoch, with what was confirmed a moment ago."""
        return [
            standing._replace(published=max(standing.published, self._clerk.published(standing.lane, standing.epoch)))
            for standing in self._reader.standings()
            if standing.lane == self.lane
        ]

    def _next(self) -> Record | None:
        """Return the record to write next. What has just been spooled is still in memory, so reading it is quick."""
        waiting = 0
        record = None
        for standing in self.standings():
            waiting += standing.stamped - standing.published
            if record is None and standing.published < standing.stamped:
                with closing(self._reader.waiting(self.lane, standing.epoch, standing.published)) as pieces:
                    record = next_record(self.office, self.lane, pieces)
        self._metrics.set_waiting(self.office, self.lane, waiting)
        return record

    async def _publish(self, record: Record) -> None:
        topic = submitted(self.office, self.lane)
        await self._outlet.write([Outgoing(topic, 0, self.office, record.value, record.headers)])
