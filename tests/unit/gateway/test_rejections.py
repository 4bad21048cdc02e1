"""Pages of rejections, and the place that leads from one to the next."""

from __future__ import annotations

import orjson
import pytest

from services.gateway.core.summarise.rejections import page_of, place_from
from tests.builders import a_finding, a_nik
from tests.unit.gateway.rows import NOW, a_rejection_row


def test_a_page_leads_on_only_when_there_is_more() -> None:
    rows = [a_rejection_row(number) for number in (1, 2, 3)]
    assert page_of(rows, 3, None).next is None
    more = page_of(rows, 2, None)
    assert [row.sequence for row in more.rejections] == [1, 2]
    assert more.next is not None
    place = place_from(more.next)
    assert place is not None
    assert (place.received_time, place.sequence, place.skip) == (NOW, 2, 1)


def test_a_place_among_equals_counts_how_many_were_shown() -> None:
    rows = [a_rejection_row(0, id=f"hasil:0:{offset}") for offset in range(5)]
    first = page_of(rows[:3], 2, None)
    place = place_from(first.next or "")
    assert place is not None
    assert place.skip == 2
    second = page_of(rows[2:5], 2, place)
    again = place_from(second.next or "")
    assert again is not None
    assert again.skip == 4


@pytest.mark.parametrize("cursor", ["", "besok", "é", "e30", "!!!!", "eyJza2lwIjowfQ"])
def test_what_is_no_place_is_told_and_raises_nothing(cursor: str) -> None:
    assert place_from(cursor) is None


def test_a_place_never_carries_an_id() -> None:
    rows = [a_rejection_row(1, id=a_nik()), a_rejection_row(2)]
    page = page_of(rows, 1, None)
    assert page.rejections[0].id == "[disamarkan]"
    assert place_from(page.next or "") is not None


def test_findings_are_masked_once_more() -> None:
    finding = a_finding(seen=a_nik()).model_dump(mode="json")
    [row] = page_of([a_rejection_row(findings=orjson.dumps([finding]).decode())], 1, None).rejections
    assert row.findings[0].seen == "[disamarkan]"
