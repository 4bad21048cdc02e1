"""Server-sent events to one watcher, until it leaves, falls behind, or the process stops."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.gateway.adapters.announcements import Announcements, Watcher

_HEARTBEAT_SECONDS: Final = 10.0
"""Proxies close what says nothing for a minute, and a browser notices a dead link only by what fails to come."""
_HEARTBEAT: Final = b": heartbeat\n\n"
_RETRY: Final = b"retry: 2000\n\n"
"""Milliseconds after which a browser comes back by itself."""
_SEND_SECONDS_MAX: Final = 20.0
"""A client that takes nothing for so long is gone, whatever its connection says."""


class EventStream(Response):
    """An answer that goes on."""

    media_type = "text/event-stream"

    def __init__(self, announcements: Announcements, last_seen: str | None) -> None:
        """Send what is announced from now on to a client that has seen ``last_seen`` last."""
        # Some proxies hold back what they take for a file.
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._announcements = announcements
        self._last_seen = last_seen

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Send until there is a reason to stop."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        with self._announcements.watching(self._last_seen) as watcher:
            reasons = [
                asyncio.create_task(_send_all(watcher, send)),
                asyncio.create_task(_left(receive)),
                asyncio.create_task(watcher.ended.wait()),
            ]
            try:
                await asyncio.wait(reasons, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in reasons:
                    task.cancel()
                await asyncio.gather(*reasons, return_exceptions=True)
        # To one that takes nothing not even the end can be sent: the server then cuts the connection.
        with suppress(TimeoutError):
            async with asyncio.timeout(_SEND_SECONDS_MAX):
                await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_all(watcher: Watcher, send: Send) -> None:
    message = _RETRY
    while True:
        async with asyncio.timeout(_SEND_SECONDS_MAX):
            await send({"type": "http.response.body", "body": message, "more_body": True})
        try:
            async with asyncio.timeout(_HEARTBEAT_SECONDS):
                message = await watcher.queue.get()
        except TimeoutError:
            message = _HEARTBEAT


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
