"""Sync processes for each test, and the validator they follow."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.sync.process import Sync, Validator, validator_of
from tests.servers import Kafka

NewSync = Callable[[], Sync]


@pytest.fixture
def new_sync(tmp_path: Path, kafka_fresh: Kafka, store: str) -> Iterator[NewSync]:
    """Return a maker of sync processes on one store; none of them outlives the test."""
    made: list[Sync] = []

    def make() -> Sync:
        made.append(Sync(tmp_path / f"log-{len(made)}", kafka_fresh.bootstrap_servers, store))
        return made[-1]

    yield make
    for sync in made:
        sync.kill()


@pytest.fixture
def sync(new_sync: NewSync) -> Sync:
    """Return a sync that has been started; it may not have its partitions yet."""
    started = new_sync()
    started.start()
    return started


@pytest.fixture
async def validator(kafka_fresh: Kafka, offices: tuple[str, ...]) -> AsyncIterator[Validator]:
    """Return a validator that is connected."""
    async with validator_of(kafka_fresh.bootstrap_servers, offices) as connected:
        yield connected
