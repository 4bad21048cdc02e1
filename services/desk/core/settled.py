"""Which files of a watched folder are ready: those that have stopped growing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was seen: other content is another size or another time."""

    size_bytes: int
    changed_ns: int


def settled(before: Mapping[str, Seen], now: Mapping[str, Seen], done: Collection[tuple[str, Seen]]) -> list[str]:
    """Return the names that look as they did a moment ago and were not pushed as they are, the oldest first.

    An empty file is not ready: whoever writes it has only just begun.
    """
    ready = [
        name for name, seen in now.items() if seen.size_bytes and before.get(name) == seen and (name, seen) not in done
    ]
    return sorted(ready, key=lambda name: (now[name].changed_ns, name))
