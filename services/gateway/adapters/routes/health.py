"""GET /livez and /readyz: whether it answers, and whether it has what it needs."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Response

from services.gateway.adapters.store import Store
from services.runtime.answers import json_answer
from services.runtime.errors import TransientError


def router(store: Store, province: str) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/livez")
    async def livez() -> Response:
        """Alive means able to answer: an outage of PostgreSQL is no reason to be started anew."""
        return json_answer({"status": "ok"})

    @routes.get("/readyz")
    async def readyz() -> Response:
        """Ready means that the store of this province can be read now."""
        try:
            async with store.snapshot() as snapshot:
                [row] = await snapshot.ask("ready", province)
        except TransientError:
            found = {"postgres": False, "province": False}
        else:
            found = {"postgres": True, "province": bool(row["is_ours"])}
        return json_answer(found, HTTPStatus.OK if all(found.values()) else HTTPStatus.SERVICE_UNAVAILABLE)

    return routes
