"""How far a push has come."""

from __future__ import annotations

from typing import Any

import pytest

from services.desk.core.standing import standing_of


def lanes(published: int, merged: int, epoch: int = 1) -> dict[str, Any]:
    return {lane: {"epoch": epoch, "published": published, "merged_through": merged} for lane in ("hasil", "pemilih")}


PUSH = {"last": {"hasil": 10, "pemilih": None}, "epochs": {"hasil": 1, "pemilih": 1}}


@pytest.mark.parametrize(
    ("published", "merged", "standing"), [(9, 9, "spooled"), (10, 9, "published"), (12, 10, "merged")]
)
def test_a_push_is_as_far_as_its_last_number(published: int, merged: int, standing: str) -> None:
    assert standing_of(PUSH, lanes(published, merged)) == standing


def test_a_push_of_two_lanes_is_as_far_as_the_slower_one() -> None:
    push = {"last": {"hasil": 10, "pemilih": 99}, "epochs": {"hasil": 1, "pemilih": 1}}
    assert standing_of(push, lanes(50, 20)) == "spooled"


def test_numbers_of_another_epoch_say_nothing() -> None:
    assert standing_of(PUSH, lanes(50, 20, epoch=2)) == "unknown"


def test_a_push_without_anything_new_has_no_number() -> None:
    assert standing_of({"last": {"hasil": None}, "epochs": {}}, lanes(0, 0)) == "nothing"
