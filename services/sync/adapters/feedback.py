"""Rejections and heartbeats into the store; progress out to the offices (decision 0004)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from pydantic import ValidationError

from contracts.objection import Objection
from contracts.progress import Heartbeat, progress_key
from contracts.progress import Merged as MergedStatement
from contracts.topics import PROGRESS, REJECTED
from services.runtime import clock, kafka
from services.runtime.errors import TransientError
from services.runtime.outlet import Outgoing, Outlet
from services.sync.adapters.ownership import Ownership
from services.sync.adapters.store import Position, RewoundError, Store
from services.sync.core.records import Books

_OF_INGEST: Final = b"/ingest"
_TRY_AGAIN_SECONDS: Final = 1.0
_PAUSE_SECONDS: Final = 0.2

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
        try:
            async with self._ownership.working:
                # What went to another instance meanwhile is read there; to write it twice changes nothing.
                ours = {here: offset for here, offset in upto.items() if here in self._ownership.held}
                await self._store().write_feedback(objections, heartbeats, ours, self._ownership.held)
                self._ownership.moved(ours)
        except RewoundError:
            await self._ownership.take_over_again()


class ProgressPublisher:
    """Tells each office how far its changes are merged, while the merging goes on."""

    def __init__(self, outlet: Outlet) -> None:
        """Take the outlet to publish with."""
        self._outlet = outlet
        # One entry for each office and lane: what has not been told yet is replaced by what is newer.
        self._untold: dict[Books, Position] = {}
        self._is_untold = asyncio.Event()

    def announce(self, positions: Iterable[Position]) -> None:
        """See to it that the newest position of every office concerned is published, soon."""
        for position in positions:
            self._untold.pop(position.books, None)
            self._untold[position.books] = position
            self._is_untold.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Publish as long as this lasts, and at its end what is left."""
        publishing = asyncio.create_task(self._publish_for_ever(), name="publish progress")
        try:
            yield
        finally:
            publishing.cancel()
            await asyncio.wait([publishing])
            with suppress(TransientError):
                await self._publish_untold()

    async def _publish_for_ever(self) -> None:
        while True:
            await self._is_untold.wait()
            try:
                await self._publish_untold()
            except TransientError as error:
                _log.warning("progress was not published, trying again", extra={"cause": str(error)[:300]})
                await asyncio.sleep(_TRY_AGAIN_SECONDS)
            else:
                # While a backlog is merged an office hears of it a few times a second, not at each transaction.
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _publish_untold(self) -> None:
        self._is_untold.clear()
        while self._untold:
            books, position = next(iter(self._untold.items()))
            office, lane, epoch = books
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
                key = progress_key(office, lane, "sync")
                await self._outlet.write([Outgoing(PROGRESS, 0, key, statement.model_dump_json().encode(), {})])
            except TransientError:
                self._is_untold.set()
                raise
            if self._untold.get(books) is position:
                del self._untold[books]


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
