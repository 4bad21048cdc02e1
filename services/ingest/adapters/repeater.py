"""The repeater: works off what the province has mended, office by office, never faster than the lanes carry it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

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
        self, clerks: Mapping[str, Clerk], readers: Mapping[str, SpoolReader], deliveries: Sequence[Delivery]
    ) -> None:
        """Prepare; nothing happens before :meth:`run`."""
        self._clerks = clerks
        self._readers = readers
        self._deliveries = deliveries

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            await self.turn()
            await asyncio.sleep(_PAUSE_SECONDS)

    async def turn(self) -> None:
        """Work off a little of what is due at each office."""
        for office, clerk in self._clerks.items():
            try:
                await self._work(office, clerk)
            except TransientError as error:
                _log.warning("nothing can be said again", extra={"office": office, "cause": str(error)[:300]})

    async def _work(self, office: str, clerk: Clerk) -> None:
        reader = self._readers[office]
        if reader.has_calendars():
            await clerk.run(partial(follow_clock, office=office, now=clock.now()))
        for _ in range(_PORTIONS_MAX):
            now_ms = milliseconds(clock.now())
            if not reader.has_due(now_ms) or self._is_full(office):
                return
            await clerk.run(partial(say_a_portion, office=office, now_ms=now_ms))

    def _is_full(self, office: str) -> bool:
        return any(
            standing.stamped - standing.published > _WAITING_MAX
            for delivery in self._deliveries
            if delivery.office == office
            for standing in delivery.standings()
        )
