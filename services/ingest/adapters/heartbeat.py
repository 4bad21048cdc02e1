"""The heartbeat: tells the province how many changes each office has taken and delivered (contracts/progress.py)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from contracts.progress import Heartbeat, progress_key
from contracts.topics import PROGRESS
from services.ingest.adapters.publisher import Delivery
from services.runtime import clock
from services.runtime.outlet import Outgoing, Outlet

_SECONDS: Final = 1.0
"""Between two statements of one lane, when something has changed."""
_QUIET_SECONDS_MAX: Final = 10.0
"""Without news the office still says that it is there: silence means that it is not."""


class Herald:
    """Sends the heartbeats of every lane of this process."""

    def __init__(self, deliveries: Sequence[Delivery], outlet: Outlet) -> None:
        """Prepare to speak for ``deliveries``."""
        self._deliveries = deliveries
        self._outlet = outlet
        self._said: dict[tuple[str, str], tuple[tuple[int, int, int], float]] = {}

    async def run(self) -> None:
        """Speak until cancelled."""
        while True:
            await asyncio.gather(*(self._speak(delivery) for delivery in self._deliveries))
            await asyncio.sleep(_SECONDS)

    async def _speak(self, delivery: Delivery) -> None:
        standing = delivery.standings()[-1]
        news = (standing.epoch, standing.stamped, standing.published)
        name = (delivery.office, delivery.lane)
        said, when = self._said.get(name, (None, 0.0))
        if said == news and clock.monotonic() - when < _QUIET_SECONDS_MAX:
            return
        recorded = standing.recorded_ms
        beat = Heartbeat(
            office=delivery.office,
            lane=delivery.lane,
            epoch=standing.epoch,
            stamped=standing.stamped,
            published=standing.published,
            recorded_time=None if recorded is None else datetime.fromtimestamp(recorded / 1000, UTC),
            sent_time=clock.now(),
        )
        key = progress_key(delivery.office, delivery.lane, "ingest")
        await self._outlet.write([Outgoing(PROGRESS, 0, key, beat.model_dump_json().encode(), {})])
        self._said[name] = (news, clock.monotonic())
