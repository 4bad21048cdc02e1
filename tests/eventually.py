"""Waits for something to become true, instead of sleeping for as long as it usually takes."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar, overload

T = TypeVar("T")

_PAUSE_SECONDS: Final = 0.02


@overload
async def eventually(check: Callable[[], Awaitable[T | None]], within_seconds: float = 10) -> T: ...
@overload
async def eventually(check: Callable[[], T | None], within_seconds: float = 10) -> T: ...
async def eventually(check: Callable[[], Any], within_seconds: float = 10) -> Any:
    """Return what ``check`` returns as soon as that is true.

    ``check`` may be a coroutine function and may assert: a failed assertion is tried again too.

    Raises:
        AssertionError: it did not come true in time; the message says what was seen last.
    """
    deadline = time.monotonic() + within_seconds
    while True:
        seen: object
        try:
            answer = check()
            result = await answer if inspect.isawaitable(answer) else answer
        except AssertionError as failure:
            seen = failure
        else:
            if result:
                return result
            seen = result
        if time.monotonic() > deadline:
            message = f"not true within {within_seconds} s; seen last: {seen!r}"
            raise AssertionError(message)
        await asyncio.sleep(_PAUSE_SECONDS)
