"""How far a push has come: its last number in each lane beside what that lane has reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Standing = Literal["spooled", "published", "merged", "nothing", "unknown"]


def standing_of(push: Mapping[str, Any], lanes: Mapping[str, Mapping[str, Any]]) -> Standing:
    """Return how far all of ``push`` has come; ``lanes`` is where the lanes of the office stand now.

    Numbers of another epoch say nothing about where the push is: then it is unknown, and a receipt by id tells.
    """
    last = {lane: number for lane, number in (push.get("last") or {}).items() if number is not None}
    if not last:
        return "nothing"
    epochs = push.get("epochs") or {}
    if any(lanes[lane]["epoch"] != epochs.get(lane) for lane in last):
        return "unknown"
    if any(number > lanes[lane]["published"] for lane, number in last.items()):
        return "spooled"
    if any(number > lanes[lane]["merged_through"] for lane, number in last.items()):
        return "published"
    return "merged"
