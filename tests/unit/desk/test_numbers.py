"""Rows of a list are named as one writes them on paper."""

from __future__ import annotations

import pytest

from services.desk.core.numbers import NUMBERS_MAX, numbers_in


def test_single_rows_and_stretches_are_each_named_once() -> None:
    assert numbers_in("7-9, 1,3,8") == [1, 3, 7, 8, 9]


@pytest.mark.parametrize("written", ["", "0", "3-1", "1-", "a", "1;2", f"1-{NUMBERS_MAX + 1}", "1-9999,20000-29999"])
def test_what_is_no_row_or_too_many_is_not_guessed(written: str) -> None:
    assert numbers_in(written) is None
