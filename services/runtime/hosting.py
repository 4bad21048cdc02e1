"""What every service without pages of its own serves: /livez, /readyz, /metrics, around work that runs beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from services.runtime import metrics

Checks = Callable[[], Mapping[str, bool]]
"""Names of what the service needs, and whether it has it now."""


def application(
    lifespan: Callable[[Any], AbstractAsyncContextManager[None]], checks: Checks, registry: CollectorRegistry
) -> Starlette:
    """Return an application that lives as long as ``lifespan`` and says how it is."""

    async def live(_: Request) -> Response:
        # Alive means able to answer: an outage of a neighbour is no reason to be started anew.
        return PlainTextResponse("ok\n")

    async def ready(_: Request) -> Response:
        found = dict(checks())
        return JSONResponse(found, 200 if all(found.values()) else 503)

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/livez", live),
            Route("/readyz", ready),
            *metrics.routes(registry),
        ],
    )
