"""Kafka, with every option that decides about loss and order written out once.

FastStream's and aiokafka's defaults lose records: they acknowledge before the work is done, start
at the newest record, write with ``acks=1``, and skip a record whose header is not UTF-8. Nothing
else in this project sets these options.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, Topic
from faststream.kafka.subscriber.usecase import BatchSubscriber

from contracts.topics import MESSAGE_BYTES_MAX
from services.runtime.errors import TransientError
from services.runtime.offsets import Offsets

Records = tuple[ConsumerRecord[bytes, bytes], ...]

_PAUSE_SECONDS_FIRST: Final = 0.2
_PAUSE_SECONDS_MAX: Final = 10.0
# A fetch per partition stays in memory, and a validator reads 28: a record that is larger still comes, alone.
_PARTITION_FETCH_BYTES: Final = 1024 * 1024
# Idle consumers answer within this time; a higher value would be the floor of every latency (LIBRARIES 1.5).
_POLL_MILLISECONDS: Final = 10

_log = logging.getLogger(__name__)


def connect(bootstrap_servers: str, *, client_id: str) -> KafkaBroker:
    """Return a broker that writes durably and reads bytes as they are."""
    return KafkaBroker(
        bootstrap_servers,
        client_id=client_id,
        acks="all",  # the default waits for the leader alone, which may die with the record
        enable_idempotence=True,  # a retry must not write twice or out of order
        compression_type="zstd",
        linger_ms=0,  # records are batches already: waiting for more only adds latency
        max_batch_size=MESSAGE_BYTES_MAX,
        max_request_size=2 * MESSAGE_BYTES_MAX,
        allow_auto_create_topics=False,  # a typo must fail, not become a topic
        apply_types=False,  # handlers take bytes: reading them is the contract's job, and it never raises
        graceful_timeout=20.0,  # longer than the slowest batch, shorter than an orchestrator's patience
        logger=None,
    )


def subscribe(  # noqa: PLR0913  # a subscription has that many sides
    broker: KafkaBroker,
    topics: Sequence[str],
    handle: Callable[[Records], Awaitable[None]],
    *,
    group: str,
    records_max: int,
    listener: ConsumerRebalanceListener | None = None,
) -> BatchSubscriber:
    """Read ``topics`` from the earliest record on, in order, until ``handle`` succeeds with each batch.

    When ``handle`` raises, the same records come again after a pause that grows with each failure:
    an offset moves only with the work it stands for.
    """
    subscriber = broker.subscriber(
        *(Topic(name, declare=False) for name in topics),
        group_id=group,
        batch=True,
        max_records=records_max,
        batch_timeout_ms=_POLL_MILLISECONDS,
        max_partition_fetch_bytes=_PARTITION_FETCH_BYTES,
        # A fetch returns as soon as there is anything: this only says how often an idle consumer asks again.
        fetch_max_wait_ms=500,
        auto_offset_reset="earliest",  # the default starts at the newest record and loses the rest
        ack_policy=AckPolicy.MANUAL,  # the default acknowledges first: at most once; `Offsets` tells when work is done
        isolation_level="read_committed",
        session_timeout_ms=10_000,
        heartbeat_interval_ms=3_000,
        listener=listener,
        parser=_keep_headers_as_bytes,
        decoder=_leave_bytes_alone,
        no_reply=True,
    )
    subscriber(_patient(handle, group, Offsets(lambda: subscriber.consumer)))
    return subscriber


@asynccontextmanager
async def running(broker: KafkaBroker) -> AsyncIterator[Callable[[], bool]]:
    """Run ``broker`` and its subscribers; yield the question whether it has been started.

    Kafka may be away at first: the service starts all the same and asks until Kafka answers.
    """
    started = False

    async def start() -> None:
        nonlocal started
        pause = _PAUSE_SECONDS_FIRST
        while True:
            try:
                await broker.start()
            except (KafkaError, OSError) as error:
                _log.warning("Kafka does not answer, asking again", extra={"cause": str(error)[:300]})
                await broker.stop()
                await asyncio.sleep(pause)
                pause = min(_PAUSE_SECONDS_MAX, pause * 2)
            else:
                started = True
                return

    starting = asyncio.create_task(start(), name="start Kafka")
    try:
        yield lambda: started
    finally:
        starting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await starting
        await broker.stop()


def follow(bootstrap_servers: str, *, client_id: str) -> AIOKafkaConsumer:
    """Return a consumer outside any group, for whoever keeps positions itself: start, assign and seek it.

    Nothing is committed, and a position that has fallen out of the topic goes on at the earliest record.
    """
    return AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers,
        client_id=client_id,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",  # the default skips to the newest record and loses the rest
        isolation_level="read_committed",
        max_partition_fetch_bytes=_PARTITION_FETCH_BYTES,
        fetch_max_wait_ms=500,
    )


def headers_in(record: ConsumerRecord[bytes, bytes]) -> dict[str, bytes]:
    """Return the headers of a record by name; of two with one name, the later."""
    return {name: value for name, value in record.headers if isinstance(value, bytes)}


def _patient(
    handle: Callable[[Records], Awaitable[None]], group: str, offsets: Offsets
) -> Callable[[Records], Awaitable[None]]:
    """Return ``handle`` with what follows: its offsets when it succeeds, else a growing pause and the same again."""
    failures = 0

    async def handle_patiently(records: Records) -> None:
        nonlocal failures
        try:
            await handle(records)
        except Exception as error:  # noqa: BLE001  # whatever it is, the records come again
            failures += 1
            pause = min(_PAUSE_SECONDS_MAX, _PAUSE_SECONDS_FIRST * 2 ** min(failures - 1, 10))
            _log.warning(
                "batch failed, it will be read again",
                exc_info=None if isinstance(error, TransientError) else error,
                extra={"group": group, "failures": failures, "pause_seconds": pause, "cause": str(error)[:300]},
            )
            await asyncio.sleep(pause)
            offsets.rewind(records)
            return
        failures = 0
        offsets.done(records)

    return handle_patiently


async def _keep_headers_as_bytes(records: Any, original: Callable[[Any], Awaitable[Any]]) -> Any:
    """Parse a batch without its headers: the library skips a record whose header is not UTF-8."""
    message = await original(tuple(dataclasses.replace(record, headers=()) for record in records))
    message.raw_message = records
    return message


async def _leave_bytes_alone(message: Any) -> Any:
    return message.raw_message
