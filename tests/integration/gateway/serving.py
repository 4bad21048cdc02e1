"""A gateway served over a real port, and patience with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn

from deploy.embedded.ports import LOOPBACK, free_port
from services.gateway.app import build
from services.gateway.settings import Settings
from tests.builders import PROVINCE
from tests.eventually import eventually


@asynccontextmanager
async def serving(dsn: str) -> AsyncIterator[httpx.AsyncClient]:
    """Serve a gateway over ``dsn`` and lend a client of it."""
    port = free_port()
    gateway = build(Settings(postgres_dsn=dsn, province=PROVINCE, http_host=LOOPBACK, http_port=port))
    server = uvicorn.Server(
        uvicorn.Config(gateway.app, host=LOOPBACK, port=port, log_config=None, timeout_graceful_shutdown=5)
    )
    served = asyncio.create_task(server.serve())
    try:
        await eventually(lambda: server.started)
        async with httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{port}", timeout=30) as client:
            yield client
    finally:
        gateway.announcements.end()
        server.should_exit = True
        await served
