"""The register of TPS: which TPS stood in it before which change of its office (decision 0005).

An entry is a short history of turns: registered at one number of the office's numbering, taken out at
another. A question therefore has the same answer whenever it is asked, and a batch that is judged again
after a crash is judged as it was judged before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from contracts.envelope import EPOCH_MAX, SEQUENCE_MAX, ClosedModel

TURNS_MAX: Final = 8
"""Older turns are forgotten: nothing is judged again that lies so far back."""

_SEQUENCE_BITS: Final = 53


class Turn(ClosedModel):
    """A TPS was registered or taken out by one change of its office."""

    epoch: Annotated[int, Field(ge=1, le=EPOCH_MAX)]
    sequence: Annotated[int, Field(ge=1, le=SEQUENCE_MAX)]
    registered: bool


class Entry(ClosedModel):
    """What stands in the topic ``reference`` under the subject of a TPS."""

    contract: Literal[1] = 1
    turns: Annotated[list[Turn], Field(max_length=TURNS_MAX)]


class Register:
    """Every TPS that an office has set up, with its turns."""

    __slots__ = ("_turns", "_unsaved")

    def __init__(self) -> None:
        """Start with none."""
        # Per subject, in order: the position of each turn, negative where the TPS was taken out. A quarter of a
        # million TPS stand here, so an entry is one small tuple of numbers.
        self._turns: dict[str, tuple[int, ...]] = {}
        self._unsaved: dict[str, None] = {}

    def __len__(self) -> int:
        """Return how many TPS have an entry."""
        return len(self._turns)

    def knows(self, subject: str, epoch: int, sequence: int) -> bool:
        """Return whether a TPS stood in the register just before that change of its office."""
        position = _position(epoch, sequence)
        registered = False
        for turn in self._turns.get(subject, ()):
            if abs(turn) >= position:
                break
            registered = turn > 0
        return registered

    def note(self, subject: str, epoch: int, sequence: int, *, registered: bool) -> None:
        """Take a turn that an office has just made; it is unsaved until :meth:`saved` says otherwise."""
        position = _position(epoch, sequence)
        if self._add(subject, (position if registered else -position,)):
            self._unsaved[subject] = None

    def learn(self, subject: str, value: bytes | None) -> bool:
        """Take what stands in the topic under ``subject``; return whether it could be read.

        Turns are only ever added, so reading late, twice or in any order ends in the same register.
        """
        if value is None:
            self._turns.pop(subject, None)
            return True
        try:
            entry = Entry.model_validate_json(value)
        except ValidationError:
            return False
        self._add(
            subject,
            (_position(turn.epoch, turn.sequence) * (1 if turn.registered else -1) for turn in entry.turns),
        )
        return True

    def unsaved(self) -> list[tuple[str, bytes]]:
        """Return the entries that the topic does not hold yet."""
        return [(subject, self._entry(subject)) for subject in self._unsaved if subject in self._turns]

    def saved(self, subjects: Iterable[str]) -> None:
        """Note that Kafka has confirmed the entries of ``subjects``."""
        for subject in subjects:
            self._unsaved.pop(subject, None)

    def _add(self, subject: str, turns: Iterable[int]) -> bool:
        known = self._turns.get(subject, ())
        fresh = set(turns).difference(known)
        if not fresh:
            return False
        self._turns[subject] = tuple(sorted((*known, *fresh), key=abs)[-TURNS_MAX:])
        return True

    def _entry(self, subject: str) -> bytes:
        turns = [
            Turn(epoch=abs(turn) >> _SEQUENCE_BITS, sequence=abs(turn) & SEQUENCE_MAX, registered=turn > 0)
            for turn in self._turns[subject]
        ]
        return Entry(turns=turns).model_dump_json().encode()


def _position(epoch: int, sequence: int) -> int:
    return epoch << _SEQUENCE_BITS | sequence
