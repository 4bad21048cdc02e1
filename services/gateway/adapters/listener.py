"""Listens to what sync announces after each merge, and says so when it may have missed something."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

import asyncpg

from services.gateway.core.announcement import Notice, notice_from
from services.runtime import postgres
from services.runtime.errors import TransientError

_CHANNEL: Final = "perubahan"
_TRY_AGAIN_SECONDS: Final = 0.5
_CONNECT_SECONDS_MAX: Final = 5.0
_PROBE_SECONDS: Final = 5.0
"""A connection that died without a word says nothing, like one on a quiet evening: it is asked now and then."""

_log = logging.getLogger(__name__)


class Listener:
    """One connection of its own, made again as often as it is lost."""

    def __init__(
        self, dsn: str, password: str | None, *, heard: Callable[[Notice], None], missed: Callable[[], None]
    ) -> None:
        """Tell ``heard`` of every notice, and ``missed`` that some may have been lost."""
        self._dsn = dsn
        self._password = password
        self._heard = heard
        self._missed = missed
        self.is_listening = False

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                async with postgres.translated():
                    await self._listen()
            except (TransientError, asyncpg.PostgresError) as error:
                _log.warning("notices cannot be heard, trying again", extra={"cause": str(error)[:300]})
            await asyncio.sleep(_TRY_AGAIN_SECONDS)

    async def _listen(self) -> None:
        connection: Any = await asyncpg.connect(
            self._dsn,
            password=self._password,
            timeout=_CONNECT_SECONDS_MAX,
            server_settings={"application_name": "gateway-listener"},
        )
        lost = asyncio.Event()
        try:
            connection.add_termination_listener(lambda *_: lost.set())
            await connection.add_listener(_CHANNEL, self._take)
            self.is_listening = True
            self._missed()
            while not lost.is_set():
                try:
                    async with asyncio.timeout(_PROBE_SECONDS):
                        await lost.wait()
                except TimeoutError:
                    await connection.fetchval("SELECT 1", timeout=_CONNECT_SECONDS_MAX)
        finally:
            self.is_listening = False
            connection.terminate()

    def _take(self, _connection: Any, _process: int, _channel: str, payload: Any) -> None:
        notice = notice_from(payload)
        if notice is None:
            # Somebody else speaks on this channel, or a newer sync: something has changed, and nobody knows what.
            _log.warning("a notice cannot be read", extra={"length": len(payload)})
            self._missed()
        else:
            self._heard(notice)
