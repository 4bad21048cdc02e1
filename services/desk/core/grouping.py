"""One cause, one line, one action: thousands of objections as an operator can work through them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Objection = Mapping[str, Any]


@dataclass(slots=True)
class Cause:
    """Everything that was objected to for one reason."""

    code: str
    lanes: set[str] = field(default_factory=set)
    changes: int = 0
    example: Objection | None = None
    """One finding with this code, for its text."""


def causes_of(groups: Iterable[Objection]) -> list[Cause]:
    """Return one cause for each code, the most frequent first; ``groups`` may name it for several lanes and types."""
    found: dict[str, Cause] = {}
    for group in groups:
        cause = found.setdefault(group["code"], Cause(group["code"]))
        cause.lanes.add(group["lane"])
        cause.changes += group["changes"]
    return sorted(found.values(), key=lambda cause: (-cause.changes, cause.code))
