"""Compares an office's file with what Kafka holds of it, before anything is delivered (FAULTS.md F-106, F-210).

A file that was lost, or restored from a backup, is behind its own topic; one that was used while Kafka was away may
even have given numbers a second time. Then a new epoch begins: the ledger learns from the topic what it has lost, and
whatever has not been delivered is stamped again under numbers that nobody has seen.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from contracts.batch import BatchHeader, header_from
from contracts.identifiers import LANES, Lane
from contracts.topics import PROGRESS, submitted
from services.ingest.adapters.clerk import Clerk, milliseconds
from services.ingest.adapters.feedback import statement_in
from services.ingest.adapters.spool import Spool, SpoolReader, Standing
from services.ingest.core.epoch import Place, may_continue, next_epoch
from services.ingest.core.stamp import adopted_from, said_in, stamp
from services.runtime import clock, kafka
from services.runtime.errors import TransientError

_POLL_MILLISECONDS: Final = 500
_SILENT_POLLS_MAX: Final = 20
"""Ten seconds without an answer: then Kafka is away."""
_LOOK_BACK_FIRST: Final = 16

_log = logging.getLogger(__name__)


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
        consumer = kafka.follow(self._bootstrap_servers, client_id=self._client_id)
        try:
            await consumer.start()
            evidence = await _said_of(consumer, self._clerks)
            for office in self._clerks:
                for lane in LANES:
                    if (office, lane) not in self._done:
                        await self._reconcile(consumer, office, lane, evidence.get((office, lane), []))
                        self._done.add((office, lane))
        except (KafkaError, OSError) as error:
            message = f"Kafka cannot be compared with the spool: {error}"
            raise TransientError(message) from error
        finally:
            await consumer.stop()

    async def _reconcile(self, consumer: AIOKafkaConsumer, office: str, lane: Lane, said: list[Place]) -> None:
        place = TopicPartition(submitted(office, lane), 0)
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        begin = (await consumer.beginning_offsets([place]))[place]
        reader, clerk = self._readers[office], self._clerks[office]
        standing = [one for one in reader.standings() if one.lane == lane][-1]
        if end == 0 and standing.published > standing.through:
            _log.warning(
                "the topic is new, delivering again what is not merged", extra={"office": office, "lane": lane}
            )
            await clerk.run(lambda spool: spool.mark_lost(lane))
        tail = await _tail(consumer, place, begin, end) if end > begin else None
        header = None if tail is None else header_from(kafka.headers_in(tail))
        evidence = [*said, Place(header.epoch, header.last)] if header is not None else said
        ours = Place(standing.epoch, standing.stamped)
        same = True
        if header is not None and tail is not None and header.epoch == ours.epoch:
            line = reader.line(lane, header.epoch, header.last)
            # A line that was let go of is merged, so it was ours.
            same = line is None or line == (tail.value or b"").rsplit(b"\n", 1)[-1]
        if may_continue(ours, evidence, same_tail=same):
            if header is not None:
                published = header
                await clerk.run(lambda spool: spool.mark_published(lane, published.epoch, published.last))
            return
        epoch = next_epoch(ours, evidence)
        _log.warning(
            "the topic is ahead of the office's file: a new epoch begins",
            extra={"office": office, "lane": lane, "epoch": epoch, "file": ours, "seen": sorted(evidence)},
        )
        kept = await self._learn(consumer, place, (begin, end), office, standing) if end > begin else standing.published
        await clerk.run(lambda spool: _begin(spool, office, lane, epoch, Place(standing.epoch, kept)))

    async def _learn(
        self, consumer: AIOKafkaConsumer, place: TopicPartition, ends: tuple[int, int], office: str, standing: Standing
    ) -> int:
        """Have the ledger learn what the topic holds beyond the file; return up to where both say the same."""
        begin, end = ends
        reader, clerk, lane = self._readers[office], self._clerks[office], standing.lane
        same = standing.published
        forked = False
        start = await _where(consumer, place, begin, end, Place(standing.epoch, standing.published + 1))
        async for record in _records(consumer, place, start, end):
            header = header_from(kafka.headers_in(record))
            if header is None or header.office != office or header.lane != lane:
                continue
            foreign: list[bytes] = []
            for nth, line in enumerate((record.value or b"").split(b"\n")):
                sequence = header.first + nth
                if header.epoch == standing.epoch and not forked:
                    if sequence <= same:
                        continue
                    if reader.line(lane, header.epoch, sequence) == line:
                        same = sequence
                        continue
                    forked = True
                foreign.append(line)
            adopted = [adopted_from(line) for line in foreign]
            if adopted:
                now = milliseconds(clock.now())
                await clerk.run(lambda spool, adopted=adopted, now=now: spool.adopt(lane, adopted, recorded_ms=now))  # type: ignore[misc]  # bound at once
        return same


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


async def _said_of(consumer: AIOKafkaConsumer, offices: Iterable[str]) -> dict[tuple[str, Lane], list[Place]]:
    """Return the places that heartbeats and sync have named of these offices."""
    place = TopicPartition(PROGRESS, 0)
    consumer.assign([place])
    begin = (await consumer.beginning_offsets([place]))[place]
    end = (await consumer.end_offsets([place]))[place]
    wanted = set(offices)
    found: dict[tuple[str, Lane], list[Place]] = {}
    async for record in _records(consumer, place, begin, end):
        said = statement_in(record)
        if said is not None and said.office in wanted:
            sequence = said.stamped if said.kind == "heartbeat" else said.through
            found.setdefault((said.office, said.lane), []).append(Place(said.epoch, sequence))
    return {name: [max(places)] for name, places in found.items()}


async def _tail(
    consumer: AIOKafkaConsumer, place: TopicPartition, begin: int, end: int
) -> ConsumerRecord[bytes, bytes] | None:
    """Return the newest record."""
    newest = None
    async for record in _records(consumer, place, max(begin, end - 1), end):
        newest = record
    return newest


async def _where(consumer: AIOKafkaConsumer, place: TopicPartition, begin: int, end: int, wanted: Place) -> int:
    """Return an offset from which on every number beyond ``wanted`` stands in the topic."""
    back = _LOOK_BACK_FIRST
    while end - back > begin:
        header = await _header_at(consumer, place, end - back, end)
        if header is not None and Place(header.epoch, header.first) <= wanted:
            return end - back
        back *= 4
    return begin


async def _header_at(consumer: AIOKafkaConsumer, place: TopicPartition, offset: int, end: int) -> BatchHeader | None:
    async for record in _records(consumer, place, offset, min(end, offset + 1)):
        return header_from(kafka.headers_in(record))
    return None


async def _records(
    consumer: AIOKafkaConsumer, place: TopicPartition, start: int, end: int
) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
    """Yield the records from ``start`` up to ``end``.

    Raises:
        TransientError: Kafka does not answer.
    """
    consumer.assign([place])
    consumer.seek(place, start)
    silent = 0
    while await consumer.position(place) < end:
        polled = await consumer.getmany(place, timeout_ms=_POLL_MILLISECONDS)
        silent = 0 if polled else silent + 1
        if silent > _SILENT_POLLS_MAX:
            message = f"{place.topic} does not answer"
            raise TransientError(message)
        for record in polled.get(place, []):
            if record.offset < end:
                yield record
