"""What says changes again waits until the files are compared with Kafka, and never keeps the service from ending."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI

from contracts.reference.wilayah import wilayah_of
from services.ingest.adapters.feedback import Feedback
from services.ingest.adapters.metrics import Metrics
from services.ingest.adapters.reconcile import Reconciler
from services.ingest.adapters.repeater import Repeater
from services.ingest.app import Parts
from services.ingest.settings import Settings
from services.runtime.metrics import registry
from services.runtime.outlet import Outlet
from tests.builders import KEYS, OFFICE
from tests.eventually import eventually


@pytest.mark.parametrize("kafka_comes", [True, False])
async def test_nothing_is_said_again_before_the_files_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, kafka_comes: bool
) -> None:
    compared = asyncio.Event()
    begun: list[str] = []

    async def compare(_: Reconciler) -> None:
        begun.append("compare")
        await compared.wait()

    async def read(_: Feedback) -> None:
        begun.append("read")

    async def repeat(_: Repeater) -> None:
        begun.append("repeat")

    @asynccontextmanager
    async def unconnected(_: Outlet) -> AsyncIterator[None]:
        yield

    monkeypatch.setattr(Outlet, "running", unconnected)
    monkeypatch.setattr(Reconciler, "run", compare)
    monkeypatch.setattr(Feedback, "run", read)
    monkeypatch.setattr(Repeater, "run", repeat)
    settings = Settings(
        kafka_bootstrap_servers="127.0.0.1:9",
        offices=(OFFICE,),
        data_folder=tmp_path,
        keys_folder=tmp_path,
        api_keys_file=tmp_path / "kunci",
        http_port=1,
    )
    parts = Parts(settings, wilayah_of("32").offices, KEYS, Metrics(registry()))
    async with asyncio.timeout(10), parts.running(FastAPI()):
        await eventually(lambda: "compare" in begun)
        assert begun == ["compare"]
        if kafka_comes:
            compared.set()
            await eventually(lambda: begun == ["compare", "read", "repeat"])
    assert begun == (["compare", "read", "repeat"] if kafka_comes else ["compare"])
