"""The court: where it writes what, and what of the register is still to be written afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry

from contracts.identifiers import Lane, tps_subject
from contracts.remembered import Entry
from contracts.topics import REFERENCE, submitted
from services.runtime.outlet import Outgoing, Outlet
from services.validator.adapters.consumer import Court
from services.validator.adapters.metrics import Metrics
from services.validator.core.breaker import Breaker
from services.validator.core.hearing import Desk
from services.validator.core.judge import Bench
from tests.builders import OFFICE, PILKADA, TPS, a_batch, a_line, a_record, a_tps
from tests.unit.validator.courtroom import a_bench

SUBJECT = tps_subject(PILKADA, TPS)


class Written(Outlet):
    """Keeps what it is given, and notes a turn of another lane while Kafka has yet to confirm it."""

    def __init__(self, bench: Bench | None = None) -> None:
        """Note it in ``bench``, if one is given."""
        super().__init__("", client_id="")
        self.records: list[Outgoing] = []
        self._bench = bench

    async def write(self, records: Sequence[Outgoing]) -> None:
        self.records += records
        if self._bench is not None:
            self._bench.register.note(SUBJECT, 1, 9, registered=False)


def a_court(bench: Bench, lane: Lane, outlet: Outlet, register_outlet: Outlet) -> Court:
    async def known() -> None:
        return

    return Court(
        bench,
        outlet,
        Breaker(overridden=False),
        Metrics(CollectorRegistry()),
        desks={submitted(OFFICE, lane): Desk(OFFICE, lane)},
        offices=[OFFICE],
        register_is_known=known,
        register_outlet=register_outlet,
    )


async def test_both_lanes_write_the_register_through_one_outlet_and_lose_no_turn_of_the_other() -> None:
    bench = a_bench(tps=())
    pemilih, hasil, register = Written(), Written(), Written(bench)
    of_results = a_record(a_batch([a_line(a_tps(), sequence=1)]), topic=submitted(OFFICE, "hasil"))
    await a_court(bench, "hasil", hasil, register).handle((of_results,))
    assert [subject for subject, _ in bench.register.unsaved()] == [SUBJECT], "the turn came after what was written"
    of_voters = a_record(a_batch([b"{}"], lane="pemilih"), topic=submitted(OFFICE, "pemilih"))
    await a_court(bench, "pemilih", pemilih, register).handle((of_voters,))
    assert not bench.register.unsaved()
    first, last = (Entry.model_validate_json(record.value) for record in register.records)
    assert ([turn.sequence for turn in first.turns], [turn.sequence for turn in last.turns]) == ([1], [1, 9])
    assert REFERENCE not in {record.topic for record in (*pemilih.records, *hasil.records)}
