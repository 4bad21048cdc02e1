"""The plan: what every office pushes in the course of the evening, in which order, and what is to become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from contracts.identifiers import Lane


class Fate(StrEnum):
    """What is to become of one thing pushed."""

    ACCEPTED = "accepted"
    HELD = "held"
    REJECTED = "rejected"
    """By the validator, after ingest has taken it."""
    REPEATED = "repeated"
    """Ingest has it already: the answer says so and nothing else happens."""
    REFUSED = "refused"
    """By ingest, with an error item in its answer; the province never hears of it."""


@dataclass(frozen=True, slots=True)
class Push:
    """One change, or one file, on its way from an office to its ingest."""

    body: bytes
    """One line, or the content of the file."""
    fate: Fate | None = None
    """``None`` when only the validator will know, as with real files."""
    id: str = ""
    code: str = ""
    """Of the refusal, when it is to be refused."""
    mends: str = ""
    """Id of a change whose rejection the office has to hear of before it says the same again: until then ingest
    rightly takes the second for a repetition of the first."""
    nama: str = ""
    """Name of the file; empty for a change."""
    kontes: str = ""
    """What the file is about, where its folder tells."""


class Script(Protocol):
    """Everything that one office pushes in one lane, in order."""

    def __len__(self) -> int:
        """Return how many pushes there are."""

    def due(self, nth: int) -> float:
        """Return when a push is due, as a share of the evening; below 0 for what comes before it. Never decreasing."""

    def push(self, nth: int) -> Push:
        """Return a push, made when it is asked for; the same each time."""


class Plan(Protocol):
    """What all offices push."""

    @property
    def name(self) -> str:
        """What tells this plan from any other, its size included."""

    @property
    def scripts(self) -> Mapping[tuple[str, Lane], Script]:
        """The script of every office and lane that has anything to push."""
