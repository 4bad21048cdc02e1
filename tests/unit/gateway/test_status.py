"""Books and proofs of offices."""

from __future__ import annotations

from typing import Any

import pytest

from services.gateway.core.colour import Colour
from services.gateway.core.neraca import neraca_of, together
from services.gateway.core.summarise.office import office_of
from services.gateway.core.summarise.status import proven_time, status_of
from tests.builders import OFFICE
from tests.unit.gateway.rows import LIMITS, NOW, a_status_row, ago


def test_the_books_balance_when_outcomes_add_up_to_the_numbers_seen() -> None:
    books = neraca_of(a_status_row(numbered=12))
    assert books.balanced
    assert books.in_flight == 2
    assert books.submitted == books.accepted + books.held + books.rejected + books.in_flight


@pytest.mark.parametrize("broken", [{"accepted": 9}, {"rejected": 0}, {"applied": 6}, {"seen": 9}, {"conflict": 1}])
def test_books_that_do_not_add_up_are_told_and_red(broken: dict[str, int]) -> None:
    assert not neraca_of(a_status_row(**broken)).balanced
    status = status_of([a_status_row(**broken)], LIMITS, {}).status
    assert status.offices[0].lanes[0].state.colour is Colour.RED
    assert not status.neraca["hasil"].balanced


def test_the_books_together_balance_only_when_each_does() -> None:
    sound, broken = neraca_of(a_status_row()), neraca_of(a_status_row(rejected=0))
    assert together([sound, sound]).balanced
    assert together([sound, sound]).submitted == 2 * sound.submitted
    assert not together([sound, broken]).balanced


@pytest.mark.parametrize(
    ("columns", "proven"),
    [
        ({}, ago(1)),
        ({"in_step": False}, ago(5)),
        ({"in_step": False, "missing": 2}, None),
        ({"heartbeat_time": None}, None),
        ({"heartbeat_time": ago(-50)}, NOW),
    ],
)
def test_a_proof_reaches_as_far_as_the_numbers_do(columns: dict[str, Any], proven: object) -> None:
    assert proven_time(a_status_row(**columns), None) == proven


def test_what_was_proven_stays_proven_while_a_burst_is_under_way() -> None:
    calm = status_of([a_status_row(heartbeat_time=ago(2))], LIMITS, {})
    burst = a_status_row(in_step=False, numbered=500, event_time=ago(3600))
    later = status_of([burst], LIMITS, calm.proofs)
    lane = later.status.offices[0].lanes[0]
    assert lane.proven_time == ago(2)
    assert lane.state.colour is Colour.GREEN
    assert lane.seconds_behind == 2.0


def test_what_waits_at_the_office_is_told_apart_from_what_waits_on_kafka() -> None:
    row = a_status_row(in_step=False, numbered=20, stamped=20, published=14)
    lane = status_of([row], LIMITS, {}).status.offices[0].lanes[0]
    assert (lane.queue.office, lane.queue.province) == (6, 4)
    assert lane.queue.office + lane.queue.province == lane.neraca.in_flight


def test_every_office_stands_once_with_its_lanes_and_the_colours_are_counted() -> None:
    silent = a_status_row(lane="pemilih", heartbeat_time=None, event_time=None)
    other = a_status_row(office="3279", nama="KOTA BANJAR")
    rows = [a_status_row(office="32", nama="JAWA BARAT"), {**silent, "office": "32"}, other]
    status = status_of(rows, LIMITS, {}).status
    assert [(office.office, len(office.lanes)) for office in status.offices] == [("32", 2), ("3279", 1)]
    assert (status.province, status.nama, status.as_of) == ("32", "JAWA BARAT", NOW)
    assert (status.colours.green, status.colours.grey) == (2, 1)


def test_one_office_in_detail_keeps_the_moment_of_its_status() -> None:
    status = status_of([a_status_row()], LIMITS, {}).status
    hole = {"lane": "hasil", "epoch": 1, "first": 3, "last": 4}
    detail = office_of(status, epochs=[], holes=[hole], rejected=[], held=[])
    assert (detail.office, detail.as_of, detail.holes[0].last) == (OFFICE, NOW, 4)
