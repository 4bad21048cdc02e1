"""Which partitions this instance holds, under which fence, and where it stands in them (FAULTS.md, F-203, F-204)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Any, Final

import asyncpg
from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from services.runtime.errors import TransientError
from services.sync.adapters.metrics import Metrics
from services.sync.adapters.store import Held, Partition, Store

_TRY_AGAIN_SECONDS: Final = 1.0

_log = logging.getLogger(__name__)

Taken = Callable[[Collection[Partition]], Awaitable[None]]


async def _say_nothing(_: Collection[Partition]) -> None:
    """Nobody waits to hear which partitions were taken over."""


class GapError(TransientError):
    """Records came before those that precede them were merged."""


class Ownership(ConsumerRebalanceListener):  # type: ignore[misc]  # the library has no types
    """Seeks to where PostgreSQL says the work stands, and gives work up before its partitions go elsewhere."""

    def __init__(self, store: Callable[[], Store], metrics: Metrics, taken: Taken = _say_nothing) -> None:
        """Take the way to the store, which is opened after this listener is wired, and whom to tell."""
        self._store = store
        self._metrics = metrics
        self._taken = taken
        self.consumer: Callable[[], Any] = lambda: None
        self.held: dict[Partition, Held] = {}
        self.working = asyncio.Lock()
        """Held while a transaction runs."""
        self._gaps: dict[Partition, tuple[int, int]] = {}
        """Where records are known to be missing: the offset that was to come, and the one that came."""

    @property
    def is_settled(self) -> bool:
        """Whether every partition that was assigned has its position."""
        consumer = self.consumer()
        return consumer is not None and {(tp.topic, tp.partition) for tp in consumer.assignment()} == set(self.held)

    def moved(self, next_offsets: dict[Partition, int]) -> None:
        """Remember where the store stands after a transaction of ours."""
        for partition, next_offset in next_offsets.items():
            if partition in self.held:
                self.held[partition] = self.held[partition]._replace(next_offset=next_offset)

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Wait for the transaction under way: its partitions are ours until it ends."""
        async with self.working:
            for tp in revoked:
                self.held.pop((tp.topic, tp.partition), None)

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Raise the fences and seek to the stored offsets."""
        if not assigned:
            return
        # Before the first await: the library fetches from Kafka's own position meanwhile (LIBRARIES.md 2.3).
        self.consumer().pause(*assigned)
        partitions = [(tp.topic, tp.partition) for tp in assigned]
        while True:
            if await self._begin(assigned, lambda store: store.take_over(partitions)):
                return
            await asyncio.sleep(_TRY_AGAIN_SECONDS)

    async def take_over_again(self) -> None:
        """Go back to where the store says the work stands, with whatever this instance still holds.

        No fence is raised: an instance that was replaced without having noticed yet must not take anything away.
        """
        while True:
            async with self.working:
                assigned = [TopicPartition(*partition) for partition in self.held]
                if not assigned:
                    return
                self.consumer().pause(*assigned)
                if await self._begin(assigned, lambda store: store.take_back(self.held)):
                    return
            await asyncio.sleep(_TRY_AGAIN_SECONDS)

    def check_order(self, records: Iterable[tuple[str, int, int]]) -> None:
        """See that ``records`` follow what is merged: topic, partition and offset of each, in their order.

        Records may come again. They may not leave any out, unless Kafka, asked again from the stored offset on, still
        has none there (F-209).

        Raises:
            GapError: those before them have not been merged; go back.
        """
        first: dict[Partition, int] = {}
        for topic, partition, offset in records:
            first.setdefault((topic, partition), offset)
        gaps = {
            here: (self.held[here].next_offset, offset)
            for here, offset in first.items()
            if offset > self.held[here].next_offset
        }
        new = {here: gap for here, gap in gaps.items() if self._gaps.get(here) != gap}
        self._gaps = gaps
        if new:
            here, (stored, found) = next(iter(new.items()))
            message = f"{here[0]}/{here[1]}: {found} came where {stored} was to come"
            raise GapError(message)
        for here, (stored, found) in gaps.items():
            _log.error("records are missing in Kafka", extra={"place": f"{here[0]}:{here[1]}:{stored}", "next": found})
            self._metrics.alarm("records-missing")

    async def _begin(
        self, wanted: Collection[TopicPartition], ask: Callable[[Store], Awaitable[dict[Partition, Held]]]
    ) -> bool:
        """Begin in ``wanted`` where the store says when it is asked; return whether it could be done."""
        consumer = self.consumer()
        try:
            taken = await ask(self._store())
            first, last = await consumer.beginning_offsets(wanted), await consumer.end_offsets(wanted)
            await self._taken(taken.keys())
        except (TransientError, asyncpg.PostgresError, KafkaError) as error:
            # Without a position there is nothing this instance may do. The schema may yet have to come, too.
            _log.warning("positions cannot be read, asking again", extra={"cause": str(error)[:300]})
            return False
        for tp in wanted:
            here = (tp.topic, tp.partition)
            if here not in taken:
                _log.warning("another instance has taken it over", extra={"place": f"{here[0]}:{here[1]}"})
                self.held.pop(here, None)
                continue
            begin = self._where_to_begin(here, taken[here].next_offset, first[tp], last[tp])
            consumer.seek(tp, begin)
            self.held[here] = taken[here]
            if begin > taken[here].next_offset:
                self._gaps[here] = (taken[here].next_offset, begin)
            consumer.resume(tp)
        return True

    def _where_to_begin(self, here: Partition, stored: int, first: int, last: int) -> int:
        """Return the offset to read from: the stored one, unless Kafka does not have it (F-204, F-210).

        A stored offset beyond the end belongs to a topic that is no more. The one that has its name now is read from
        its beginning: what it repeats is known by its number, and nothing in it may be passed over.
        """
        if first <= stored <= last:
            return stored
        _log.error(
            "Kafka does not have the stored offset, reading from the first there is",
            extra={"place": f"{here[0]}:{here[1]}", "stored": stored, "first": first, "end": last},
        )
        self._metrics.alarm("topic-made-anew" if stored > last else "records-removed")
        return first
