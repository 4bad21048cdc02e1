"""A watched file is pushed when it has stopped growing, and once."""

from __future__ import annotations

from services.desk.core.settled import Seen, settled


def test_a_file_that_grows_is_left_alone() -> None:
    assert settled({"a.csv": Seen(10, 1)}, {"a.csv": Seen(20, 2)}, set()) == []
    assert settled({}, {"a.csv": Seen(20, 2)}, set()) == []


def test_a_file_that_has_stopped_growing_is_ready_and_the_oldest_goes_first() -> None:
    now = {"b.csv": Seen(20, 2), "a.csv": Seen(20, 3)}
    assert settled(now, now, set()) == ["b.csv", "a.csv"]


def test_a_file_is_pushed_once_as_it_is_and_again_when_it_has_changed() -> None:
    now = {"a.csv": Seen(20, 2)}
    assert settled(now, now, {("a.csv", Seen(20, 2))}) == []
    assert settled(now, now, {("a.csv", Seen(19, 1))}) == ["a.csv"]


def test_an_empty_file_has_only_just_begun() -> None:
    now = {"a.csv": Seen(0, 2)}
    assert settled(now, now, set()) == []
