"""Runs a service: one event loop, one HTTP port, a clean stop on SIGTERM and SIGINT."""

from __future__ import annotations

import gc
from typing import Any, Final

import uvicorn

_GC_THRESHOLD: Final = 50_000
_STOP_SECONDS_MAX: Final = 25


def serve(app: Any, *, host: str, port: int) -> None:
    """Serve ``app`` until asked to stop, then finish what is under way.

    The collector is told to leave start-up objects alone and to come less often: batches of bytes
    make no cycles, and each full collection would stop all of them (PERFORMANCE.md 1).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GC_THRESHOLD, 20, 100)
    uvicorn.run(
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
