"""The gateway as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from deploy.embedded.ports import LOOPBACK, free_port
from tests.eventually import eventually
from tests.integration.gateway.test_stream import watching


class Process:
    """One gateway and its log."""

    def __init__(self, folder: Path, dsn: str) -> None:
        """Start it over ``dsn``."""
        self.port = free_port()
        self.log_file = folder / "log"
        told = {"GATEWAY_POSTGRES_DSN": dsn, "GATEWAY_HTTP_HOST": LOOPBACK, "GATEWAY_HTTP_PORT": str(self.port)}
        with self.log_file.open("wb") as log:
            self.child = subprocess.Popen(  # our own service
                [sys.executable, "-m", "services.gateway"], env={**os.environ, **told}, stderr=log, stdout=log
            )


@pytest.fixture
async def process(tmp_path: Path, store_as_reader: str) -> AsyncIterator[Process]:
    started = Process(tmp_path, store_as_reader)
    yield started
    if started.child.poll() is None:
        started.child.kill()
        started.child.wait()


async def test_a_process_stops_at_once_although_somebody_watches(process: Process) -> None:
    async with httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{process.port}", timeout=10) as client:

        async def ready() -> bool:
            assert process.child.poll() is None, process.log_file.read_text()
            try:
                return (await client.get("/readyz")).is_success
            except httpx.TransportError:
                return False

        await eventually(ready, within_seconds=20)
        async with watching(client) as events:
            assert (await events.next()).name == "hello"
            process.child.terminate()
            # A stream never ends by itself: waiting for it would take the whole period of grace.
            await eventually(lambda: ended(process), within_seconds=8)
    assert process.child.returncode in {0, -15}, process.log_file.read_text()
    assert "Traceback" not in process.log_file.read_text()


async def ended(process: Process) -> bool:
    return process.child.poll() is not None
