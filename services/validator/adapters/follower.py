"""Follows the topic ``reference`` into the register, and says when it has been read to its end (decision 0005)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Collection
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from contracts.remembered import ATURAN, CALON
from contracts.topics import REFERENCE
from services.runtime import kafka
from services.runtime.errors import TransientError
from services.validator.core.register import Register

_POLL_MILLISECONDS: Final = 500
_PAUSE_SECONDS_FIRST: Final = 0.2
_PAUSE_SECONDS_MAX: Final = 5.0
_SETTLE_SECONDS_MAX: Final = 20.0
_STOP_SECONDS_MAX: Final = 3.0
_LOOK_SECONDS: Final = 0.2

_log = logging.getLogger(__name__)
_PLACE: Final = TopicPartition(REFERENCE, 0)
_EDITIONS: Final = frozenset({ATURAN, CALON})


class Follower(ConsumerRebalanceListener):  # type: ignore[misc]  # the library has no types
    """Keeps the register up to date with what other instances write."""

    def __init__(self, bootstrap_servers: str, register: Register, *, client_id: str) -> None:
        """Prepare to follow; nothing happens before :meth:`run`."""
        self._bootstrap_servers = bootstrap_servers
        self._client_id = client_id
        self._register = register
        self.published: dict[str, bytes] = {}
        """What stands in the topic about what validators judge with, by key (decision 0017)."""
        self._consumer: AIOKafkaConsumer | None = None
        self._position = 0
        self._moved = asyncio.Condition()
        self._assignments = 0
        self._settled_since = -1

    @property
    def is_settled(self) -> bool:
        """Whether everything has been read that stood in the topic when partitions were last assigned."""
        return self._settled_since == self._assignments

    async def run(self) -> None:
        """Follow until cancelled, and read to the end whenever partitions have been assigned."""
        async with asyncio.TaskGroup() as works:
            works.create_task(self._follow_for_ever())
            works.create_task(self._settle_for_ever())

    async def _settle_for_ever(self) -> None:
        # Asked for before the first result comes: whoever waits for this instance to be ready may send none until then.
        while True:
            try:
                await self.settled()
            except TransientError as error:
                _log.warning("asking again", extra={"cause": str(error)[:300]})
            await asyncio.sleep(_LOOK_SECONDS)

    async def _follow_for_ever(self) -> None:
        pause = _PAUSE_SECONDS_FIRST
        while True:
            try:
                await self._follow()
            except (KafkaError, OSError) as error:
                _log.warning("the register cannot be followed, trying again", extra={"cause": str(error)[:300]})
            await asyncio.sleep(pause)
            pause = min(_PAUSE_SECONDS_MAX, pause * 2)

    async def settled(self) -> None:
        """Return once the register holds everything that stood in the topic when partitions were assigned.

        Raises:
            TransientError: Kafka does not answer in time.
        """
        while not self.is_settled:
            await self._settle()

    async def _settle(self) -> None:
        since = self._assignments
        try:
            async with asyncio.timeout(_SETTLE_SECONDS_MAX), self._moved:
                await self._moved.wait_for(lambda: self._consumer is not None)
                assert self._consumer is not None, "it was waited for"
                end = (await self._consumer.end_offsets([_PLACE]))[_PLACE]
                await self._moved.wait_for(lambda: self._position >= end)
        except (KafkaError, OSError, TimeoutError) as error:
            message = f"the register of TPS has not been read to its end: {type(error).__name__}"
            raise TransientError(message) from error
        # What was assigned meanwhile asks for a later end.
        self._settled_since = since
        _log.info("the register has been read to its end", extra={"tps": len(self._register)})

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Do nothing: what is under way is repeated by whoever comes next, with the same outcome."""

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:  # noqa: ARG002  # whichever they are
        """Read to the end again: the instance that had them may have registered TPS until a moment ago."""
        self._assignments += 1

    async def _follow(self) -> None:
        consumer = kafka.follow(self._bootstrap_servers, client_id=self._client_id)
        try:
            await consumer.start()
            consumer.assign([_PLACE])
            consumer.seek(_PLACE, 0)
            await self._stands_at(consumer, 0)
            while True:
                polled = await consumer.getmany(timeout_ms=_POLL_MILLISECONDS, max_records=2_000)
                for record in polled.get(_PLACE, ()):
                    key = (record.key or b"").decode("ascii", "replace")
                    if key in _EDITIONS:
                        self.published[key] = record.value or b""
                    elif not self._register.learn(key, record.value):
                        _log.error("an entry of the register that cannot be read", extra={"offset": record.offset})
                await self._stands_at(consumer, await consumer.position(_PLACE))
        finally:
            self._consumer = None
            with contextlib.suppress(KafkaError, OSError, TimeoutError):
                async with asyncio.timeout(_STOP_SECONDS_MAX):
                    await consumer.stop()

    async def _stands_at(self, consumer: AIOKafkaConsumer, position: int) -> None:
        async with self._moved:
            self._consumer, self._position = consumer, position
            self._moved.notify_all()
