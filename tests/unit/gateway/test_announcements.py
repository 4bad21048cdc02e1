"""Everybody who watches is told, and whoever does not keep up is let go."""

from __future__ import annotations

import pytest

from services.gateway.adapters.announcements import Announcements
from services.gateway.adapters.metrics import Metrics
from services.runtime import metrics


@pytest.fixture
def announcements() -> Announcements:
    return Announcements(Metrics(metrics.registry()))


async def test_a_watcher_that_does_not_keep_up_is_ended_and_nobody_else(announcements: Announcements) -> None:
    with announcements.watching(None) as slow, announcements.watching(None) as quick:
        for _ in range(60):
            announcements.missed()
            quick.queue.get_nowait()
        assert slow.ended.is_set()
        assert not quick.ended.is_set()
        assert slow.queue.qsize() <= 50
    assert announcements.watchers == 0


async def test_all_streams_end_when_the_process_stops(announcements: Announcements) -> None:
    with announcements.watching(None) as watcher:
        announcements.end()
        assert watcher.ended.is_set()


async def test_only_who_has_seen_the_newest_is_not_told_to_reload(announcements: Announcements) -> None:
    announcements.missed()
    newest = announcements.newest
    with announcements.watching(newest) as watcher:
        assert b"event: hello" in watcher.queue.get_nowait()
    announcements.missed()
    with announcements.watching(newest) as watcher:
        assert b"event: reload" in watcher.queue.get_nowait()
