"""Filters in the query of an address; a misspelt one is refused, because ignoring it would answer another question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contracts.identifiers import KodeKantor, Lane
from services.runtime.answers import ProblemError, seen

_CURSOR_LENGTH_MAX: Final = 400
_ROWS_MAX: Final = 500
_ROWS_USUAL: Final = 100

Place = TypeVar("Place")
"""Where a page of some list begins."""

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{2,60}$")]


class Filters(BaseModel):
    """Which rejections."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    office: Annotated[KodeKantor | None, Field(description="Of this office only, as in 3279.")] = None
    lane: Annotated[Lane | None, Field(description="Of this lane only.")] = None
    code: Annotated[Code | None, Field(description="With this reason only, as in RES-TPS-KNOWN.")] = None


class Page(BaseModel):
    """Which page of a list, the newest first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Annotated[
        Annotated[str, StringConstraints(max_length=_CURSOR_LENGTH_MAX)] | None,
        Field(description="`next` of the page before; leave it out for the newest."),
    ] = None
    limit: Annotated[int, Field(ge=1, le=_ROWS_MAX, description="Rows on a page.")] = _ROWS_USUAL


def place_after(cursor: str | None, read: Callable[[str], Place | None]) -> Place | None:
    """Return the place that ``cursor`` names as ``read`` tells it; ``None`` without one, which is the beginning.

    Raises:
        ProblemError: it is not the ``next`` of any page.
    """
    if cursor is None:
        return None
    place = read(cursor)
    if place is None:
        raise ProblemError(
            code="QUERY-INVALID", detail=f"after: seen {seen(cursor)}, expected: `next` of the page before, unaltered"
        )
    return place
