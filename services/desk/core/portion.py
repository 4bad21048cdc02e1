"""Cuts a file of changes into portions that a bad link can carry, and knows which line each change stands on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

CHANGES_MAX: Final = 2_000
"""In one request: two seconds of work at most, so that a link that breaks costs two seconds."""
BYTES_MAX: Final = 2 * 1024 * 1024
"""In one request, before compression: a minute at 300 kbit/s, within the minute that ingest waits for a body."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Some lines of a file, sent in one request."""

    body: bytes
    lines: tuple[int, ...]
    """Number of the line that each change stands on, from 1: the place of a change in the request tells it."""
    end_bytes: int
    """Where in the file the portion ends: a push that goes on begins there …"""
    end_line: int
    """… with the line after this one."""


def portions(
    lines: Iterable[bytes],
    *,
    begin_bytes: int = 0,
    begin_line: int = 0,
    changes_max: int = CHANGES_MAX,
    bytes_max: int = BYTES_MAX,
) -> Iterator[Portion]:
    """Yield the portions of ``lines``, which keep their line ends and begin at ``begin_bytes``.

    A line that is larger than ``bytes_max`` travels alone: whether it is too large is for ingest to say.
    """
    held: list[bytes] = []
    numbers: list[int] = []
    held_bytes = 0
    position, number = begin_bytes, begin_line
    for line in lines:
        if held and (len(held) >= changes_max or held_bytes + len(line) > bytes_max):
            yield Portion(b"".join(held), tuple(numbers), position, number)
            held, numbers, held_bytes = [], [], 0
        position += len(line)
        number += 1
        # An empty line is no change: ingest does not count it either.
        if line.strip():
            held.append(line)
            numbers.append(number)
            held_bytes += len(line)
    if held:
        yield Portion(b"".join(held), tuple(numbers), position, number)
