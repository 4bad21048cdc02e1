"""GET /v1/held: the desk, where what is held waits for a person."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from services.gateway.adapters.conditional import answer_to
from services.gateway.adapters.filters import Filters, Page, place_after
from services.gateway.adapters.kept import Kept
from services.gateway.adapters.store import Store
from services.gateway.core.summarise.held import Desk, HeldPlace, desk_of, groups_of, held_place_from
from services.runtime.answers import ProblemError


class Wanted(Page, Filters):
    """Which page of which records."""

    group: Annotated[bool, Field(description="Counts by cause and office instead of single records.")] = False


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
        after = place_after(wanted.after, held_place_from)
        if wanted.group:
            return answer_to(request, await kept.get(f"held/{wanted!r}", lambda: grouped(wanted)))
        if wanted.lane == "pemilih":
            # An empty list would say that none of them is held.
            detail = "lane: seen 'pemilih', expected: `hasil`, or `group=true`, because voters are only counted"
            raise ProblemError(code="QUERY-INVALID", detail=detail)
        answer = await page(wanted, after)
        return Response(answer.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})

    return routes
