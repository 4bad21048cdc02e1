"""Reads what stands in a topic."""

from __future__ import annotations

from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.runtime import kafka


async def records_in(bootstrap_servers: str, topic: str, partition: int = 0) -> list[Any]:
    """Return every record that is in the partition now, from its beginning."""
    consumer: AIOKafkaConsumer = kafka.follow(bootstrap_servers, client_id="test")
    await consumer.start()
    try:
        place = TopicPartition(topic, partition)
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        consumer.seek(place, 0)
        found: list[Any] = []
        while await consumer.position(place) < end:
            found += [record for records in (await consumer.getmany(timeout_ms=200)).values() for record in records]
        return found
    finally:
        await consumer.stop()
