"""Compares an office's file with what Kafka holds of it, before anything is delivered (FAULTS.md F-106, F-210).

A file that was lost, or restored from a backup, is behind its own topic; one that was used while Kafka was away may
even have given numbers a second time. Then a new epoch begins: the ledger learns from the topic what it has lost, and
whatever has not been delivered is stamped again under numbers that nobody has seen.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping
from functools import partial
from typing import Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.batch import header_from
from contracts.identifiers import LANES, Lane
from contracts.topics import PROGRESS, submitted
from services.ingest.adapters.clerk import Clerk, milliseconds
from services.ingest.adapters.feedback import statement_in
from services.ingest.adapters.following import Stretch, following, records_of
from services.ingest.adapters.spool import Spool, SpoolReader, Standing
from services.ingest.core.epoch import Place, may_continue, next_epoch
from services.ingest.core.stamp import Adopted, adopted_from, said_in, stamp
from services.runtime import clock, kafka

_LOOK_BACK_FIRST: Final = 16

_log = logging.getLogger(__name__)


class _Tail(NamedTuple):
    """The newest line of a topic."""

    place: Place
    line: bytes


class Reconciler:
    """Makes sure, once at each start, that every lane's numbering goes on where Kafka has seen it."""

    def __init__(
        self,
        bootstrap_servers: str,
        *,
        client_id: str,
        clerks: Mapping[str, Clerk],
        readers: Mapping[str, SpoolReader],
    ) -> None:
        """Prepare for the offices of ``clerks``."""
        self._bootstrap_servers = bootstrap_servers
        self._client_id = client_id
        self._clerks = clerks
        self._readers = readers
        self._done: set[tuple[str, Lane]] = set()

    async def run(self) -> None:
        """Reconcile every lane that is not reconciled yet.

        Raises:
            TransientError: Kafka is away.
        """
        lanes = {
            TopicPartition(submitted(office, lane), 0): (office, lane)
            for office in self._clerks
            for lane in LANES
            if (office, lane) not in self._done
        }
        progress = TopicPartition(PROGRESS, 0)
        places = [*lanes, progress]
        async with following(self._bootstrap_servers, client_id=self._client_id, places=places) as consumer:
            consumer.pause(*places)
            begins = await consumer.beginning_offsets(places)
            ends = await consumer.end_offsets(places)
            evidence = await _said(consumer, Stretch(progress, begins[progress], ends[progress]))
            tails = await _tails(consumer, [Stretch(place, begins[place], ends[place]) for place in lanes])
            for place, (office, lane) in lanes.items():
                topic = Stretch(place, begins[place], ends[place])
                said = evidence.get((office, lane), [])
                await self._reconcile(consumer, topic, office, lane, said=said, tail=tails.get(place))
                self._done.add((office, lane))

    async def _reconcile(  # noqa: PLR0913  # a lane and what is known of it
        self,
        consumer: AIOKafkaConsumer,
        topic: Stretch,
        office: str,
        lane: Lane,
        *,
        said: list[Place],
        tail: _Tail | None,
    ) -> None:
        reader, clerk = self._readers[office], self._clerks[office]
        standing = [one for one in reader.standings() if one.lane == lane][-1]
        if topic.end == 0 and standing.published > standing.through:
            _log.warning(
                "the topic is new, delivering again what is not merged", extra={"office": office, "lane": lane}
            )
            await clerk.run(lambda spool: spool.mark_lost(lane))
        ours = Place(standing.epoch, standing.stamped)
        evidence = said if tail is None else [*said, tail.place]
        same = True
        if tail is not None and tail.place.epoch == ours.epoch:
            line = reader.line(lane, *tail.place)
            # A line that was let go of is merged, so it was ours.
            same = line is None or line == tail.line
        if may_continue(ours, evidence, same_tail=same):
            if tail is not None:
                await clerk.run(lambda spool: spool.mark_published(lane, *tail.place))
            return
        epoch = next_epoch(ours, evidence)
        _log.warning(
            "the topic is ahead of the office's file: a new epoch begins",
            extra={"office": office, "lane": lane, "epoch": epoch, "file": ours, "seen": sorted(evidence)},
        )
        kept = await self._learn(consumer, topic, office, standing) if tail is not None else standing.published
        await clerk.run(lambda spool: _begin(spool, office, lane, epoch, Place(standing.epoch, kept)))

    async def _learn(self, consumer: AIOKafkaConsumer, topic: Stretch, office: str, standing: Standing) -> int:
        """Have the ledger learn what the topic holds beyond the file; return up to where both say the same."""
        reader, clerk, lane = self._readers[office], self._clerks[office], standing.lane
        same = standing.published
        forked = False
        start = await _where(consumer, topic, Place(standing.epoch, standing.published + 1))
        async for record in records_of(consumer, [topic._replace(begin=start)]):
            header = header_from(kafka.headers_in(record))
            if header is None or header.office != office or header.lane != lane:
                continue
            foreign: list[Adopted] = []
            for sequence, line in enumerate((record.value or b"").split(b"\n"), start=header.first):
                if header.epoch == standing.epoch and not forked:
                    if sequence <= same:
                        continue
                    if reader.line(lane, header.epoch, sequence) == line:
                        same = sequence
                        continue
                    forked = True
                # What is not readable there nobody could read: the validator has said so to its office.
                with contextlib.suppress(ValueError):
                    foreign.append(adopted_from(line))
            if foreign:
                await clerk.run(partial(_adopt, lane=lane, lines=foreign))
        return same


def _adopt(spool: Spool, *, lane: Lane, lines: list[Adopted]) -> None:
    spool.adopt(lane, lines, recorded_ms=milliseconds(clock.now()))


def _begin(spool: Spool, office: str, lane: Lane, epoch: int, kept: Place) -> None:
    """Begin ``epoch``, and stamp again in it every line of the old one beyond ``kept``."""
    old, beyond = kept
    spool.end_epoch(lane, old, beyond)
    spool.begin_epoch(lane, epoch)
    while numbered := spool.take_back(lane, old, beyond):
        statements = [said_in(line) for _, line in numbered]
        for (sequence, _), said in zip(numbered, statements, strict=True):
            spool.forget(sequence, old, said)
        stamped = stamp(
            statements,
            office=office,
            recordedtime=clock.now_text(),
            ledger=spool.ledger([said.key for said in statements]),
            ids=spool.statements([said.id for said in statements if said.id is not None]),
            numbering=spool.numbering(),
        )
        spool.add(stamped, recorded_ms=milliseconds(clock.now()))


async def _said(consumer: AIOKafkaConsumer, progress: Stretch) -> dict[tuple[str, Lane], list[Place]]:
    """Return the furthest place that heartbeats and sync have named of each lane."""
    found: dict[tuple[str, Lane], Place] = {}
    async for record in records_of(consumer, [progress]):
        said = statement_in(record)
        if said is not None:
            place = Place(said.epoch, said.stamped if said.kind == "heartbeat" else said.through)
            found[said.office, said.lane] = max(place, found.get((said.office, said.lane), place))
    return {name: [place] for name, place in found.items()}


async def _tails(consumer: AIOKafkaConsumer, topics: list[Stretch]) -> dict[TopicPartition, _Tail]:
    """Return the newest line of each topic that has one."""
    found: dict[TopicPartition, _Tail] = {}
    newest = [topic._replace(begin=topic.end - 1) for topic in topics if topic.end > topic.begin]
    async for record in records_of(consumer, newest):
        header = header_from(kafka.headers_in(record))
        if header is not None:
            line = (record.value or b"").rsplit(b"\n", 1)[-1]
            found[TopicPartition(record.topic, record.partition)] = _Tail(Place(header.epoch, header.last), line)
    return found


async def _where(consumer: AIOKafkaConsumer, topic: Stretch, wanted: Place) -> int:
    """Return an offset from which on every number beyond ``wanted`` stands in the topic."""
    back = _LOOK_BACK_FIRST
    while topic.end - back > topic.begin:
        offset = topic.end - back
        async for record in records_of(consumer, [Stretch(topic.place, offset, offset + 1)]):
            header = header_from(kafka.headers_in(record))
            if header is not None and Place(header.epoch, header.first) <= wanted:
                return offset
        back *= 4
    return topic.begin
