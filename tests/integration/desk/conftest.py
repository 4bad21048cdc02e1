"""An operator, and the ingest of her office."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.embedded.ports import free_port
from tests.builders import OFFICE, PROVINCE
from tests.integration.desk.operator import Operator
from tests.integration.ingest.process import Ingest


@pytest.fixture
async def ingest(tmp_path: Path, keys_folder: Path) -> AsyncIterator[Ingest]:
    """Return an ingest that answers; its Kafka has never been there, which an operator does not notice."""
    (tmp_path / "ingest").mkdir()
    process = Ingest(tmp_path / "ingest", keys_folder, f"127.0.0.1:{free_port()}", offices=(OFFICE, "3273", PROVINCE))
    process.start()
    await process.answers()
    yield process
    process.stop()


@pytest.fixture
def operator(tmp_path: Path, ingest: Ingest) -> Operator:
    """Return an operator of the office."""
    return Operator(tmp_path / "rumah", f"http://127.0.0.1:{ingest.port}")
