"""GET /v1/rejections: what was refused and why, newest first."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.gateway.adapters.filters import Filters, Page, place_after
from services.gateway.adapters.store import Store
from services.gateway.core.summarise.rejections import Rejections, page_of, place_from


class Wanted(Page, Filters):
    """Which page of which rejections."""


def router(store: Store) -> APIRouter:
    """Return the route."""
    routes = APIRouter()

    @routes.get("/v1/rejections", response_model=Rejections, tags=["rejections"])
    async def rejections(wanted: Annotated[Wanted, Query()]) -> Response:
        """Refused changes, newest first; `next` leads on without gaps or repeats while more are added."""
        after = place_after(wanted.after, place_from)
        place: tuple[object, ...] = (None,) * 5 + (0,)
        if after is not None:
            place = (after.received_time, after.lane, after.office, after.epoch, after.sequence, after.skip)
        async with store.snapshot() as snapshot:
            # One more than the page holds says whether there is another.
            rows = await snapshot.ask("rejections", *place, wanted.office, wanted.lane, wanted.code, wanted.limit + 1)
        page = page_of(rows, wanted.limit, after)
        return Response(page.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})

    return routes
