"""The law of the merge: any order, any split, any repetition ends in the same state (I3, I4)."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from services.sync.core.merge import Outcome, Stored, Version, fingerprint, judge, merge, version_number
from services.sync.core.stretches import Stretches

versions = st.builds(
    Version,
    number=st.builds(version_number, st.integers(1, 3), st.integers(1, 4)),
    digest=st.sampled_from(["a", "b", "c"]),
)
histories = st.lists(versions, min_size=1, max_size=12)


def replay(history: Sequence[Version]) -> str:
    stored: Stored | None = None
    for version in history:
        stored = merge(stored, version)
    assert stored is not None
    return fingerprint(stored)


@given(histories, st.randoms())
def test_any_order_ends_in_the_same_record(history: list[Version], chance: random.Random) -> None:
    shuffled = history.copy()
    chance.shuffle(shuffled)
    assert replay(shuffled) == replay(history)


@given(histories)
def test_a_history_seen_twice_changes_nothing(history: list[Version]) -> None:
    assert replay([*history, *history]) == replay(history)


@given(histories)
def test_a_version_never_goes_back(history: list[Version]) -> None:
    stored: Stored | None = None
    for version in history:
        before = stored.version.number if stored is not None else 0
        stored = merge(stored, version)
        assert stored.version.number >= before


@given(st.builds(version_number, st.integers(1, 2**31 - 2), st.integers(1, 2**32 - 1)))
def test_a_later_epoch_wins_over_any_revision(number: int) -> None:
    epoch = number >> 32
    assert version_number(epoch + 1, 1) > number
    assert number < 2**63


def test_two_contents_of_one_version_are_a_conflict_whichever_comes_first() -> None:
    one, other = Version(version_number(1, 1), "a"), Version(version_number(1, 1), "b")
    assert judge(Stored(one), other) is Outcome.CONFLICT
    assert judge(Stored(other), one) is Outcome.CONFLICT
    assert replay([one, other]) == replay([other, one])


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 12)), max_size=20))
def test_stretches_hold_exactly_the_numbers_they_were_given(given_stretches: list[tuple[int, int]]) -> None:
    kept, plain = Stretches(), set[int]()
    for start, length in given_stretches:
        numbers = set(range(start, start + length))
        assert kept.missing(start, start + length) == len(numbers - plain)
        kept.add(start, start + length)
        plain |= numbers
    assert len(kept) == len(plain)
    assert {number for number in range(80) if number in kept} == plain
    assert all(end < start for (_, end), (start, _) in zip(kept.pairs(), kept.pairs()[1:], strict=False))
    through = kept.through()
    assert set(range(1, through + 1)) <= plain
    assert through + 1 not in plain
