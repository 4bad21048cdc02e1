"""What becomes of a case when its contradiction is looked for again (decision 0012)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    DECIDED = "decided"
    """A person has said what it means; the contradiction is still there."""
    CLOSED = "closed"
    """The contradiction is gone."""


class Action(StrEnum):
    """What examining a case does to it; each is a line of its trail."""

    OPENED = "opened"
    CHANGED = "changed"
    REOPENED = "reopened"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What records say against one another; never anything of a person."""

    about: str
    offices: tuple[str, ...]
    seen: str
    expected: str
    evidence: str
    """JSON with sorted keys."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it is stored, with the contradiction it was last seen with."""

    state: State
    last: Contradiction


def examine(stored: Case | None, found: Contradiction | None) -> Action | None:
    """Return what to do with a case when ``found`` is what the records say now.

    Doing it again with the same ``found`` does nothing. A decision holds for what was decided: a contradiction that
    has changed since is open again.
    """
    if found is None:
        return None if stored is None or stored.state is State.CLOSED else Action.CLOSED
    if stored is None:
        return Action.OPENED
    if stored.state is State.CLOSED:
        return Action.REOPENED
    return None if stored.last == found else Action.CHANGED


def after(stored: Case | None, found: Contradiction | None) -> Case | None:
    """Return the case after :func:`examine`: closed it keeps what it was last seen with."""
    match examine(stored, found):
        case None:
            return stored
        case Action.CLOSED:
            assert stored is not None, "nothing to close"
            return Case(State.CLOSED, stored.last)
        case _:
            assert found is not None, "only what was found is open"
            return Case(State.OPEN, found)
