"""Tells Kafka how far a group has come: a few times a second, and only of the partitions in which it has moved.

The library commits after each batch, and then the position of every partition that is assigned: with a topic for each
office that costs the broker more than the changes do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

_TELL_SECONDS: Final = 0.25
"""Whoever takes over after a crash repeats what was done in this time, which changes nothing."""

_log = logging.getLogger(__name__)


class Offsets:
    """What one subscription has done and Kafka has not been told yet."""

    def __init__(self, consumer: Callable[[], AIOKafkaConsumer | None]) -> None:
        """Take the way to the consumer, which is made when the subscription starts."""
        self._consumer = consumer
        self._done: dict[TopicPartition, int] = {}
        self._telling: asyncio.Task[None] | None = None

    def done(self, records: Iterable[Any]) -> None:
        """Remember that the work for ``records`` is done for good; Kafka hears of it soon."""
        for record in records:
            self._done[TopicPartition(record.topic, record.partition)] = record.offset + 1
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_soon(), name="commit offsets")

    def rewind(self, records: Iterable[Any]) -> None:
        """Have ``records`` read again: nothing after them may be handled before them."""
        consumer = self._consumer()
        first: dict[TopicPartition, int] = {}
        for record in records:
            first.setdefault(TopicPartition(record.topic, record.partition), record.offset)
        for place, offset in first.items():
            try:
                if consumer is not None:
                    consumer.seek(place, offset)
            except IllegalStateError:
                # The partition has been given to another instance, which begins at the same records.
                _log.info("a partition moved on before its records were done", extra={"place": str(place)})

    async def _tell_soon(self) -> None:
        await asyncio.sleep(_TELL_SECONDS)
        done, self._done = self._done, {}
        consumer = self._consumer()
        if consumer is None:
            return
        ours = consumer.assignment()
        try:
            await consumer.commit({place: offset for place, offset in done.items() if place in ours})
        except (KafkaError, OSError) as error:
            # What is not told is done again by whoever begins there, and recognised.
            _log.info("offsets were not committed", extra={"cause": str(error)[:300]})
