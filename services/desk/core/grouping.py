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
    newest_time: str = ""
    example: Objection | None = None
    """One finding with this code, for its text."""


def causes_of(groups: Iterable[Objection]) -> list[Cause]:
    """Return one cause for each code in ``groups``, which may name it once for each lane; the most frequent first."""
    found: dict[str, Cause] = {}
    for group in groups:
        cause = found.setdefault(group["code"], Cause(group["code"]))
        cause.lanes.add(group["lane"])
        cause.changes += group["changes"]
        cause.newest_time = max(cause.newest_time, group.get("newest_time") or "")
    return sorted(found.values(), key=lambda cause: (-cause.changes, cause.code))
