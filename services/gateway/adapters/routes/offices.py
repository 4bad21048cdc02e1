"""GET /v1/offices/{kab}: where one office stands, and what is in its way."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from contracts.identifiers import Tingkat
from services.gateway.adapters.conditional import answer_to
from services.gateway.adapters.kept import Kept
from services.gateway.adapters.kode import checked, unknown
from services.gateway.adapters.routes.status import ProofsSeen
from services.gateway.adapters.store import Store
from services.gateway.core.colour import Limits
from services.gateway.core.summarise.office import OfficeDetail, office_of
from services.gateway.core.summarise.status import status_of


def router(store: Store, kept: Kept, limits: Limits, remembered: ProofsSeen, province: str) -> APIRouter:
    """Return the route."""
    routes = APIRouter()

    async def compute(office: str) -> bytes:
        async with store.snapshot() as snapshot:
            lanes = await snapshot.ask("status", office)
            if not lanes:
                raise unknown(office, "an office of the province, as listed under /v1/status")
            epochs = await snapshot.ask("epochs", office)
            holes = await snapshot.ask("holes", office)
            rejected = await snapshot.ask("rejections_by_code", office, None, None)
            held = await snapshot.ask("held_by_code", office)
        status = status_of(lanes, limits, remembered.proofs).status
        detail = office_of(status, epochs=epochs, holes=holes, rejected=rejected, held=held)
        return detail.model_dump_json().encode()

    @routes.get("/v1/offices/{kab}", response_model=OfficeDetail, tags=["status"])
    async def office(request: Request, kab: str) -> Response:
        """One office: its lanes, the epochs and holes of its numbering, what is held and rejected and why."""
        code = checked(kab, Tingkat.PROVINSI, Tingkat.KABUPATEN, province=province)
        return answer_to(request, await kept.get(f"offices/{code}", lambda: compute(code)))

    return routes
