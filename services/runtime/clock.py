"""The time of day, asked for in one place. It is shown and measured, never decided upon."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return the current time with its zone (UTC)."""
    return datetime.now(UTC)


def now_text() -> str:
    """Return the current time as contracts write it, to the millisecond."""
    return now().isoformat(timespec="milliseconds").replace("+00:00", "Z")


def monotonic() -> float:
    """Return seconds that only ever grow, for measuring durations."""
    return time.monotonic()
