"""The outlet: the one producer of this process. It is replaced when it has failed once.

An idempotent producer numbers its batches; when one of them fails for good its numbering has a gap, and the broker
refuses everything after it for ever. A fresh producer has a numbering of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Final

from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from services.ingest.adapters.patience import until_done
from services.runtime import kafka
from services.runtime.errors import TransientError

_STOP_SECONDS_MAX: Final = 5.0

_log = logging.getLogger(__name__)


class Outlet:
    """Writes records to Kafka, and waits while there is none."""

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

    async def run(self) -> None:
        """Keep a producer ready until cancelled."""
        while True:
            await self._wanted.wait()
            await until_done("connect to Kafka", self._connect)

    async def publish(
        self, value: bytes, *, topic: str, key: str, partition: int | None = None, headers: dict[str, str] | None = None
    ) -> None:
        """Write one record and return once it is confirmed; wait for Kafka when it is away.

        Raises:
            TransientError: it was not confirmed; it may or may not have been written.
        """
        await self._connected.wait()
        broker = self._broker
        assert broker is not None, "connected means that there is a producer"
        try:
            await kafka.publish(broker, value, topic=topic, key=key, partition=partition, headers=headers)
        except TransientError:
            self._retire(broker)
            raise

    async def stop(self) -> None:
        """Write out what is under way, if Kafka takes it, and close."""
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
