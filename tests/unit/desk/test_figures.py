"""Figures as operators write them."""

from __future__ import annotations

import time

import pytest

from services.desk.core.figures import Language, count, duration, moment, share, size


@pytest.mark.parametrize(("language", "written"), [("id", "35.714.901"), ("en", "35,714,901")])
def test_a_count_has_its_thousands_apart(language: Language, written: str) -> None:
    assert count(35_714_901, language) == written


def test_what_is_not_known_is_no_zero() -> None:
    assert count(None, "id") == "\N{EN DASH}" != count(0, "id")
    assert duration(None, "id") == "\N{EN DASH}"
    assert share(None, "id") == "\N{EN DASH}"


def test_a_share_is_a_hundred_percent_only_of_all_of_it() -> None:
    assert share(0.99999, "id") == "99,9 %"
    assert share(1.0, "id") == "100,0 %"
    assert share(0.125, "en") == "12.5 %"


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0,0 detik"),
        (0.42, "0,4 detik"),
        (59, "59 detik"),
        (60, "1 menit"),
        (95, "1 menit 35 detik"),
        (7_260, "2 jam 1 menit"),
        (176_400, "2 hari 1 jam"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds: float, written: str) -> None:
    assert duration(seconds, "id") == written


@pytest.mark.parametrize(
    ("size_bytes", "written"), [(0, "0 B"), (1_023, "1023 B"), (1_536, "1,5 KiB"), (3 << 30, "3,0 GiB")]
)
def test_a_size_has_the_largest_unit_that_fits(size_bytes: int, written: str) -> None:
    assert size(size_bytes, "id") == written


def test_a_moment_is_shown_as_on_the_wall_of_the_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Jakarta")
    time.tzset()
    try:
        assert moment("2026-11-25T09:31:54.107Z") == "2026-11-25 16:31:54"
        assert moment(None) == "\N{EN DASH}"
    finally:
        monkeypatch.undo()
        time.tzset()
