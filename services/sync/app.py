"""Sync, wired: subscriptions, store, health."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette

from contracts.identifiers import LANES
from contracts.topics import PROGRESS, REJECTED, accepted
from services.runtime import hosting, kafka, metrics
from services.runtime.secrets import read_secret
from services.sync.adapters.connection import StoreConnection
from services.sync.adapters.consumer import Merger
from services.sync.adapters.feedback import Feedback, ProgressPublisher
from services.sync.adapters.metrics import Metrics
from services.sync.adapters.ownership import Ownership
from services.sync.settings import Settings

# A record has up to 1,000 changes: twice the largest transaction, so that the next is there when one ends.
_RECORDS_MAX: Final = 20
_FEEDBACK_RECORDS_MAX: Final = 500


def build(settings: Settings) -> Starlette:
    """Return a sync ready to run."""
    registry = metrics.registry()
    counters = Metrics(registry)
    password = read_secret(settings.postgres_password_file) if settings.postgres_password_file else None
    store = StoreConnection(settings.postgres_dsn, password)
    broker = kafka.connect(settings.kafka_bootstrap_servers, client_id="sync")
    progress = ProgressPublisher(broker)
    owners: list[Ownership] = []

    def subscribe(
        topics: Sequence[str],
        group: str,
        records_max: int,
        handler: Callable[[Ownership], Callable[[kafka.Records], Awaitable[None]]],
    ) -> None:
        ownership = Ownership(store.get)
        subscriber = kafka.subscribe(
            broker, topics, handler(ownership), group=group, records_max=records_max, listener=ownership
        )
        ownership.consumer = lambda: subscriber.consumer
        owners.append(ownership)

    for lane in LANES:
        subscribe(
            [accepted(lane)],
            f"sync-{lane}",
            _RECORDS_MAX,
            lambda ownership: Merger(store.get, ownership, progress.announce, counters).handle,
        )
    subscribe(
        [REJECTED, PROGRESS],
        "sync-feedback",
        _FEEDBACK_RECORDS_MAX,
        lambda ownership: Feedback(store.get, ownership).handle,
    )

    def checks() -> Mapping[str, bool]:
        return {"postgres": store.is_open, "kafka": all(owner.is_settled for owner in owners)}

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # The pool outlives the last handler: it is opened first and closed last.
        async with store.open(), kafka.running(broker):
            yield

    return hosting.application(lifespan, checks, registry)
