"""Chance that is the same every time: bytes drawn for a key, so that anything can be made again from its name alone."""

from __future__ import annotations

import hashlib


def draw(key: str) -> bytes:
    """Return 64 bytes that stand for ``key``: as good as dice, and a microsecond to get."""
    return hashlib.blake2b(key.encode()).digest()


def between(byte: int, low: int, high: int) -> int:
    """Return a whole number from ``low`` to ``high``, both included, for one byte."""
    return low + byte * (high - low + 1) // 256


def pair(drawn: bytes, nth: int) -> int:
    """Return two bytes of ``drawn`` as a number below 65,536."""
    return drawn[nth] << 8 | drawn[nth + 1]
