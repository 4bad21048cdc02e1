"""Green needs a fresh proof; everything else says why and who must act (invariant I12)."""

from __future__ import annotations

from typing import Any

import pytest

from services.gateway.core.colour import Actor, Colour, Evidence, seconds_since, state_of
from tests.unit.gateway.rows import LIMITS, NOW, ago


def evidence(**fields: Any) -> Evidence:
    """Return what is known of a lane that is in step."""
    known = {
        "now": NOW, "heartbeat_time": ago(1), "proven_time": ago(1), "balanced": True,
        "spooled": 0, "waiting": 0, "missing": 0, "conflicts": 0, "parked": 0,
    }  # fmt: skip
    return Evidence(**{**known, **fields})


@pytest.mark.parametrize(
    ("fields", "colour", "code", "actor"),
    [
        ({}, "green", "IN-STEP", "nobody"),
        ({"waiting": 5}, "green", "IN-STEP", "nobody"),
        ({"heartbeat_time": None, "proven_time": None}, "grey", "NEVER-HEARD", "office"),
        ({"balanced": False}, "red", "UNBALANCED", "province"),
        ({"heartbeat_time": ago(-60)}, "amber", "CLOCK-AHEAD", "office"),
        ({"heartbeat_time": ago(60), "proven_time": ago(60)}, "amber", "SILENT", "office"),
        ({"heartbeat_time": ago(600), "proven_time": ago(600)}, "red", "SILENT", "office"),
        ({"proven_time": None}, "red", "BEHIND-PROVINCE", "province"),
        ({"proven_time": ago(60), "missing": 3}, "amber", "NUMBERS-MISSING", "province"),
        ({"proven_time": ago(60), "spooled": 9, "waiting": 2}, "amber", "BEHIND-OFFICE", "office"),
        ({"proven_time": ago(600), "spooled": 2, "waiting": 9}, "red", "BEHIND-PROVINCE", "province"),
        ({"parked": 1}, "amber", "PARKED", "province"),
        ({"conflicts": 1}, "amber", "CONFLICT", "office"),
    ],
)
def test_the_gravest_truth_is_told_with_who_must_act(
    fields: dict[str, Any], colour: str, code: str, actor: str
) -> None:
    state = state_of(evidence(**fields), LIMITS)
    assert (state.colour, state.code, state.actor) == (Colour(colour), code, Actor(actor))
    assert state.alasan
    assert state.reason


@pytest.mark.parametrize("age", [31, 120, 121, 10_000_000])
def test_an_old_proof_is_never_green_whatever_else_is_well(age: float) -> None:
    assert state_of(evidence(proven_time=ago(age)), LIMITS).colour is not Colour.GREEN


def test_a_colour_and_an_actor_have_a_name_in_bahasa() -> None:
    assert {colour.warna for colour in Colour} == {"hijau", "kuning", "merah", "abu-abu"}
    assert {actor.pelaku for actor in Actor} == {"tidak ada", "kantor", "provinsi"}


def test_a_moment_in_the_future_is_no_negative_age() -> None:
    assert seconds_since(NOW, ago(-5)) == 0.0
    assert seconds_since(NOW, None) is None


@pytest.mark.parametrize(("age", "said"), [(45, "45 s"), (150, "2 min"), (9_000, "2 h"), (200_000, "2 days")])
def test_a_reason_speaks_in_the_unit_that_people_use(age: float, said: str) -> None:
    state = state_of(evidence(heartbeat_time=ago(age), proven_time=ago(age)), LIMITS)
    assert said in state.reason
