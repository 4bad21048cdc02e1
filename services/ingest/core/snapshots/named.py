"""Which versions of voters a file has named: one bit for each, so that a list of four million fits beside all else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_BYTE_BITS: Final = 8


class Named:
    """A set of versions by epoch and sequence, which an office counts without gaps.

    A set of the voters' tokens would take a hundred times the room. A voter whose version is not among them has another
    version by now or was not named.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._epochs: dict[int, bytearray] = {}

    def add(self, versions: Iterable[tuple[int, int]]) -> None:
        """Remember some versions."""
        epochs = self._epochs
        for epoch, sequence in versions:
            at = sequence >> 3
            try:
                epochs[epoch][at] |= 1 << (sequence & 7)
            except (KeyError, IndexError):
                bits = epochs.setdefault(epoch, bytearray())
                # Half as much again, so that the next ones find room.
                bits.extend(bytes(at + at // 2 + _BYTE_BITS - len(bits)))
                bits[at] |= 1 << (sequence & 7)

    def __contains__(self, version: tuple[int, int]) -> bool:
        """Return whether a version was added."""
        epoch, sequence = version
        bits = self._epochs.get(epoch, b"")
        at = sequence >> 3
        return at < len(bits) and bool(bits[at] >> (sequence & 7) & 1)
