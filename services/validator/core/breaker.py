"""The circuit breaker: a storm of rejections across offices stops the judging (DESIGN.md 5; FAULTS.md, F-501).

One office with a broken export is that office's trouble. When most of what most offices send is rejected by
our rules, the fault is ours: a rule, a list of candidates, a key. Then nothing more is settled until a person
has looked, because a number that was rejected stays rejected.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

OFFICES_MIN: Final = 3
"""Fewer offices may be wrong at the same time without it being our doing."""
LINES_MIN: Final = 50
"""An office with fewer lines says nothing about a rule."""
SHARE: Final = Fraction(60, 100)
"""Of its lines; real forms break a quarter of all rules and are held or flagged for it, not rejected."""
LINES_REMEMBERED: Final = 2_000
"""Per office: two records. Then its tally is halved, so that yesterday's good lines hide nothing."""


@dataclass(slots=True)
class _Tally:
    judged: int = 0
    stormy: int = 0

    @property
    def speaks(self) -> bool:
        return self.judged >= LINES_MIN

    @property
    def storms(self) -> bool:
        return self.speaks and self.stormy > SHARE * self.judged


class Breaker:
    """Counts, per office, how many lines our rules reject."""

    def __init__(self, *, overridden: bool = False) -> None:
        """Start closed; ``overridden`` is a person's word that the rejections are right."""
        self._overridden = overridden
        self._tallies: dict[str, _Tally] = {}
        self._storming: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether judging must stop. Nothing but a restart closes it again."""
        return bool(self._storming)

    @property
    def storming(self) -> tuple[str, ...]:
        """The offices for whose storm it opened."""
        return self._storming

    def count(self, office: str, *, judged: int, stormy: int) -> None:
        """Count the lines of one record.

        It opens when at least :data:`OFFICES_MIN` offices storm, and they are more than half of those that
        have sent enough to say anything.
        """
        tally = self._tallies.setdefault(office, _Tally())
        tally.judged += judged
        tally.stormy += stormy
        if tally.judged > LINES_REMEMBERED:
            tally.judged //= 2
            tally.stormy //= 2
        if self._overridden or self.is_open:
            return
        speaking = sum(tally.speaks for tally in self._tallies.values())
        storming = tuple(sorted(office for office, tally in self._tallies.items() if tally.storms))
        if len(storming) >= OFFICES_MIN and 2 * len(storming) > speaking:
            self._storming = storming
