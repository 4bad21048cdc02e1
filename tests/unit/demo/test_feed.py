from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from functools import cache
from pathlib import Path

import httpx
import pytest

from deploy.demo.evening import Evening
from deploy.demo.feed import Feed, FeedError
from deploy.demo.plan import Fate, Plan
from deploy.demo.position import OtherPlanError
from deploy.desk import Desk
from tests.unit.demo.ingest_in_memory import IngestInMemory, Trouble

_LINES = "/v1/changes"


class _Plan:
    """The evening of a few offices."""

    def __init__(self, evening: Evening, offices: tuple[str, ...]) -> None:
        self.name = f"{evening.name}/{','.join(offices)}"
        self.offices = offices
        self.scripts = {key: script for key, script in evening.scripts.items() if key[0] in offices}
        self.books = {key: books for key, books in evening.expected.books.items() if key[0] in offices}


@cache
def _evening() -> _Plan:
    # Small, and yet with every kind of fate in it: rejected, refused, repeated, too early, mended.
    return _Plan(Evening(seed="uji4", tps_per_office_max=500, voters=5_400), ("3207", "3272", "3279"))


def _differing_books(ingest: IngestInMemory) -> list[str]:
    found = []
    for (office, lane), books in _evening().books.items():
        fates = ingest.offices[office].fates[lane]
        if fates != Counter({fate: count for fate, count in books.fates.items() if fate in fates and count}):
            found.append(f"{office} {lane}: {fates} instead of {books.fates}")
        if sum(fates.values()) != books.submitted:
            found.append(f"{office} {lane}: {sum(fates.values())} numbered instead of {books.submitted}")
    return found


def _feed(ingest: IngestInMemory, folder: Path, plan: Plan | None = None) -> Feed:
    return Feed(plan or _evening(), ingest.desks, folder / "position.json", transport=ingest)


async def test_everything_that_is_fed_comes_to_the_end_that_was_planned(tmp_path: Path) -> None:
    ingest = IngestInMemory(_evening().offices)
    feed = _feed(ingest, tmp_path)

    await feed.run(0)

    assert _differing_books(ingest) == []
    assert feed.position.unexpected == []
    counters = feed.counters
    assert counters.pushed == feed.total == counters.taken + counters.repeated + counters.refused
    assert min(counters.repeated, counters.refused) > 0


def test_the_evening_holds_something_to_mend() -> None:
    pushes = [script.push(nth) for script in _evening().scripts.values() for nth in range(len(script))]

    assert any(push.mends for push in pushes)
    assert any(push.code == "BASE-OUTDATED" for push in pushes)
    assert sum(push.fate is Fate.REJECTED for push in pushes) > 2


@pytest.mark.parametrize("trouble", [Trouble.LOST_REQUEST, Trouble.LOST_ANSWER, Trouble.AWAY])
async def test_a_request_that_fails_is_sent_again_and_counts_once(trouble: Trouble, tmp_path: Path) -> None:
    met: Counter[str] = Counter()

    def weather(request: httpx.Request) -> Trouble | None:
        key = f"{request.headers['authorization']}{request.url.path}"
        met[key] += 1
        # The second body of every office and lane, which holds forms of all kinds.
        return trouble if met[key] == 2 and request.url.path.endswith(_LINES) else None

    ingest = IngestInMemory(_evening().offices, weather)
    feed = _feed(ingest, tmp_path)

    await feed.run(0)

    assert feed.counters.retries > 0
    assert _differing_books(ingest) == []
    assert feed.position.unexpected == []


@pytest.mark.parametrize("stopped_after", [1, 4, 7, 10, 12])
async def test_a_feeding_that_is_killed_anywhere_goes_on_and_counts_once(stopped_after: int, tmp_path: Path) -> None:
    killed = asyncio.Event()

    def weather(_: httpx.Request) -> Trouble | None:
        if ingest.requests >= stopped_after and not killed.is_set():
            killed.set()
            running.cancel()
        # Whatever is under way then is taken by the ingest, and its sender never learns of it.
        return Trouble.NO_ANSWER if killed.is_set() and not running.done() else None

    ingest = IngestInMemory(_evening().offices, weather)
    running = asyncio.ensure_future(_feed(ingest, tmp_path).run(0))
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert killed.is_set()

    again = _feed(ingest, tmp_path)
    await again.run(0)

    assert _differing_books(ingest) == []
    assert again.position.unexpected == []
    assert again.counters.pushed == again.total


async def test_a_feeding_that_is_over_pushes_nothing_more(tmp_path: Path) -> None:
    ingest = IngestInMemory(_evening().offices)
    await _feed(ingest, tmp_path).run(0)
    requests = ingest.requests

    await _feed(ingest, tmp_path).run(0)

    assert ingest.requests == requests


async def test_the_evening_takes_its_time_and_ends(tmp_path: Path) -> None:
    tiny = Evening(tps_per_office_max=2, voters=0)
    ingest = IngestInMemory(tiny.offices)
    began = asyncio.get_running_loop().time()

    await _feed(ingest, tmp_path, tiny).run(0.5)

    assert asyncio.get_running_loop().time() - began >= 0.5
    assert {office for office, small in ingest.offices.items() if small.fates["hasil"]} == set(tiny.offices)


async def test_the_position_of_another_plan_is_not_taken_for_this_one(tmp_path: Path) -> None:
    ingest = IngestInMemory(_evening().offices)
    other = _Plan(Evening(tps_per_office_max=1, voters=0), _evening().offices)
    await _feed(ingest, tmp_path, other).run(0)

    with pytest.raises(OtherPlanError, match="another data folder"):
        _feed(ingest, tmp_path)


async def test_a_wrong_key_ends_the_feeding_with_the_ingests_own_words(tmp_path: Path) -> None:
    ingest = IngestInMemory(_evening().offices)
    ingest.desks["3279"] = Desk("http://ingest/3279", "kunci-salah")

    with pytest.raises(FeedError, match="3279 answered 401 KEY-UNKNOWN"):
        await _feed(ingest, tmp_path).run(0)


def test_an_office_without_ingest_is_named(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="3279"):
        Feed(_evening(), {office: Desk("", "") for office in _evening().offices if office != "3279"}, tmp_path / "p")


async def test_what_was_not_planned_is_kept_in_words(tmp_path: Path) -> None:
    ingest = IngestInMemory(_evening().offices)
    # Somebody has used one of the ids for something else before.
    first = _evening().scripts["3279", "hasil"].push(0)
    ingest.offices["3279"].take(first.body.replace(b'"dpt_l":', b'"dpt_l":1'))

    feed = _feed(ingest, tmp_path)
    await feed.run(0)

    assert any("ID-REUSED" in said for said in feed.position.unexpected)
