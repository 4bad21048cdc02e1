"""The outlet: a producer that is replaced when it has failed once.

An idempotent producer numbers its batches; when one of them fails for good its numbering has a gap, and the
broker refuses everything after it for ever. A fresh producer has a numbering of its own, and whoever wrote through
the old one writes again what was not confirmed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from services.runtime import kafka
from services.runtime.background import beside
from services.runtime.errors import TransientError
from services.runtime.patience import until_done

_CONNECT_SECONDS_MAX: Final = 20.0
_STOP_SECONDS_MAX: Final = 5.0

_log = logging.getLogger(__name__)


class Outgoing(NamedTuple):
    """One record to write."""

    topic: str
    partition: int
    key: str
    value: bytes
    headers: dict[str, str]


class Outlet:
    """Writes records to Kafka in the order in which they are given."""

    def __init__(self, bootstrap_servers: str, *, client_id: str) -> None:
        """Prepare to write to Kafka at ``bootstrap_servers``."""
        self._bootstrap_servers = bootstrap_servers
        self._client_id = client_id
        self._broker: KafkaBroker | None = None
        self._connected = asyncio.Event()
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._retired: set[asyncio.Task[None]] = set()

    @property
    def is_connected(self) -> bool:
        """Whether there is a producer, as far as one knows."""
        return self._broker is not None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep a producer ready while the block runs; at its end write out what is under way, if Kafka takes it."""
        try:
            async with beside(self._keep_connected()):
                yield
        finally:
            await self._stop()

    async def write(self, records: Sequence[Outgoing]) -> None:
        """Write ``records`` and return once Kafka has confirmed every one of them.

        Raises:
            TransientError: at least one was not confirmed; each of them may or may not have been written.
        """
        broker = await self._producer()
        under_way = []
        failure: BaseException | None = None
        try:
            for record in records:
                # Handed over one after the other, which keeps their order; waited for together.
                sent = await broker.publish(
                    record.value,
                    record.topic,
                    key=record.key.encode(),
                    partition=record.partition,
                    headers=record.headers,
                    no_confirm=True,
                )
                under_way.append(sent)
        except (KafkaError, OSError, TimeoutError) as error:
            failure = error
        for answer in await asyncio.gather(*under_way, return_exceptions=True):
            if isinstance(answer, BaseException):
                failure = failure or answer
        if failure is not None:
            self._retire(broker)
            message = f"Kafka did not confirm a record: {type(failure).__name__}"
            raise TransientError(message) from failure

    async def _keep_connected(self) -> None:
        while True:
            await self._wanted.wait()
            await until_done("connect to Kafka", self._connect)

    async def _stop(self) -> None:
        brokers = [self._broker] if self._broker is not None else []
        self._broker = None
        self._connected.clear()
        stopping = [asyncio.create_task(broker.stop()) for broker in brokers] + list(self._retired)
        if stopping:
            _, late = await asyncio.wait(stopping, timeout=_STOP_SECONDS_MAX)
            for task in late:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, KafkaError, OSError):
                    await task

    async def _producer(self) -> KafkaBroker:
        try:
            async with asyncio.timeout(_CONNECT_SECONDS_MAX):
                await self._connected.wait()
        except TimeoutError as error:
            message = "there is no producer: Kafka does not answer"
            raise TransientError(message) from error
        assert self._broker is not None, "connected means that there is a producer"
        return self._broker

    async def _connect(self) -> None:
        broker = kafka.connect(self._bootstrap_servers, client_id=self._client_id)
        try:
            await broker.start()
        except (KafkaError, OSError) as error:
            await broker.stop()
            message = f"Kafka does not answer: {error}"
            raise TransientError(message) from error
        except asyncio.CancelledError:
            await broker.stop()
            raise
        self._broker = broker
        self._wanted.clear()
        self._connected.set()

    def _retire(self, broker: KafkaBroker) -> None:
        """Have ``broker`` finish what others gave it, and connect anew."""
        if broker is not self._broker:
            return
        _log.warning("the producer failed and is replaced")
        self._broker = None
        self._connected.clear()
        self._wanted.set()
        # Its other batches may still be on their way: stopping waits for them, so nothing is left to a ghost.
        task = asyncio.create_task(broker.stop(), name="retire producer")
        self._retired.add(task)
        task.add_done_callback(self._retired.discard)
