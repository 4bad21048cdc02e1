"""A gateway over a store of one's own, served over a real port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn

from deploy.embedded.ports import LOOPBACK, free_port
from services.gateway.app import build
from services.gateway.settings import Settings
from tests.builders import PROVINCE
from tests.eventually import eventually
from tests.integration.sync.store_of_one import FedStore, fed_store


@pytest.fixture
async def sync(store: str) -> AsyncIterator[FedStore]:
    """Return what fills the store."""
    async with fed_store(store) as fed:
        yield fed


@asynccontextmanager
async def serving(dsn: str) -> AsyncIterator[httpx.AsyncClient]:
    """Serve a gateway over ``dsn`` and lend a client of it."""
    port = free_port()
    gateway = build(Settings(postgres_dsn=dsn, province=PROVINCE, http_host=LOOPBACK, http_port=port))
    server = uvicorn.Server(
        uvicorn.Config(gateway.app, host=LOOPBACK, port=port, log_config=None, timeout_graceful_shutdown=5)
    )
    serving = asyncio.create_task(server.serve())
    try:
        await eventually(lambda: server.started)
        async with httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{port}", timeout=30) as client:
            yield client
    finally:
        gateway.announcements.end()
        server.should_exit = True
        await serving


@pytest.fixture
async def gateway(store_as_reader: str) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of a gateway that reads the store and is ready."""
    async with serving(store_as_reader) as client:

        async def ready() -> bool:
            return (await client.get("/readyz")).is_success

        await eventually(ready)
        yield client
