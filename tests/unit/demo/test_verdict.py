from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.demo.evening import Evening
from deploy.demo.feed import Counters
from deploy.demo.position import Position
from deploy.demo.show import Compared, verdict_of

_ROOT = Path(__file__).parents[3]


def test_what_was_fed_and_nothing_else_is_correct() -> None:
    said = verdict_of(Compared([]), Counters(pushed=1_200, taken=1_100, repeated=60, refused=40))

    assert said.splitlines() == [
        "1,200 pushed: 1,100 taken, 60 repeated, 40 refused in this run",
        "CORRECT: the totals equal what was fed, and the books balance.",
    ]
    assert Compared([]).exact


def test_what_was_pushed_by_hand_is_named_and_not_taken_for_the_demos_own() -> None:
    compared = Compared([], ["3279 hasil: 2 more than were fed"])

    said = verdict_of(compared, Counters())

    assert "\nCORRECT" in said
    assert said.splitlines()[-1] == "  3279 hasil: 2 more than were fed"
    assert not compared.exact, "if nobody pushed by hand, something was doubled"


def test_a_difference_is_never_called_correct() -> None:
    compared = Compared(["3279 hasil: held is 3, fed were 2"], ["3272 hasil: 1 more than were fed"])

    said = verdict_of(compared, Counters())

    assert "NOT CORRECT, 1 differences:\n  3279 hasil: held is 3, fed were 2" in said
    assert "\nCORRECT" not in said
    assert not compared.exact


def _demo(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.demo", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=_ROOT)  # noqa: S603


def test_a_folder_with_another_demo_is_refused_before_anything_is_started(tmp_path: Path) -> None:
    Position(tmp_path / "fed.json", Evening(share=0.1, voters=20_000).name).reach("3279", "hasil", 7)

    ended = _demo("--folder", str(tmp_path), "--scale", "0.2", "--voters", "20000")

    assert ended.returncode == 1
    assert "SCALE=0.1 VOTERS=20000" in ended.stderr
    assert "starting" not in ended.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["fed.json"]


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--scale", "0", "more than 0, at most 1"),
        ("--scale", "2", "more than 0, at most 1"),
        ("--scale", "nan", "more than 0, at most 1"),
        ("--voters", "-5", "0 or more"),
        ("--pace", "-1", "seconds from 0"),
        ("--pace", "inf", "seconds from 0"),
    ],
)
def test_an_option_out_of_range_is_answered_with_what_was_expected(
    tmp_path: Path, option: str, value: str, expected: str
) -> None:
    ended = _demo("--folder", str(tmp_path), f"{option}={value}")

    assert ended.returncode == 2
    assert f"seen: {value}; expected: {expected}" in ended.stderr
