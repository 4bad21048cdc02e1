"""How far the feeding has come, in one file: a demo that is stopped and started again goes on from there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import orjson

from contracts.identifiers import Lane

_UNEXPECTED_MAX: Final = 100
"""So many surprises are kept in words; the rest are counted."""


class OtherPlanError(RuntimeError):
    """The folder holds a demo that was fed something else."""


class Position:
    """Where every office stands in its scripts, what its files were answered, and what went otherwise than planned."""

    def __init__(self, file: Path, plan: str) -> None:
        """Go on from ``file``, if it is there.

        Raises:
            OtherPlanError: it is the position in another plan: what was fed then would be taken for this.
        """
        self._file, self._plan = file, plan
        self._reached: dict[str, int] = {}
        self.answers: dict[str, dict[str, str]] = {}
        """By file: the ``id`` under which it was taken and whether it was ``repeated``, or the ``code`` of refusal."""
        self.unexpected: list[str] = []
        self.unexpected_count = 0
        if not file.exists():
            return
        kept: dict[str, Any] = orjson.loads(file.read_bytes())
        if kept["plan"] != plan:
            message = (
                f"{file.parent} holds a demo of {kept['plan']}, not of {plan}. "
                "Go on with the same, choose another data folder, or remove that one."
            )
            raise OtherPlanError(message)
        self._reached, self.answers = kept["reached"], kept["answers"]
        self.unexpected, self.unexpected_count = kept["unexpected"], kept["unexpected_count"]

    def of(self, office: str, lane: Lane) -> int:
        """Return how many pushes of a script are answered."""
        return self._reached.get(f"{office}/{lane}", 0)

    def reach(self, office: str, lane: Lane, nth: int) -> None:
        """Remember that the first ``nth`` pushes of a script are answered."""
        self._reached[f"{office}/{lane}"] = nth
        self._save()

    def wonder(self, what: str) -> None:
        """Remember something that was not planned; saved with the position."""
        self.unexpected_count += 1
        if len(self.unexpected) < _UNEXPECTED_MAX:
            self.unexpected.append(what)

    def _save(self) -> None:
        # Replaced as a whole, so that a crash leaves the one before. No fsync: an older position only repeats.
        written = self._file.with_suffix(".new")
        written.write_bytes(
            orjson.dumps(
                {
                    "plan": self._plan,
                    "reached": self._reached,
                    "answers": self.answers,
                    "unexpected": self.unexpected,
                    "unexpected_count": self.unexpected_count,
                }
            )
        )
        os.replace(written, self._file)  # noqa: PTH105  # the name says that the old one goes
