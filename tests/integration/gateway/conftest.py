"""A gateway over a store of one's own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.eventually import eventually
from tests.integration.gateway.serving import serving
from tests.integration.sync.store_of_one import FedStore, fed_store


@pytest.fixture
async def sync(store: str) -> AsyncIterator[FedStore]:
    """Return what fills the store."""
    async with fed_store(store) as fed:
        yield fed


@pytest.fixture
async def gateway(store_as_reader: str) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of a gateway that reads the store and is ready."""
    async with serving(store_as_reader) as client:

        async def ready() -> bool:
            return (await client.get("/readyz")).is_success

        await eventually(ready)
        yield client
