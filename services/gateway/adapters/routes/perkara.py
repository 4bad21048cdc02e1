"""GET /v1/perkara: contradictions between records, with what became of each."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.identifiers import KodeKantor
from services.gateway.adapters.filters import Code, Page, place_after
from services.gateway.adapters.store import Store
from services.gateway.core.summarise.perkara import (
    CaseCounts,
    CasePage,
    CaseWithTrail,
    State,
    case_counts_of,
    case_of,
    case_page_of,
    case_place_from,
    trail_of,
)
from services.runtime.answers import ProblemError, seen


class CaseFilters(BaseModel):
    """Which cases."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[Code | None, Field(description="Of this kind only, as in VTR-GANDA.")] = None
    office: Annotated[KodeKantor | None, Field(description="Concerning this office only, as in 3279.")] = None
    state: Annotated[State | None, Field(description="In this state only.")] = None


class CasesWanted(Page, CaseFilters):
    """Which page of which cases."""


def router(store: Store) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(tags=["perkara"])

    @routes.get("/v1/perkara", response_model=CasePage)
    async def perkara(wanted: Annotated[CasesWanted, Query()]) -> Response:
        """Contradictions between records, the newest opened first."""
        place = place_after(wanted.after, case_place_from)
        opened_time, last = (None, None) if place is None else (place.opened_time, place.id)
        filters = (wanted.code, wanted.office, wanted.state)
        async with store.snapshot() as snapshot:
            # One more than the page holds says whether there is another.
            rows = await snapshot.ask("perkara", opened_time, last, *filters, wanted.limit + 1)
        return _answer(case_page_of(rows, wanted.limit))

    @routes.get("/v1/perkara/counts", response_model=CaseCounts)
    async def perkara_counts(wanted: Annotated[CaseFilters, Query()]) -> Response:
        """How many cases concern each office, by code and state."""
        async with store.snapshot() as snapshot:
            rows = await snapshot.ask("perkara_counts", wanted.code, wanted.office, wanted.state)
        return _answer(CaseCounts(counts=case_counts_of(rows)))

    @routes.get("/v1/perkara/{case}", response_model=CaseWithTrail)
    async def perkara_one(case: UUID) -> Response:
        """One case with its trail: every opening, change, decision and closing."""
        async with store.snapshot() as snapshot:
            rows = await snapshot.ask("perkara_one", case)
            trail = await snapshot.ask("perkara_trail", case)
        if not rows:
            raise ProblemError(
                code="NOT-FOUND", detail=f"seen: {seen(str(case))}; expected: the id of a case in /v1/perkara"
            )
        return _answer(CaseWithTrail(case=case_of(rows[0]), trail=trail_of(trail)))

    return routes


def _answer(body: BaseModel) -> Response:
    return Response(body.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})
