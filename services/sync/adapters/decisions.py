"""What people decided takes effect on the records of this instance's partitions (decision 0013)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from contracts.identifiers import LANES, Lane
from contracts.topics import accepted, partition_of
from services.runtime.errors import TransientError
from services.sync.adapters.metrics import Metrics
from services.sync.adapters.ownership import Ownership
from services.sync.adapters.store import FencedError, Partition, RewoundError, Store

_LOOK_SECONDS: Final = 0.5
"""Decisions may be merged by any instance. Looking costs one lookup in a table that is empty at rest."""
_TRY_AGAIN_SECONDS: Final = 2.0

_log = logging.getLogger(__name__)


class Decisions:
    """Applies decisions, lane by lane, as long as there are any that nobody has looked at."""

    def __init__(
        self,
        store: Callable[[], Store],
        owner_of: Mapping[Lane, Ownership],
        offices: Sequence[str],
        metrics: Metrics,
    ) -> None:
        """Wire the store, who owns which partition of each lane, and the offices of the province in their order."""
        self._store = store
        self._owner_of = owner_of
        self._partitions: dict[Lane, dict[str, Partition]] = {
            lane: {office: (accepted(lane), partition_of(office, offices)) for office in offices} for lane in LANES
        }
        self._metrics = metrics
        self._is_awake = {lane: asyncio.Event() for lane in LANES}

    def wake(self) -> None:
        """Say that decisions may just have been merged; those about voters travel with the results, too."""
        for event in self._is_awake.values():
            event.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Apply decisions as long as this lasts; what is left then is applied by whoever comes next."""
        applying = [asyncio.create_task(self._apply_for_ever(lane), name=f"decisions {lane}") for lane in LANES]
        try:
            yield
        finally:
            for task in applying:
                task.cancel()
            await asyncio.wait(applying)

    async def _apply_for_ever(self, lane: Lane) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_awake[lane].wait(), _LOOK_SECONDS)
            self._is_awake[lane].clear()
            try:
                await self._apply(lane)
            except RewoundError as error:
                _log.error("the store has been set back, changes are read again", extra={"cause": str(error)[:300]})
                self._metrics.alarm("store-set-back")
                await self._owner_of[lane].take_over_again()
            except Exception as error:  # noqa: BLE001  # whatever it is, the decisions are still there
                _log.warning(
                    "decisions were not applied, they will be tried again",
                    exc_info=None if isinstance(error, TransientError) else error,
                    extra={"lane": lane, "cause": str(error)[:300]},
                )
                await asyncio.sleep(_TRY_AGAIN_SECONDS)

    async def _apply(self, lane: Lane) -> None:
        """Apply what is there to apply; between two transactions the merging has its turn."""
        ownership = self._owner_of[lane]
        looked_at = 1
        while looked_at and ownership.held:
            async with ownership.working:
                ours = {office: here for office, here in self._partitions[lane].items() if here in ownership.held}
                try:
                    decided = await self._store().apply_decisions(lane, ours, ownership.held)
                except FencedError:
                    ownership.held.clear()
                    raise
            looked_at = decided.looked_at
            self._metrics.decided(decided.states)
