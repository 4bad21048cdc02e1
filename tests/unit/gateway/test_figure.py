"""A figure says how far it is known."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from services.gateway.core.figure import Coverage, Figure, FigureStatus, newest, status_of
from tests.unit.gateway.rows import NOW, ago


@pytest.mark.parametrize(
    ("reported", "expected", "waiting", "status"),
    [
        (0, 3, 0, "kosong"),
        (0, None, 0, "kosong"),
        (1, 3, 0, "sementara"),
        (1, 3, 1, "sementara"),
        (3, 3, 0, "lengkap"),
        (2, 3, 1, "diperiksa"),
        (0, 1, 1, "diperiksa"),
        (4, 3, 0, "diperiksa"),
        (5, None, 0, "sementara"),
        (None, None, 0, "sementara"),
        (None, 1, 0, "sementara"),
        (None, 1, 1, "diperiksa"),
    ],
)
def test_complete_is_said_only_when_it_is_known(
    reported: int | None, expected: int | None, waiting: int, status: str
) -> None:
    assert status_of(reported, expected, waiting) == FigureStatus(status)


def test_a_sum_of_nothing_is_null_and_not_zero() -> None:
    assert Coverage(reported=0, expected=3, as_of=None).figure(0).value is None


def test_a_zero_that_was_reported_stays_zero() -> None:
    assert Coverage(reported=1, expected=1, as_of=NOW).figure(0).value == 0


def test_a_number_that_nothing_stands_behind_cannot_be_built() -> None:
    with pytest.raises(ValidationError, match="nothing stands behind"):
        Figure(value=7, reported=0, expected=1, held=0, conflict=0, status=FigureStatus.KOSONG, as_of=None)


def test_a_status_that_the_coverage_does_not_bear_cannot_be_built() -> None:
    with pytest.raises(ValidationError):
        Figure(value=7, reported=1, expected=2, held=0, conflict=0, status=FigureStatus.LENGKAP, as_of=None)


def test_the_newest_moment_is_found_among_unknown_ones() -> None:
    assert newest([None, ago(5), NOW, None]) == NOW
    assert newest([None]) is None
