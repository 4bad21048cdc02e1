"""Metrics: the registry of one process as an ASGI endpoint."""

from __future__ import annotations

from typing import Any

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, make_asgi_app


def registry() -> CollectorRegistry:
    """Return a registry with what every process tells about itself."""
    created = CollectorRegistry()
    ProcessCollector(registry=created)
    PlatformCollector(registry=created)
    GCCollector(registry=created)
    return created


def endpoint(of: CollectorRegistry) -> Any:
    """Return the ASGI application that serves ``/metrics``."""
    return make_asgi_app(of)
