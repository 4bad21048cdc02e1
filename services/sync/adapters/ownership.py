"""Which partitions this instance holds, and under which fence (FAULTS.md, F-203)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import Any, Final

from aiokafka import ConsumerRebalanceListener, TopicPartition

from services.runtime.errors import TransientError
from services.sync.adapters.store import Store

_TRY_AGAIN_SECONDS: Final = 1.0

_log = logging.getLogger(__name__)


class Ownership(ConsumerRebalanceListener):  # type: ignore[misc]  # the library has no types
    """Seeks to where PostgreSQL says the work stands, and gives work up before its partitions go elsewhere."""

    def __init__(self, store: Callable[[], Store]) -> None:
        """Take the way to the store, which is opened after this listener is wired."""
        self._store = store
        self.consumer: Callable[[], Any] = lambda: None
        self.fences: dict[tuple[str, int], int] = {}
        self.working = asyncio.Lock()
        """Held while a transaction runs."""

    @property
    def is_settled(self) -> bool:
        """Whether every partition that was assigned has its position."""
        consumer = self.consumer()
        return consumer is not None and {(tp.topic, tp.partition) for tp in consumer.assignment()} == set(self.fences)

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Wait for the transaction under way: its partitions are ours until it ends."""
        async with self.working:
            for tp in revoked:
                self.fences.pop((tp.topic, tp.partition), None)

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Raise the fences and seek to the stored offsets."""
        if not assigned:
            return
        consumer = self.consumer()
        # Before the first await: the library fetches from Kafka's own position meanwhile (LIBRARIES.md 2.3).
        consumer.pause(*assigned)
        taken = await self._take_over([(tp.topic, tp.partition) for tp in assigned])
        for tp in assigned:
            next_offset, fence = taken[tp.topic, tp.partition]
            consumer.seek(tp, next_offset)
            self.fences[tp.topic, tp.partition] = fence
        consumer.resume(*assigned)

    async def _take_over(self, partitions: list[tuple[str, int]]) -> dict[tuple[str, int], tuple[int, int]]:
        """Ask until PostgreSQL answers: without a position there is nothing this instance may do."""
        while True:
            try:
                return await self._store().take_over(partitions)
            except TransientError as error:
                _log.warning("positions cannot be read, asking again", extra={"cause": str(error)[:300]})
                await asyncio.sleep(_TRY_AGAIN_SECONDS)
