"""What the stream tells a watcher."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from tests.builders import KONTES_GUBERNUR, OFFICE, TPS, a_c_hasil, a_line, a_pemilih
from tests.integration.sync.store_of_one import FedStore, a_record_of


@dataclass(frozen=True)
class Event:
    id: str
    name: str
    data: dict[str, Any]


class Events:
    """The events of one stream, in order."""

    def __init__(self, answer: httpx.Response) -> None:
        """Read from ``answer``."""
        self._lines = answer.aiter_lines()

    async def next(self, within_seconds: float = 5) -> Event:
        fields: dict[str, str] = {}
        async with asyncio.timeout(within_seconds):
            async for line in self._lines:
                name, _, value = line.partition(": ")
                if line and name:
                    fields[name] = value
                elif "event" in fields:
                    return Event(fields["id"], fields["event"], orjson.loads(fields["data"]))
        message = "the stream ended"
        raise AssertionError(message)


@asynccontextmanager
async def watching(gateway: httpx.AsyncClient, last_event_id: str | None = None) -> AsyncIterator[Events]:
    headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
    async with gateway.stream("GET", "/v1/stream", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Events(answer)


async def test_a_watcher_hears_of_a_merge_within_a_second(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    async with watching(gateway) as events:
        assert (await events.next()).name == "hello"
        await sync.merge(a_record_of([a_line(a_c_hasil())], offset=0))
        heard = await events.next(within_seconds=1)
        assert heard.name == "perubahan"
        assert {"lane": "hasil", "kontes": KONTES_GUBERNUR, "wilayah": TPS[:10]} in heard.data["areas"]


async def test_many_merges_in_a_moment_are_one_announcement(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    async with watching(gateway) as events:
        await events.next()
        areas: list[str] = []
        for offset in range(10):
            tps = f"{TPS[:10]}{offset + 1:03}"
            await sync.merge(
                a_record_of([a_line(a_c_hasil(tps), sequence=offset + 1)], offset=offset, first=offset + 1)
            )
        await sync.merge(a_record_of([a_line(a_pemilih())], offset=0, lane="pemilih"))
        count = 0
        while "pemilih" not in areas:
            heard = await events.next()
            count += 1
            areas += [area["lane"] for area in heard.data["areas"]]
            assert len({orjson.dumps(area) for area in heard.data["areas"]}) == len(heard.data["areas"])
        assert count < 11


async def test_a_voter_is_announced_by_office_only(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    async with watching(gateway) as events:
        await events.next()
        await sync.merge(a_record_of([a_line(a_pemilih())], offset=0, lane="pemilih"))
        assert (await events.next()).data == {"areas": [{"lane": "pemilih", "kontes": None, "wilayah": OFFICE}]}


async def test_who_comes_back_having_missed_something_is_told_to_reload(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    async with watching(gateway) as events:
        await events.next()
        await sync.merge(a_record_of([a_line(a_c_hasil())], offset=0))
        newest = (await events.next()).id
    async with watching(gateway, newest) as events:
        assert (await events.next()).name == "hello"
    async with watching(gateway) as other:
        await other.next()
        await sync.merge(a_record_of([a_line(a_c_hasil(), revision=2, sequence=2)], offset=1, first=2))
        await other.next()
    for seen in (newest, "somewhere-else-7"):
        async with watching(gateway, seen) as events:
            assert (await events.next()).name == "reload"
