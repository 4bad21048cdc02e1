"""Rejections and heartbeats into the store; progress out to the offices (decision 0004)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from faststream.kafka import KafkaBroker
from pydantic import ValidationError

from contracts.objection import Objection
from contracts.progress import Heartbeat, progress_key
from contracts.progress import Merged as MergedStatement
from contracts.topics import PROGRESS, REJECTED
from services.runtime import clock, kafka
from services.runtime.errors import TransientError
from services.sync.adapters.ownership import Ownership
from services.sync.adapters.store import Merged, Store

_OF_INGEST: Final = b"/ingest"

_log = logging.getLogger(__name__)


class Feedback:
    """Keeps what validator and ingest say beside the merged state."""

    def __init__(self, store: Callable[[], Store], ownership: Ownership) -> None:
        """Wire the store and who owns which partition."""
        self._store = store
        self._ownership = ownership

    async def handle(self, records: kafka.Records) -> None:
        """Write what ``records`` say; repeating it changes nothing.

        Raises:
            TransientError: nothing was written; the same records come again.
        """
        objections: list[Objection] = []
        heartbeats: list[Heartbeat] = []
        upto: dict[tuple[str, int], int] = {}
        for record in records:
            upto[record.topic, record.partition] = record.offset + 1
            if record.topic == REJECTED:
                objections += _objections(record)
            elif record.topic == PROGRESS and (record.key or b"").endswith(_OF_INGEST):
                heartbeats += _heartbeats(record)
        async with self._ownership.working:
            await self._store().write_feedback(objections, heartbeats, upto, self._ownership.fences)


class ProgressPublisher:
    """Tells each office how far its changes are merged."""

    def __init__(self, broker: KafkaBroker) -> None:
        """Take the broker to publish with."""
        self._broker = broker

    async def announce(self, merged: Merged) -> None:
        """Publish the newest position of every office concerned. A statement that is lost loses nothing."""
        for position in merged.positions:
            office, lane, epoch = position.books
            statement = MergedStatement(
                office=office,
                lane="hasil" if lane == "hasil" else "pemilih",
                epoch=epoch,
                through=position.through,
                held=position.held,
                rejected=position.rejected,
                merged_time=clock.now(),
            )
            try:
                await kafka.publish(
                    self._broker,
                    statement.model_dump_json().encode(),
                    topic=PROGRESS,
                    key=progress_key(office, lane, "sync"),
                )
            except TransientError as error:
                _log.warning("progress was not published, the next says more", extra={"cause": str(error)[:300]})
                return


def _objections(record: Any) -> list[Objection]:
    read: list[Objection] = []
    for line in (record.value or b"").splitlines():
        try:
            read.append(Objection.model_validate_json(line))
        except ValidationError:
            _log.exception("an objection that cannot be read", extra={"offset": record.offset})
    return read


def _heartbeats(record: Any) -> list[Heartbeat]:
    try:
        return [] if record.value is None else [Heartbeat.model_validate_json(record.value)]
    except ValidationError:
        _log.exception("a heartbeat that cannot be read", extra={"offset": record.offset})
        return []
