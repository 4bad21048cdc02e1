"""A consumer outside any group, for as long as it is needed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from services.runtime import kafka
from services.runtime.errors import TransientError

_POLL_MILLISECONDS: Final = 500
_SILENT_POLLS_MAX: Final = 20
"""Ten seconds without an answer: then Kafka is away."""
_STOP_SECONDS_MAX: Final = 3.0
"""Closing a consumer waits for the answer under way, which does not come when Kafka is away."""


class Stretch(NamedTuple):
    """Some records of a partition, from the offset ``begin`` up to ``end``."""

    place: TopicPartition
    begin: int
    end: int


@asynccontextmanager
async def following(
    bootstrap_servers: str, *, client_id: str, places: Iterable[TopicPartition]
) -> AsyncIterator[AIOKafkaConsumer]:
    """Lend a consumer with ``places`` assigned; it is assigned once, for assigning again can keep it from closing.

    Raises:
        TransientError: Kafka is away.
    """
    consumer = kafka.follow(bootstrap_servers, client_id=client_id)
    try:
        await consumer.start()
        consumer.assign(list(places))
        yield consumer
    except (KafkaError, OSError) as error:
        message = f"Kafka cannot be read: {type(error).__name__}: {error}"
        raise TransientError(message) from error
    finally:
        with contextlib.suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS_MAX):
                await consumer.stop()


async def records_of(
    consumer: AIOKafkaConsumer, stretches: Iterable[Stretch]
) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
    """Yield the records of some stretches, in order within each, from a consumer whose places are paused.

    Raises:
        TransientError: Kafka does not answer.
    """
    ends: dict[TopicPartition, int] = {}
    for place, begin, end in stretches:
        if end > begin:
            ends[place] = end
            consumer.seek(place, begin)
            consumer.resume(place)
    silent = 0
    try:
        while ends:
            polled = await consumer.getmany(*ends, timeout_ms=_POLL_MILLISECONDS)
            silent = 0 if polled else silent + 1
            if silent > _SILENT_POLLS_MAX:
                message = f"{', '.join(place.topic for place in ends)}: no answer"
                raise TransientError(message)
            for place, records in polled.items():
                for record in records:
                    if record.offset < ends[place]:
                        yield record
            for place in list(ends):
                if await consumer.position(place) >= ends[place]:
                    consumer.pause(place)
                    del ends[place]
    finally:
        consumer.pause(*ends)
