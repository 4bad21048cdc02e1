"""A validator process for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.integration.validator.process import Province, Validator
from tests.servers import Kafka


@pytest.fixture
def validator(tmp_path: Path, keys_folder: Path, kafka_fresh: Kafka) -> Iterator[Validator]:
    """Return a validator that has not been started."""
    process = Validator(tmp_path / "log", keys_folder, kafka_fresh.bootstrap_servers)
    yield process
    # A member that is killed is waited for by its group: the next test would pay for it.
    process.leave()


@pytest.fixture
async def running(validator: Validator) -> Validator:
    """Return a validator that judges."""
    validator.start()
    await validator.judges()
    return validator


@pytest.fixture
async def province(kafka_fresh: Kafka) -> AsyncIterator[Province]:
    """Return what pushes like ingest and reads what the validator leaves."""
    async with Province.at(kafka_fresh.bootstrap_servers) as lent:
        yield lent
