"""Reads which rows of a list an operator means: ``1,3,7-12``."""

from __future__ import annotations

import re
from typing import Final

NUMBERS_MAX: Final = 10_000
"""What ingest takes in one decision."""

_WRITTEN: Final = re.compile(r"([1-9][0-9]{0,8})(?:-([1-9][0-9]{0,8}))?")


def numbers_in(written: str) -> list[int] | None:
    """Return the numbers in ascending order, each once; ``None`` when these are none, or too many to be meant."""
    numbers: set[int] = set()
    for part in written.replace(" ", "").split(","):
        match = _WRITTEN.fullmatch(part)
        if match is None:
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or last - first >= NUMBERS_MAX:
            return None
        numbers.update(range(first, last + 1))
        if len(numbers) > NUMBERS_MAX:
            return None
    return sorted(numbers)
