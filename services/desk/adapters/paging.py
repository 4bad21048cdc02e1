"""Reads a list of the gateway, page by page, as far as somebody wants it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from services.desk.adapters.link import Link

_ROWS_MAX: Final = 500
"""What the gateway gives on one page."""


def rows_of(link: Link, path: str, name: str, **filters: Any) -> Iterator[dict[str, Any]]:
    """Yield the rows that stand under ``name`` in the answers of ``path``, to the end.

    Raises:
        UnreachableError: nobody answered.
        RefusedError: the answer says no.
    """
    after: str | None = None
    while True:
        page = link.get(path, **filters, after=after, limit=_ROWS_MAX)
        yield from page[name]
        after = page["next"]
        if after is None:
            return
