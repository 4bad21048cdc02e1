"""The law of the merge in plain Python; ``sql/merge_*.sql`` obeys it and is tested against it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a change that was not rejected: exactly one of these (invariant I1)."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    STALE = "stale"
    CONFLICT = "conflict"
    PARKED = "parked"
    """The store could not take it as it stands; it waits alone, its neighbours went on."""


@dataclass(frozen=True, slots=True)
class Version:
    """One statement about a record: where it stands in the order, and what it says."""

    number: int
    """``(epoch << 32) | revision``."""
    digest: str
    held: bool = False
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """The current row of a record."""

    version: Version
    conflicted: bool = False


def version_number(epoch: int, revision: int) -> int:
    """Return the number that orders statements about one record: a later epoch wins over any revision."""
    return epoch << 32 | revision


def judge(stored: Stored | None, incoming: Version) -> Outcome:
    """Decide what ``incoming`` does to what is stored.

    A higher version replaces. One version with two contents is a conflict that a person must settle:
    it is reported and never applied (decision 0003).
    """
    if stored is None or incoming.number > stored.version.number:
        return Outcome.APPLIED
    if incoming.number < stored.version.number:
        return Outcome.STALE
    if incoming.digest == stored.version.digest:
        return Outcome.DUPLICATE
    return Outcome.CONFLICT


def merge(stored: Stored | None, incoming: Version) -> Stored:
    """Return the row after ``incoming``: doing it twice, or in another order, ends in the same state."""
    match judge(stored, incoming):
        case Outcome.APPLIED:
            return Stored(incoming)
        case Outcome.CONFLICT:
            assert stored is not None, "nothing stored, nothing to conflict with"
            return Stored(stored.version, conflicted=True)
        case _:
            assert stored is not None, "only what is stored can be repeated or overtaken"
            return stored


def fingerprint(stored: Stored) -> str:
    """Return what the state hash knows of a row: a conflict names no content, for none was chosen."""
    if stored.conflicted:
        return f"{stored.version.number}/conflict"
    return f"{stored.version.number}/{stored.version.digest}"
