"""Runs a service: one event loop, one HTTP port, a clean stop on SIGTERM and SIGINT."""

from __future__ import annotations

import gc
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import uvicorn

_GC_THRESHOLD: Final = 50_000
_STOP_SECONDS_MAX: Final = 25
_START_FAILED: Final = 3
"""Exit code of a service that could not start, as uvicorn itself gives it."""


class _Server(uvicorn.Server):
    """Ends what would never end by itself before it waits for what is under way."""

    def __init__(self, config: uvicorn.Config, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_stop = on_stop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stop()
        await super().shutdown(sockets)


def serve(app: Any, *, host: str, port: int, on_stop: Callable[[], None] = lambda: None) -> None:
    """Serve ``app`` until asked to stop, then finish what is under way.

    ``on_stop`` is called first: answers that go on for ever, such as a stream of events, must end there.
    The collector is told to leave start-up objects alone and to come less often: batches of bytes
    make no cycles, and each full collection would stop all of them (PERFORMANCE.md 1).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GC_THRESHOLD, 20, 100)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_STOP_SECONDS_MAX,
        timeout_keep_alive=75,
    )
    server = _Server(config, on_stop)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(_START_FAILED)
