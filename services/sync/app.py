"""Sync, wired: subscriptions, store, health."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from starlette.applications import Starlette

from contracts.identifiers import LANES, Lane
from contracts.reference.wilayah import wilayah_of
from contracts.topics import PROGRESS, REJECTED, accepted, partition_of
from services.runtime import hosting, kafka, metrics
from services.runtime.errors import FatalError
from services.runtime.outlet import Outlet
from services.runtime.secrets import read_secret
from services.sync.adapters.connection import StoreConnection
from services.sync.adapters.consumer import Merger
from services.sync.adapters.decisions import Decisions
from services.sync.adapters.examiner import Examiner
from services.sync.adapters.feedback import Feedback, ProgressPublisher
from services.sync.adapters.metrics import Metrics
from services.sync.adapters.ownership import Ownership, Taken
from services.sync.adapters.statistics import Statistician
from services.sync.adapters.store import Partition
from services.sync.core.ambang import Ambang, ambang_from
from services.sync.settings import Settings

# Several of the largest transactions, so that while one is merged the next is read; 40 MiB at the most.
_RECORDS_MAX: Final = 80
_FEEDBACK_RECORDS_MAX: Final = 500


def build(settings: Settings) -> Starlette:
    """Return a sync ready to run.

    Raises:
        FatalError: the password cannot be read, or the table of thresholds is wrong.
    """
    registry = metrics.registry()
    counters = Metrics(registry)
    password = read_secret(settings.postgres_password_file) if settings.postgres_password_file else None
    store = StoreConnection(settings.postgres_dsn, password)
    broker = kafka.connect(settings.kafka_bootstrap_servers, client_id="sync")
    outlet = Outlet(settings.kafka_bootstrap_servers, client_id="sync-progress")
    progress = ProgressPublisher(outlet)
    examiner = Examiner(lambda: store.get().pool)
    ambang = _ambang(settings.statistics_file)
    statistician = Statistician(lambda: store.get().pool, ambang, good_enough_seconds=settings.statistics_seconds)
    owners: list[Ownership] = []
    mergers: list[Merger] = []
    owner_of: dict[Lane, Ownership] = {}

    offices = wilayah_of(settings.province).offices

    def subscribe(
        topics: Sequence[str],
        group: str,
        records_max: int,
        ownership: Ownership,
        handle: Callable[[kafka.Records], Awaitable[None]],
    ) -> None:
        subscriber = kafka.subscribe(broker, topics, handle, group=group, records_max=records_max, listener=ownership)
        ownership.consumer = lambda: subscriber.consumer
        owners.append(ownership)

    def told(lane: Lane) -> Taken:
        async def tell(partitions: Collection[Partition]) -> None:
            # Whoever had these partitions may have been killed between its last transaction and telling of it.
            here = {partition for _, partition in partitions}
            concerned = [office for office in offices if partition_of(office, offices) in here]
            progress.announce(await store.get().positions(lane, concerned))

        return tell

    decisions = Decisions(store.get, owner_of, offices, counters)
    for lane in LANES:
        ownership = owner_of[lane] = Ownership(store.get, counters, told(lane))
        merger = Merger(store.get, ownership, progress.announce, decisions.wake, counters)
        mergers.append(merger)
        subscribe([accepted(lane)], f"sync-{lane}", _RECORDS_MAX, ownership, merger.handle)
    ownership = Ownership(store.get, counters)
    feedback = Feedback(store.get, ownership)
    subscribe([REJECTED, PROGRESS], "sync-feedback", _FEEDBACK_RECORDS_MAX, ownership, feedback.handle)

    def checks() -> Mapping[str, bool]:
        return {"postgres": store.is_open, "kafka": all(owner.is_settled for owner in owners)}

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # The pool outlives the last transaction, and that the last handler: what is opened first is closed last.
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(store.open())
            await stack.enter_async_context(examiner.running())
            await stack.enter_async_context(statistician.running())
            for merger in mergers:
                await stack.enter_async_context(merger.running())
            await stack.enter_async_context(decisions.running())
            await stack.enter_async_context(kafka.running(broker))
            await stack.enter_async_context(outlet.running())
            await stack.enter_async_context(progress.running())
            yield

    return hosting.application(lifespan, checks, registry)


def _ambang(file: Path | None) -> Ambang:
    if file is None:
        return ambang_from()
    try:
        return ambang_from(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        message = f"SYNC_STATISTICS_FILE: {file}: {error}"
        raise FatalError(message) from error
