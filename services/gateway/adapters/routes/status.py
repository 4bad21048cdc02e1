"""GET /v1/status: where every office stands."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from services.gateway.adapters.conditional import answer_to
from services.gateway.adapters.kept import Kept
from services.gateway.adapters.store import Store
from services.gateway.core.colour import Limits
from services.gateway.core.summarise.status import Proofs, Status, status_of

QUESTION = "status"
"""What its answer is kept under."""


class ProofsSeen:
    """What was proven of each office when it was last looked at."""

    def __init__(self) -> None:
        """Start with no proof."""
        self.proofs: Proofs = {}


def router(store: Store, kept: Kept, limits: Limits, remembered: ProofsSeen) -> APIRouter:
    """Return the route."""
    routes = APIRouter()

    async def compute() -> bytes:
        async with store.snapshot() as snapshot:
            rows = await snapshot.ask("status", None)
        seen = status_of(rows, limits, remembered.proofs)
        remembered.proofs = seen.proofs
        return seen.status.model_dump_json().encode()

    @routes.get("/v1/status", response_model=Status, tags=["status"])
    async def status(request: Request) -> Response:
        """Every office and lane: books, queue, how far behind, what is held or rejected, and who must act."""
        return answer_to(request, await kept.get(QUESTION, compute))

    return routes
