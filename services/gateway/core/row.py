"""A row as a question brings it back: named columns, whatever library fetched it."""

from __future__ import annotations

from typing import Any, Protocol


class Row(Protocol):
    """One row of an answer."""

    def __getitem__(self, column: str, /) -> Any:
        """Return the value of ``column``."""
