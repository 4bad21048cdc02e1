"""GET /v1/rejections/by-code: how often each reason was given."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.gateway.adapters.conditional import answer_to
from services.gateway.adapters.filters import Filters
from services.gateway.adapters.kept import Kept
from services.gateway.adapters.store import Store
from services.gateway.core.summarise.rejections import RejectionGroups, groups_of


def router(store: Store, kept: Kept) -> APIRouter:
    """Return the route."""
    routes = APIRouter()

    async def compute(wanted: Filters) -> bytes:
        async with store.snapshot() as snapshot:
            rows = await snapshot.ask("rejections_by_code", wanted.office, wanted.lane, wanted.code)
        return RejectionGroups(groups=groups_of(rows)).model_dump_json().encode()

    @routes.get("/v1/rejections/by-code", response_model=RejectionGroups, tags=["rejections"])
    async def rejections_by_code(request: Request, wanted: Annotated[Filters, Query()]) -> Response:
        """Reasons of rejections with how often each was given, the most frequent first."""
        return answer_to(request, await kept.get(f"rejections/{wanted!r}", lambda: compute(wanted)))

    return routes
