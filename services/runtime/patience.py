"""Keeps work going that the world interrupts: it is tried again after a pause that grows with each failure."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from services.runtime.errors import TransientError

_PAUSE_SECONDS_FIRST: Final = 0.1
_PAUSE_SECONDS_MAX: Final = 5.0
_FAILURES_MAX: Final = 30
"""Further failures do not lengthen the pause."""

_log = logging.getLogger(__name__)


async def until_done(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do ``work`` until it succeeds once.

    An error that is not the world's is ours: it is logged with its place, and the work still goes on, because a
    service that has stopped delivering helps nobody.
    """
    failures = 0
    while True:
        try:
            await work()
        except Exception as error:  # noqa: BLE001  # see above: nothing may end this
            failures += 1
            pause = min(_PAUSE_SECONDS_MAX, _PAUSE_SECONDS_FIRST * 2 ** min(failures - 1, _FAILURES_MAX))
            _log.warning(
                "interrupted, trying again",
                exc_info=None if isinstance(error, TransientError) else error,
                extra={"work": name, "failures": failures, "pause_seconds": pause, "cause": str(error)[:300]},
            )
            await asyncio.sleep(pause)
        else:
            return
