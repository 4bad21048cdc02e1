"""The repeater: works off what the province has mended, office by office, never faster than the lanes carry it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from contracts.identifiers import Lane
from services.ingest.adapters.clerk import Clerk, milliseconds
from services.ingest.adapters.mending import follow_clock, say_a_portion
from services.ingest.adapters.publisher import Delivery
from services.ingest.adapters.spool import SpoolReader
from services.runtime import clock
from services.runtime.errors import TransientError

_PAUSE_SECONDS: Final = 1.0
_PORTIONS_MAX: Final = 4
"""For one office between two pauses: two thousand changes a second, a fifteenth of what a bulk load brings."""
_WAITING_MAX: Final = 1_000
"""Changes of a lane that wait for Kafka: with more of them, what was said first goes first."""

_log = logging.getLogger(__name__)


class Repeater:
    """Says again for all offices of this process."""

    def __init__(
        self,
        clerks: Mapping[str, Clerk],
        readers: Mapping[str, SpoolReader],
        deliveries: Sequence[Delivery],
        *,
        fault_pause_seconds: float = 60.0,
    ) -> None:
        """Prepare; nothing happens before :meth:`run`. An office in which a fault shows is left alone for a pause."""
        self._clerks = clerks
        self._readers = readers
        self._deliveries = deliveries
        self._fault_pause_seconds = fault_pause_seconds
        self._not_before: dict[str, float] = {}

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            await self.turn()
            await asyncio.sleep(_PAUSE_SECONDS)

    async def turn(self) -> None:
        """Work off a little of what is due at each office."""
        for office, clerk in self._clerks.items():
            if clock.monotonic() < self._not_before.get(office, 0.0):
                continue
            try:
                await self._work(office, clerk)
            except TransientError as error:
                _log.warning("nothing can be said again", extra={"office": office, "cause": str(error)[:300]})
            except Exception:  # noqa: BLE001  # a damaged file, or a line that nobody can read: of this office alone
                _log.exception("nothing can be said again", extra={"office": office})
                self._not_before[office] = clock.monotonic() + self._fault_pause_seconds

    async def _work(self, office: str, clerk: Clerk) -> None:
        reader = self._readers[office]
        if reader.has_calendars():
            await clerk.run(partial(follow_clock, office=office, now=clock.now()))
        for _ in range(_PORTIONS_MAX):
            now_ms = milliseconds(clock.now())
            lane = reader.due_lane(now_ms)
            if lane is None or self._is_full(office, lane):
                return
            await clerk.run(partial(say_a_portion, office=office, now_ms=now_ms))

    def _is_full(self, office: str, lane: Lane) -> bool:
        return any(
            standing.stamped - standing.published > _WAITING_MAX
            for delivery in self._deliveries
            if (delivery.office, delivery.lane) == (office, lane)
            for standing in delivery.standings()
        )
