"""Submitted records in; accepted records, objections and the register out, confirmed before anything is committed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

from contracts.objection import Objection
from contracts.topics import REFERENCE, REJECTED, accepted, partition_of
from services.runtime import kafka
from services.runtime.clock import monotonic
from services.runtime.errors import TransientError
from services.runtime.outlet import Outgoing, Outlet
from services.validator.adapters.metrics import Metrics
from services.validator.core.breaker import Breaker
from services.validator.core.hearing import Desk, Hearing, chunks_of, opened
from services.validator.core.judge import Bench

_log = logging.getLogger(__name__)


class Court:
    """Judges what one subscription brings."""

    def __init__(  # noqa: PLR0913  # a court has that many sides
        self,
        bench: Bench,
        outlet: Outlet,
        breaker: Breaker,
        metrics: Metrics,
        *,
        desks: Mapping[str, Desk],
        offices: Sequence[str],
        register_is_known: Callable[[], Awaitable[None]],
        register_outlet: Outlet,
    ) -> None:
        """Wire what judging needs; ``desks`` names whose each topic is, ``offices`` decides about partitions.

        All courts of one register write it through one ``register_outlet``: an older entry of a subject, which one of
        them wrote, then never comes to stand after the newer one of another.
        """
        self._bench = bench
        self._outlet = outlet
        self._breaker = breaker
        self._metrics = metrics
        self._desks = desks
        self._offices = offices
        self._register_is_known = register_is_known
        self._register_outlet = register_outlet

    async def handle(self, records: kafka.Records) -> None:
        """Judge ``records`` in order and return once Kafka has every outcome. Repeating it changes nothing.

        Raises:
            TransientError: an outcome was not confirmed, or a storm of rejections has stopped us; the same
                records come again.
        """
        self._stop_in_a_storm()
        started = monotonic()
        await self._register_is_known()
        outcomes: list[tuple[Desk, Hearing | Objection]] = []
        for record in records:
            desk = self._desks[record.topic]
            heard = opened(
                kafka.headers_in(record), record.value, desk, f"{record.topic}:{record.partition}:{record.offset}"
            )
            if isinstance(heard, Hearing):
                await self._hear(heard)
            outcomes.append((desk, heard))
        self._stop_in_a_storm()
        await self._save_register()
        await self._outlet.write([out for desk, heard in outcomes for out in self._outgoing(desk, heard)])
        for desk, heard in outcomes:
            if isinstance(heard, Hearing):
                self._metrics.judged(desk.lane, heard.verdicts, heard.codes)
            else:
                self._metrics.refused(desk.lane)
                _log.warning("a record that settles nothing", extra={"place": heard.id, "code": heard.findings[0].code})
        self._metrics.settled(desk.lane, seconds=monotonic() - started, tps=len(self._bench.register))

    async def _hear(self, hearing: Hearing) -> None:
        for _ in hearing.lines(self._bench):
            await asyncio.sleep(0)
        was_open = self._breaker.is_open
        self._breaker.count(hearing.header.office, judged=len(hearing), stormy=hearing.stormy)
        if self._breaker.is_open and not was_open:
            self._metrics.breaker(is_open=True)
            _log.critical(
                "a storm of rejections has stopped the judging",
                extra={"offices": self._breaker.storming, "codes": dict(hearing.codes)},
            )

    async def _save_register(self) -> None:
        """Write what has been registered; until Kafka has it, no result may be committed that relies on it."""
        entries = self._bench.register.unsaved()
        if entries:
            await self._register_outlet.write(
                [Outgoing(REFERENCE, 0, subject, value, {}) for subject, value in entries]
            )
            self._bench.register.saved(entries)

    def _outgoing(self, desk: Desk, heard: Hearing | Objection) -> Iterator[Outgoing]:
        office, lane = desk
        partition = partition_of(office, self._offices)
        header, objections = (heard.header, heard.objections) if isinstance(heard, Hearing) else (None, [heard])
        for value, headers in chunks_of(header, objections):
            yield Outgoing(REJECTED, partition, office, value, headers)
        if isinstance(heard, Hearing):
            for piece in heard.pieces():
                yield Outgoing(accepted(lane), partition, office, piece.value, piece.headers)

    def _stop_in_a_storm(self) -> None:
        if self._breaker.is_open:
            message = (
                f"a storm of rejections in {', '.join(self._breaker.storming)}: nothing is settled until a person has "
                "looked at the rules; VALIDATOR_BREAKER_OVERRIDE=true goes on regardless"
            )
            raise TransientError(message)
