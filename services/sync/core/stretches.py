"""Which numbers of an office's sequence have been seen: stretches that do not touch one another."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class Stretches:
    """A set of whole numbers, kept as sorted half-open stretches ``[start, end)``."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, stretches: Iterable[tuple[int, int]] = ()) -> None:
        """Start with ``stretches``, in any order."""
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(stretches):
            self.add(start, end)

    def __contains__(self, number: int) -> bool:
        """Return whether ``number`` has been seen."""
        place = bisect_right(self._starts, number) - 1
        return place >= 0 and number < self._ends[place]

    def __len__(self) -> int:
        """Return how many numbers have been seen."""
        return sum(self._ends) - sum(self._starts)

    def overlaps(self, start: int, end: int) -> bool:
        """Return whether any number of ``[start, end)`` has been seen."""
        place = bisect_right(self._ends, start)
        return place < len(self._starts) and self._starts[place] < end

    def missing(self, start: int, end: int) -> int:
        """Return how many numbers of ``[start, end)`` have not been seen."""
        seen = sum(
            max(0, min(end, stretch_end) - max(start, stretch_start))
            for stretch_start, stretch_end in zip(self._starts, self._ends, strict=True)
        )
        return end - start - seen

    def add(self, start: int, end: int) -> None:
        """Count every number of ``[start, end)`` as seen."""
        assert start < end, "an empty stretch covers nothing"
        left, right = bisect_left(self._ends, start), bisect_right(self._starts, end)
        if left < right:
            start, end = min(start, self._starts[left]), max(end, self._ends[right - 1])
        self._starts[left:right] = [start]
        self._ends[left:right] = [end]

    def pairs(self) -> list[tuple[int, int]]:
        """Return the stretches in order."""
        return list(zip(self._starts, self._ends, strict=True))

    def through(self) -> int:
        """Return the last number before the first hole, or 0 when number 1 has not been seen."""
        return self._ends[0] - 1 if self._starts and self._starts[0] == 1 else 0
