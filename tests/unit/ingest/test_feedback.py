"""Reading what comes back: how far each office has come is never said too low, too high or for another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from aiokafka import ConsumerRecord, TopicPartition

from contracts.identifiers import jadwal_subject
from contracts.remembered import ATURAN, Edition
from contracts.topics import REFERENCE, REJECTED, partition_of
from services.ingest.adapters import feedback
from services.ingest.adapters.clerk import SpoolUnavailableError
from services.ingest.adapters.feedback import Feedback
from services.runtime.background import beside
from tests.builders import OFFICE, an_objection
from tests.eventually import eventually
from tests.unit.ingest.snapshots.office import Office, an_office

OTHER = "3201"
VALUES = (REFERENCE, 0)
OFFICES = [OFFICE, OTHER]
OBJECTIONS = {office: (REJECTED, partition_of(office, OFFICES)) for office in OFFICES}

Record: TypeAlias = "ConsumerRecord[bytes, bytes]"


def a_record(place: tuple[str, int], offset: int, value: bytes, key: str = OFFICE) -> Record:
    return ConsumerRecord(*place, offset, 0, 0, key.encode(), value, None, len(key), len(value), ())


def rules(offset: int, digest: str) -> Record:
    return a_record(VALUES, offset, Edition(parts={"KOR-BASE": digest}).model_dump_json().encode(), ATURAN)


def objected(offset: int, office: str) -> Record:
    return a_record(OBJECTIONS[office], offset, an_objection(office=office).model_dump_json().encode())


class Topics:
    """What the next polls bring, one after the other; after the last of them nothing comes any more."""

    def __init__(self, *polls: Sequence[Record]) -> None:
        """Bring ``polls``."""
        self.polls = list(polls)
        self.more = asyncio.Event()
        self.sought: list[dict[tuple[str, int], int]] = []

    def bring(self, *polls: Sequence[Record]) -> None:
        self.polls += polls
        self.more.set()

    @asynccontextmanager
    async def following(self, _: str, *, client_id: str, places: Iterable[TopicPartition]) -> AsyncIterator[Topics]:
        assert client_id == "test"
        assert places
        self.sought.append({})
        yield self

    def seek(self, place: TopicPartition, offset: int) -> None:
        self.sought[-1][place] = offset

    async def getmany(self, **_: Any) -> dict[TopicPartition, list[Record]]:
        while not self.polls:
            self.more.clear()
            await self.more.wait()
        found: dict[TopicPartition, list[Record]] = {}
        for record in self.polls.pop(0):
            found.setdefault(TopicPartition(record.topic, record.partition), []).append(record)
        return found


@asynccontextmanager
async def two_offices(folder: Path, here: int, there: int) -> AsyncIterator[tuple[Office, Office]]:
    """Lend two offices that have taken the values of the province up to ``here`` and ``there``."""
    async with an_office(folder) as one, an_office(folder, OTHER) as other:
        await one.clerk.run(lambda spool: spool.mark_read({VALUES: here}))
        await other.clerk.run(lambda spool: spool.mark_read({VALUES: there}))
        yield one, other


def reading(monkeypatch: pytest.MonkeyPatch, topics: Topics, *offices: Office) -> Feedback:
    monkeypatch.setattr(feedback, "following", topics.following)
    return Feedback(
        "",
        client_id="test",
        province=OFFICES,
        clerks={office.clerk.office: office.clerk for office in offices},
        readers={office.clerk.office: office.reader for office in offices},
    )


async def test_a_neighbour_that_lags_sets_nobody_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with two_offices(tmp_path, 5, 10) as (one, other):
        topics = Topics([rules(5, "a"), objected(0, OTHER)])
        async with beside(reading(monkeypatch, topics, one, other).run()):
            await eventually(lambda: one.reader.positions()[VALUES] == 6)
            await eventually(lambda: other.reader.positions().get(OBJECTIONS[OTHER]) == 1)
            assert other.reader.positions()[VALUES] == 10


async def test_a_topic_made_anew_is_taken_from_its_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with two_offices(tmp_path, 5, 10) as (one, other):
        other_key = jadwal_subject("dpt", OFFICE)
        topics = Topics([a_record(VALUES, 0, b"", other_key)], [rules(offset, "a") for offset in range(1, 7)])
        async with beside(reading(monkeypatch, topics, one, other).run()):
            await eventually(lambda: [office.reader.positions()[VALUES] for office in (one, other)] == [7, 7])


async def test_an_office_that_fails_keeps_nobody_back_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first office's file cannot be written once; reading goes on where it had come to."""
    async with two_offices(tmp_path, 5, 5) as (one, other):
        failures = [SpoolUnavailableError(OSError("disk full"))]
        run = one.clerk.run

        async def refusing(do: Any) -> Any:
            if failures:
                raise failures.pop()
            return await run(do)

        monkeypatch.setattr(one.clerk, "run", refusing)
        first, second = [objected(0, OFFICE), rules(5, "a")], [objected(1, OFFICE), objected(0, OTHER), rules(6, "b")]
        topics = Topics(first, second, [])
        async with beside(reading(monkeypatch, topics, one, other).run()):
            await eventually(lambda: len(topics.sought) == 2)
            assert (one.reader.positions(), other.reader.positions()[VALUES]) == ({VALUES: 5}, 7)
            assert topics.sought[1][TopicPartition(*VALUES)] == 5
            topics.bring([rules(5, "a")])
            await eventually(lambda: one.reader.positions()[VALUES] == 6)
            assert one.reader.positions() == {VALUES: 6}, "of objections nothing was read since"
