"""Decides whether the numbering may go on, or has to begin again in a new epoch.

A number must never stand for two changes. What Kafka and the province know of an office's numbering is evidence: where
it is ahead of the ledger, or says something else, the ledger was lost or restored from a backup (FAULTS.md F-106).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Place(NamedTuple):
    """A place in the numbering of a lane."""

    epoch: int
    sequence: int


def may_continue(ours: Place, evidence: Iterable[Place], *, same_tail: bool) -> bool:
    """Return whether the numbering that has come to ``ours`` can go on.

    ``evidence`` are the places that others have seen; ``same_tail`` says whether the newest line in the topic is our
    own line of that number.
    """
    return same_tail and all(place <= ours for place in evidence)


def next_epoch(ours: Place, evidence: Iterable[Place]) -> int:
    """Return an epoch that nobody has used."""
    return max([ours.epoch, *(place.epoch for place in evidence)]) + 1
