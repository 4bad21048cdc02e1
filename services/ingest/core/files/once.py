"""Remembers which numbers a file has named, in twelve bytes for each place of a table that is at most half full."""

from __future__ import annotations

from array import array
from typing import Final

_PLACES_MIN: Final = 1 << 12
_SPREAD: Final = 0x9E3779B97F4A7C15
_BITS: Final = 64
_ALL: Final = (1 << _BITS) - 1


class Once:
    """Numbers from 1 to 2^64 - 1, each with a note of 32 bits from when it was first named.

    A set of four million Python numbers would take more than all that a file may take.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._count = 0
        self._reserve(_PLACES_MIN)

    def first(self, number: int, note: int) -> int:
        """Return the note ``number`` was first named with, or 0 and remember ``note``, when that was never."""
        keys, mask = self._keys, self._mask
        place = (number * _SPREAD & _ALL) >> self._shift
        while found := keys[place]:
            if found == number:
                return self._notes[place]
            place = (place + 1) & mask
        keys[place] = number
        self._notes[place] = note
        self._count += 1
        if self._count * 2 > mask:
            self._grow()
        return 0

    def _reserve(self, places: int) -> None:
        self._keys = array("Q", bytes(8 * places))
        self._notes = array("I", bytes(4 * places))
        self._mask = places - 1
        self._shift = _BITS - self._mask.bit_length()

    def _grow(self) -> None:
        keys, notes = self._keys, self._notes
        self._count = 0
        self._reserve(2 * len(keys))
        for number, note in zip(keys, notes, strict=True):
            if number:
                self.first(number, note)
