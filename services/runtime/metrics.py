"""Metrics: the registry of one process as an ASGI endpoint."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, make_asgi_app
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send


def registry() -> CollectorRegistry:
    """Return a registry with what every process tells about itself."""
    created = CollectorRegistry()
    ProcessCollector(registry=created)
    PlatformCollector(registry=created)
    GCCollector(registry=created)
    return created


def routes(of: CollectorRegistry) -> list[BaseRoute]:
    """Return what serves ``/metrics``, with a slash at the end and without: mounted alone, it would only redirect."""
    application = make_asgi_app(of)
    return [Route("/metrics", _Exposition(application)), Mount("/metrics", application)]


class _Exposition:
    """An application that a route does not take for a function of a request."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._application(scope, receive, send)
