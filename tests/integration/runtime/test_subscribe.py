"""A subscription on a real Kafka: what is done is not read again, what failed comes again in order."""

from __future__ import annotations

from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from faststream.kafka import KafkaBroker

from contracts.topics import REJECTED
from services.runtime import kafka as runtime_kafka
from services.runtime.errors import TransientError
from tests.eventually import eventually
from tests.servers import Kafka

GROUP = "uji-langganan"


async def test_what_failed_comes_again_before_what_follows_it(kafka_fresh: Kafka) -> None:
    seen: list[bytes] = []
    failures = iter([True, True, False])

    async def handle(records: runtime_kafka.Records) -> None:
        if any(record.value == b"3" for record in records) and next(failures, False):
            message = "the world is away"
            raise TransientError(message)
        seen.extend(record.value for record in records)

    broker = runtime_kafka.connect(kafka_fresh.bootstrap_servers, client_id="test")
    runtime_kafka.subscribe(broker, [REJECTED], handle, group=GROUP, records_max=2)
    async with runtime_kafka.running(broker) as is_started:
        await eventually(is_started)
        await _write(broker, [b"1", b"2", b"3", b"4", b"5"])
        await eventually(lambda: seen == [b"1", b"2", b"3", b"4", b"5"], within_seconds=20)


async def test_what_is_done_is_told_and_not_read_again(kafka_fresh: Kafka) -> None:
    seen: list[bytes] = []

    async def handle(records: runtime_kafka.Records) -> None:
        seen.extend(record.value for record in records)

    for portion in ([b"1", b"2"], [b"3"]):
        broker = runtime_kafka.connect(kafka_fresh.bootstrap_servers, client_id="test")
        runtime_kafka.subscribe(broker, [REJECTED], handle, group=GROUP, records_max=10)
        async with runtime_kafka.running(broker) as is_started:
            await eventually(is_started)
            await _write(broker, portion)
            await eventually(lambda portion=portion: seen[-len(portion) :] == portion, within_seconds=20)  # type: ignore[misc]  # bound at once
            done = seen.count(b"1") + seen.count(b"2") + seen.count(b"3")

            async def told(done: int = done) -> bool:
                return await _committed(kafka_fresh) == done

            await eventually(told)
    assert seen == [b"1", b"2", b"3"]


async def _write(broker: KafkaBroker, values: Sequence[bytes]) -> None:
    for value in values:
        await broker.publish(value, topic=REJECTED, key=b"uji", partition=0)


async def _committed(kafka: Kafka) -> int | None:
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap_servers, group_id=GROUP, enable_auto_commit=False)
    await consumer.start()
    try:
        committed: int | None = await consumer.committed(TopicPartition(REJECTED, 0))
        return committed
    finally:
        await consumer.stop()
