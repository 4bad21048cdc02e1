from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from prometheus_client import Counter

from services.runtime import hosting, metrics


@asynccontextmanager
async def _nothing(_: Any) -> AsyncIterator[None]:
    yield


@pytest.mark.parametrize("address", ["/metrics", "/metrics/"])
async def test_figures_are_answered_at_once_and_not_elsewhere(address: str) -> None:
    registry = metrics.registry()
    Counter("perubahan", "Changes seen", registry=registry).inc(3)
    application = hosting.application(_nothing, dict, registry)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://validator") as client:
        answer = await client.get(address)

    assert answer.status_code == 200
    assert "perubahan_total 3.0" in answer.text
