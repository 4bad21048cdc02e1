"""When the numbering may go on, and what a receipt says."""

from __future__ import annotations

import pytest

from services.ingest.core.epoch import Place, may_continue, next_epoch
from services.ingest.core.receipt import state_of


@pytest.mark.parametrize("seen", [[], [Place(1, 0)], [Place(1, 7)], [Place(1, 3), Place(1, 7)]])
def test_numbering_goes_on_where_nobody_has_seen_more(seen: list[Place]) -> None:
    assert may_continue(Place(1, 7), seen, same_tail=True)


@pytest.mark.parametrize("seen", [Place(1, 8), Place(2, 0)])
def test_a_file_that_is_behind_begins_a_new_epoch(seen: Place) -> None:
    assert not may_continue(Place(1, 7), [seen], same_tail=True)
    assert next_epoch(Place(1, 7), [seen]) == seen.epoch + 1


def test_another_line_under_our_number_is_a_fork() -> None:
    assert not may_continue(Place(1, 7), [Place(1, 5)], same_tail=False)


@pytest.mark.parametrize(
    ("published", "through", "objection", "state"),
    [
        (4, 0, None, "spooled"),
        (5, 4, None, "published"),
        (5, 5, None, "merged"),
        (5, 4, "held", "held"),
        (5, 5, "held", "held"),
        (5, 5, "rejected", "rejected"),
    ],
)
def test_the_state_follows_from_where_the_change_stands(
    published: int, through: int, objection: str | None, state: str
) -> None:
    assert state_of(5, published=published, through=through, objection=objection) == state  # type: ignore[arg-type]  # one of the two
