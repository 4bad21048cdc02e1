"""Remembers which numbers a file has named, in a dozen bytes for each."""

from __future__ import annotations

from typing import Final

_SPREAD: Final = 0x9E3779B97F4A7C15
"""Odd, so that no two numbers of 64 bits become one when they are multiplied by it."""
_ALL: Final = (1 << 64) - 1
_REST_BITS: Final = 48
"""The upper 16 bits choose one of 65,536 buckets, in which the others stand."""
_REST: Final = (1 << _REST_BITS) - 1
_REST_BYTES: Final = _REST_BITS // 8
_NOTE_BYTES: Final = 4
_ENTRY_BYTES: Final = _REST_BYTES + _NOTE_BYTES


class Once:
    """Numbers from 0 to 2^64 - 1, each with a note of 32 bits, other than 0, from when it was first named.

    A set of four million Python numbers would take more than all that a file may take; a table of places that doubles
    when it is half full takes four times as much as this at its worst.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._buckets: dict[int, bytearray] = {}

    def first(self, number: int, note: int) -> int:
        """Return the note ``number`` was first named with, or 0 and remember ``note``, when that was never."""
        spread = number * _SPREAD & _ALL
        rest = (spread & _REST).to_bytes(_REST_BYTES, "little")
        bucket = self._buckets.get(spread >> _REST_BITS)
        if bucket is None:
            self._buckets[spread >> _REST_BITS] = bytearray(rest + note.to_bytes(_NOTE_BYTES, "little"))
            return 0
        at = bucket.find(rest)
        while at >= 0:
            if at % _ENTRY_BYTES == 0:
                return int.from_bytes(bucket[at + _REST_BYTES : at + _ENTRY_BYTES], "little")
            at = bucket.find(rest, at + 1)
        bucket += rest + note.to_bytes(_NOTE_BYTES, "little")
        return 0
