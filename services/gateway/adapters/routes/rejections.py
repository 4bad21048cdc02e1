"""GET /v1/rejections: what was refused and why, newest first."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import Field, StringConstraints

from services.gateway.adapters.filters import Filters
from services.gateway.adapters.store import Store
from services.gateway.core.summarise.rejections import Place, Rejections, page_of, place_from
from services.runtime.answers import ProblemError, seen

_CURSOR_LENGTH_MAX: Final = 400
_ROWS_MAX: Final = 500
_ROWS_USUAL: Final = 100


class Wanted(Filters):
    """Which page of which rejections."""

    after: Annotated[
        Annotated[str, StringConstraints(max_length=_CURSOR_LENGTH_MAX)] | None,
        Field(description="`next` of the page before; leave it out for the newest."),
    ] = None
    limit: Annotated[int, Field(ge=1, le=_ROWS_MAX, description="Rows on a page.")] = _ROWS_USUAL


def router(store: Store) -> APIRouter:
    """Return the route."""
    routes = APIRouter()

    @routes.get("/v1/rejections", response_model=Rejections, tags=["rejections"])
    async def rejections(wanted: Annotated[Wanted, Query()]) -> Response:
        """Refused changes, newest first; `next` leads on without gaps or repeats while more are added."""
        after = _place(wanted.after)
        place: tuple[object, ...] = (None,) * 5 + (0,)
        if after is not None:
            place = (after.received_time, after.lane, after.office, after.epoch, after.sequence, after.skip)
        async with store.snapshot() as snapshot:
            # One more than the page holds says whether there is another.
            rows = await snapshot.ask("rejections", *place, wanted.office, wanted.lane, wanted.code, wanted.limit + 1)
        page = page_of(rows, wanted.limit, after)
        return Response(page.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})

    return routes


def _place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    place = place_from(cursor)
    if place is None:
        raise ProblemError(
            code="QUERY-INVALID", detail=f"after: seen {seen(cursor)}, expected: `next` of the page before, unaltered"
        )
    return place
