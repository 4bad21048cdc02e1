"""Which records a file has named: twelve bytes each, so that a list of four million fits beside everything else."""

from __future__ import annotations

from typing import Final

_PREFIX: Final = 2
_REST: Final = 10
"""Ninety-six bits in all: that any two of four million voters have them in common is one chance in 10^16."""
_USED: Final = _PREFIX + _REST


class Seen:
    """A set of keys of sixteen bytes; keys are spread evenly, as tokens and hashes are.

    A set of Python objects would take five times the room.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._buckets: dict[bytes, bytearray] = {}
        self.count = 0

    def add(self, key: bytes) -> bool:
        """Remember ``key``; return whether it is new."""
        bucket = self._buckets.get(key[:_PREFIX])
        rest = key[_PREFIX:_USED]
        if bucket is None:
            self._buckets[key[:_PREFIX]] = bytearray(rest)
        elif _stands_in(bucket, rest):
            return False
        else:
            bucket += rest
        self.count += 1
        return True

    def __contains__(self, key: bytes) -> bool:
        """Return whether ``key`` was added."""
        bucket = self._buckets.get(key[:_PREFIX])
        return bucket is not None and _stands_in(bucket, key[_PREFIX:_USED])


def _stands_in(bucket: bytearray, rest: bytes) -> bool:
    at = bucket.find(rest)
    while at % _REST and at >= 0:
        at = bucket.find(rest, at + 1)
    return at >= 0
