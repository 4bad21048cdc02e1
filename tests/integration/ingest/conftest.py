"""An ingest process for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.integration.ingest.process import Ingest, Topics
from tests.servers import Kafka


@pytest.fixture
def ingest(tmp_path: Path, keys_folder: Path, kafka_fresh: Kafka) -> Iterator[Ingest]:
    """Return an ingest that has not been started."""
    process = Ingest(tmp_path, keys_folder, kafka_fresh.bootstrap_servers)
    yield process
    if process.process is not None and process.process.poll() is None:
        process.kill()


@pytest.fixture
async def running(ingest: Ingest) -> AsyncIterator[Ingest]:
    """Return an ingest that answers."""
    ingest.start()
    await ingest.answers()
    yield ingest
    ingest.stop()


@pytest.fixture
def topic_reader(kafka_fresh: Kafka) -> Topics:
    return Topics(kafka_fresh.bootstrap_servers)
