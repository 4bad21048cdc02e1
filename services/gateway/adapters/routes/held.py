"""GET /v1/held: the desk, where what is held waits for a person."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field, StringConstraints

from services.gateway.adapters.conditional import answer_to
from services.gateway.adapters.filters import Filters
from services.gateway.adapters.kept import Kept
from services.gateway.adapters.store import Store
from services.gateway.core.summarise.held import Desk, HeldPlace, desk_of, groups_of, held_place_from
from services.runtime.answers import ProblemError, seen

_CURSOR_LENGTH_MAX: Final = 400
_ROWS_MAX: Final = 500
_ROWS_USUAL: Final = 100


class Wanted(Filters):
    """Which page of which records."""

    group: Annotated[bool, Field(description="Counts by cause and office instead of single records.")] = False
    after: Annotated[
        Annotated[str, StringConstraints(max_length=_CURSOR_LENGTH_MAX)] | None,
        Field(description="`next` of the page before; leave it out for the newest."),
    ] = None
    limit: Annotated[int, Field(ge=1, le=_ROWS_MAX, description="Rows on a page.")] = _ROWS_USUAL


def router(store: Store, kept: Kept) -> APIRouter:
    """Return the route."""
    routes = APIRouter()

    async def grouped(wanted: Wanted) -> bytes:
        async with store.snapshot() as snapshot:
            rows = await snapshot.ask("held_groups", wanted.office, wanted.lane, wanted.code)
        return groups_of(rows).model_dump_json().encode()

    async def page(wanted: Wanted, after: HeldPlace | None) -> Desk:
        place: tuple[object, ...] = (None,) * 4
        if after is not None:
            place = (after.since, after.office, after.epoch, after.sequence)
        async with store.snapshot() as snapshot:
            # One more than the page holds says whether there is another.
            rows = await snapshot.ask("held", *place, wanted.office, wanted.code, wanted.limit + 1)
            offices = [row["office"] for row in rows]
            findings = await snapshot.ask(
                "held_findings", offices, [row["epoch"] for row in rows], [row["sequence"] for row in rows]
            )
            decisions = await snapshot.ask("decisions", offices, [row["digest"] for row in rows])
        return desk_of(rows, findings, decisions, wanted.limit)

    @routes.get("/v1/held", response_model=Desk, tags=["held"])
    async def held(request: Request, wanted: Annotated[Wanted, Query()]) -> Response:
        """List records that stand held, newest first, or count them by cause; voters are only counted."""
        after = _place(wanted.after)
        if wanted.group:
            return answer_to(request, await kept.get(f"held/{wanted!r}", lambda: grouped(wanted)))
        if wanted.lane == "pemilih":
            # An empty list would say that none of them is held.
            detail = "lane: seen 'pemilih', expected: `hasil`, or `group=true`, because voters are only counted"
            raise ProblemError(code="QUERY-INVALID", detail=detail)
        answer = await page(wanted, after)
        return Response(answer.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})

    return routes


def _place(cursor: str | None) -> HeldPlace | None:
    if cursor is None:
        return None
    place = held_place_from(cursor)
    if place is None:
        raise ProblemError(
            code="QUERY-INVALID", detail=f"after: seen {seen(cursor)}, expected: `next` of the page before, unaltered"
        )
    return place
