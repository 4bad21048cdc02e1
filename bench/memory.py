"""How much memory some processes take together, at its peak."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

_SAMPLE_SECONDS: Final = 0.5
_KIB: Final = 1024


class Peak:
    """The largest sum of proportional set sizes that was seen, in bytes; pages that are shared count once."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.bytes = 0

    def sample(self, pids: Iterable[int]) -> None:
        """Look at the processes now."""
        self.bytes = max(self.bytes, sum(_proportional_bytes(pid) for pid in pids))


@asynccontextmanager
async def watched(pids: Callable[[], Iterable[int]]) -> AsyncIterator[Peak]:
    """Yield the peak of the processes while the block runs."""
    peak = Peak()

    async def watch() -> None:
        while True:
            peak.sample(pids())
            await asyncio.sleep(_SAMPLE_SECONDS)

    watching = asyncio.create_task(watch())
    try:
        yield peak
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


def own_peak_bytes() -> int:
    """Return the most memory that this process has had resident since its program was started.

    What ``getrusage`` tells begins with the peak of whoever started the process.
    """
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * _KIB for line in lines if line.startswith("VmHWM:"))


def _proportional_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) * _KIB for line in lines if line.startswith("Pss:"))
