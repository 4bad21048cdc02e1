"""Whatever stands behind a figure, it never claims more than that."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.gateway.core.figure import Coverage, FigureStatus

counts = st.integers(0, 1000)
known_or_not = st.none() | counts


@given(st.none() | st.integers(0, 10**9), known_or_not, known_or_not, counts, counts)
def test_a_figure_can_be_made_of_everything_and_never_says_complete_without_cause(
    value: int | None, reported: int | None, expected: int | None, held: int, conflict: int
) -> None:
    made = Coverage(reported=reported, expected=expected, as_of=None, held=held, conflict=conflict).figure(value)
    if made.status is FigureStatus.LENGKAP:
        assert made.reported == made.expected != 0
        assert made.held == made.conflict == 0
    if made.value is not None:
        assert made.value == value
        assert made.reported != 0
        assert made.status is not FigureStatus.KOSONG


@given(st.integers(0, 10**9), counts, counts)
def test_one_more_report_never_turns_a_partial_figure_into_nothing(value: int, reported: int, expected: int) -> None:
    more = Coverage(reported=reported + 1, expected=expected, as_of=None).figure(value)
    assert more.status is not FigureStatus.KOSONG
    assert more.value == value
