"""Feedback: reads what comes back to the offices, objections and progress, and writes it into their files.

What a change lacked may have come already, or come now as a value of the province: then it is said again, or noted
to be, in the same transaction. Reading goes on from positions in each file. Reading something twice changes nothing,
so the positions may lag; only values of the province are passed over when they were taken before.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Final, NamedTuple

from aiokafka import ConsumerRecord, TopicPartition
from pydantic import Field, TypeAdapter, ValidationError

from contracts.objection import Objection
from contracts.progress import Heartbeat, Merged
from contracts.topics import PROGRESS, REFERENCE, REJECTED, partition_of
from services.ingest.adapters.again import follow_objections
from services.ingest.adapters.clerk import Clerk, milliseconds
from services.ingest.adapters.following import following
from services.ingest.adapters.mending import follow_mended, follow_reference
from services.ingest.adapters.spool import Spool, SpoolReader
from services.ingest.core.mending import concerns
from services.runtime import clock
from services.runtime.patience import until_done

_VALUES: Final = TopicPartition(REFERENCE, 0)
_RECORDS_MAX: Final = 500
_POLL_MILLISECONDS: Final = 1_000
_POSITION_SECONDS: Final = 60.0
"""How long an office without news may go on remembering an old position."""
_LEFT_OUT_SECONDS: Final = 15.0
"""How long others are served before reading begins again for an office whose file failed."""

_log = logging.getLogger(__name__)

STATEMENT: Final[TypeAdapter[Heartbeat | Merged]] = TypeAdapter(
    Annotated[Heartbeat | Merged, Field(discriminator="kind")]
)


class Value(NamedTuple):
    """What the province has published under a key, and where that stands in the topic."""

    offset: int
    key: str
    value: bytes


class Feedback:
    """Follows what comes back to the offices of this process."""

    def __init__(
        self,
        bootstrap_servers: str,
        *,
        client_id: str,
        province: Sequence[str],
        clerks: Mapping[str, Clerk],
        readers: Mapping[str, SpoolReader],
    ) -> None:
        """Prepare to follow the topics; ``province`` are all offices, in order, and decide about partitions."""
        self._bootstrap_servers = bootstrap_servers
        self._client_id = client_id
        self._clerks = clerks
        self._readers = readers
        self._remembered = clock.monotonic()
        self._read: dict[TopicPartition, int] = {}
        self._left_out: dict[str, Exception] = {}
        """Offices whose file failed since reading began, …"""
        self._failed = 0.0
        """… and when the first of them did."""
        self._begin = 0
        self._taken: dict[str, int] = {}
        """Up to which offset each office has taken the values of the province."""
        self._partitions = {
            TopicPartition(PROGRESS, 0): sorted(clerks),
            _VALUES: sorted(clerks),
            **{
                TopicPartition(REJECTED, number): [
                    office for office in sorted(clerks) if partition_of(office, province) == number
                ]
                for number in {partition_of(office, province) for office in clerks}
            },
        }

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            await until_done("read feedback", self._follow)

    async def _follow(self) -> None:
        places = list(self._partitions)
        async with following(self._bootstrap_servers, client_id=self._client_id, places=places) as consumer:
            positions = self._positions()
            for place, offset in positions.items():
                consumer.seek(place, offset)
            self._begin = positions[_VALUES]
            self._read, self._left_out = {}, {}
            while True:
                polled = await consumer.getmany(timeout_ms=_POLL_MILLISECONDS, max_records=_RECORDS_MAX)
                await self._take(polled)
                self._end_for_those_left_out(waiting=bool(polled))

    def _positions(self) -> dict[TopicPartition, int]:
        """Return where to go on: where the office that lags most has come to."""
        known = {office: reader.positions() for office, reader in self._readers.items()}
        self._taken = {office: of.get((_VALUES.topic, _VALUES.partition), 0) for office, of in known.items()}
        return {
            place: min(known[office].get((place.topic, place.partition), 0) for office in offices)
            for place, offices in self._partitions.items()
        }

    async def _take(self, polled: Mapping[TopicPartition, Sequence[ConsumerRecord[bytes, bytes]]]) -> None:
        """Write what was read into the files of the offices it is about."""
        anew = self._is_anew(polled.get(_VALUES, ()))
        if anew:
            # Nothing of it was taken, and every office has to remember that.
            self._begin, self._taken = 0, dict.fromkeys(self._clerks, 0)
        news = _News()
        for place, records in polled.items():
            for record in records:
                self._read[place] = record.offset + 1
                news.add(place, record)
        due = anew or clock.monotonic() - self._remembered > _POSITION_SECONDS
        for office, clerk in self._clerks.items():
            if office in self._left_out:
                continue
            try:
                await self._tell(office, clerk, news, due=due)
            except Exception as error:  # noqa: BLE001  # whatever it is, the others are served; raised in the end
                cause = {"office": office, "cause": str(error)[:300]}
                _log.warning("what came back cannot be written", extra=cause)
                self._failed = self._failed if self._left_out else clock.monotonic()
                self._left_out[office] = error
        if due:
            self._remembered = clock.monotonic()

    def _end_for_those_left_out(self, *, waiting: bool) -> None:
        """Begin again for offices whose file failed, once the others have what was there for them.

        Nothing more is written for such an office meanwhile, so that its position stays before what it did not take.

        Raises:
            Exception: what the first of them failed with.
        """
        if self._left_out and not (waiting and clock.monotonic() - self._failed < _LEFT_OUT_SECONDS):
            raise next(iter(self._left_out.values()))

    def _is_anew(self, values: Sequence[ConsumerRecord[bytes, bytes]]) -> bool:
        """Return whether a value stands before what was asked for: the topic was deleted and made again."""
        return bool(values) and values[0].offset < self._read.get(_VALUES, self._begin)

    async def _tell(self, office: str, clerk: Clerk, news: _News, *, due: bool) -> None:
        """Write what is about an office into its file, with how far it has come; nothing, when nothing is."""
        merged, objections = news.merged.get(office, []), news.objections.get(office, [])
        ahead = values_ahead(news.published, begin=self._begin, taken=self._taken[office])
        values = [one for one in ahead if concerns(one.key, office)]
        if not (merged or objections or values or due):
            return
        read = {place: offset for place, offset in self._read.items() if office in self._partitions[place]}
        if _VALUES in read:
            # Reading began where the office that lags most has come to: what this one has taken, it has taken.
            read[_VALUES] = max(read[_VALUES], self._taken[office])
        positions = {(place.topic, place.partition): offset for place, offset in read.items()}
        await clerk.run(_writing(office, objections, merged, values, positions))
        self._taken[office] = read.get(_VALUES, self._taken[office])


class _News:
    """What was read at once, by the office it is about."""

    def __init__(self) -> None:
        """Begin without any."""
        self.objections: dict[str, list[Objection]] = {}
        self.merged: dict[str, list[Merged]] = {}
        self.published: list[Value] = []

    def add(self, place: TopicPartition, record: ConsumerRecord[bytes, bytes]) -> None:
        """Add what a record says; what cannot be read is passed over."""
        if place.topic == REJECTED:
            for said in objections_in(record):
                self.objections.setdefault(said.office, []).append(said)
        elif place == _VALUES:
            key = (record.key or b"").decode("utf-8", "replace")
            self.published.append(Value(record.offset, key, record.value or b""))
        elif isinstance(statement := statement_in(record), Merged):
            self.merged.setdefault(statement.office, []).append(statement)


def values_ahead(published: Sequence[Value], *, begin: int, taken: int) -> list[Value]:
    """Return the values that an office has not ``taken``, where reading began at ``begin`` for another's sake.

    Taken once more, an old value and the newer one after it would be two changes. Before ``begin`` nothing was asked
    for: such a record means that the topic was made anew, and nothing of it was taken.
    """
    return [one for one in published if not begin <= one.offset < taken]


def objections_in(record: ConsumerRecord[bytes, bytes]) -> list[Objection]:
    """Return the objections in a record; what cannot be read, or stands outside the numbering, is passed over."""
    found: list[Objection] = []
    for line in (record.value or b"").split(b"\n"):
        try:
            said = Objection.model_validate_json(line)
        except ValidationError:
            continue
        if said.sequence > 0:
            found.append(said)
    return found


def statement_in(record: ConsumerRecord[bytes, bytes]) -> Heartbeat | Merged | None:
    """Return the statement of progress in a record, or ``None`` when there is none that can be read."""
    try:
        return STATEMENT.validate_json(record.value or b"")
    except ValidationError:
        return None


def _writing(
    office: str,
    objections: list[Objection],
    merged: list[Merged],
    published: list[Value],
    positions: dict[tuple[str, int], int],
) -> Callable[[Spool], None]:
    def write(spool: Spool) -> None:
        spool.add_objections(objections)
        follow_objections(spool, office, objections)
        now = clock.now()
        follow_mended(spool, objections, now_ms=milliseconds(now))
        for one in published:
            follow_reference(spool, office, one.key, one.value, now=now)
        for statement in merged:
            spool.mark_merged(statement)
        spool.mark_read(positions)

    return write
