"""Passes on what changed to everybody who watches: many notices in one announcement, and a limit for the slow."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import uuid4

from services.gateway.adapters.metrics import Metrics
from services.gateway.core.announcement import Notice, announcement_of

_TOGETHER_SECONDS: Final = 0.1
"""Notices within this time are one announcement: a screen shows no more, and a thousand watchers cost less."""
_QUEUE_ANNOUNCEMENTS_MAX: Final = 50
"""Five seconds of a busy evening; who is further behind is better served by a reload."""

RELOAD: Final = b"event: reload\ndata: {}\n\n"
"""Announcements have been missed: whatever is shown may be old."""


class Watcher:
    """One client of the stream."""

    def __init__(self) -> None:
        """Start with nothing to send."""
        self.queue: asyncio.Queue[bytes] = asyncio.Queue(_QUEUE_ANNOUNCEMENTS_MAX)
        self.ended = asyncio.Event()

    def give(self, message: bytes) -> bool:
        """Queue a message; a client that does not keep up is ended."""
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self.ended.set()
            return False
        return True


class Announcements:
    """Everybody who watches, and what is about to be announced to them."""

    def __init__(self, metrics: Metrics) -> None:
        """Start with nobody."""
        self._metrics = metrics
        self._watchers: set[Watcher] = set()
        self._gathered: list[Notice] = []
        # The number alone would promise to a client of another process, or of this one before it was started again,
        # that nothing was missed.
        self._run = uuid4().hex[:12]
        self._number = 0

    @property
    def newest(self) -> str:
        """Id of the newest announcement."""
        return f"{self._run}-{self._number}"

    @property
    def watchers(self) -> int:
        """How many watch."""
        return len(self._watchers)

    @contextmanager
    def watching(self, last_seen: str | None) -> Iterator[Watcher]:
        """Add a watcher; one that has seen another announcement last than the newest is told to reload."""
        watcher = Watcher()
        if last_seen is not None and last_seen != self.newest:
            watcher.give(self._with_id(RELOAD))
        else:
            watcher.give(self._with_id(b"event: hello\ndata: {}\n\n"))
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)

    def announce(self, notice: Notice) -> None:
        """Pass on a notice, together with others that come within a moment."""
        self._gathered.append(notice)
        if len(self._gathered) == 1:
            asyncio.get_running_loop().call_later(_TOGETHER_SECONDS, self._flush)

    def missed(self) -> None:
        """Say that notices have been missed: nobody knows what has changed meanwhile."""
        self._tell(RELOAD)

    def end(self) -> None:
        """End every stream, so that the process can stop."""
        for watcher in self._watchers:
            watcher.ended.set()

    def _flush(self) -> None:
        gathered, self._gathered = self._gathered, []
        announcement = announcement_of(gathered).model_dump_json().encode()
        self._tell(b"event: perubahan\ndata: " + announcement + b"\n\n")

    def _tell(self, message: bytes) -> None:
        self._number += 1
        numbered = self._with_id(message)
        for watcher in self._watchers:
            if not watcher.give(numbered):
                self._metrics.count_dropped()

    def _with_id(self, message: bytes) -> bytes:
        return f"id: {self.newest}\n".encode() + message
