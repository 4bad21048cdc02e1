"""Composes ingest from its parts."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final

from fastapi import FastAPI, Response

from contracts.identifiers import LANES
from contracts.personal import PersonalKeys
from contracts.reference.wilayah import wilayah_of
from services.ingest.adapters import held
from services.ingest.adapters.api_keys import read_api_keys
from services.ingest.adapters.body import Bodies
from services.ingest.adapters.clerk import Clerk, milliseconds
from services.ingest.adapters.feedback import Feedback
from services.ingest.adapters.files.marking import write_marked_copy
from services.ingest.adapters.files.opening import open_file
from services.ingest.adapters.heartbeat import Herald
from services.ingest.adapters.http import Desk, Routes
from services.ingest.adapters.metrics import Metrics
from services.ingest.adapters.publisher import Delivery
from services.ingest.adapters.reconcile import Reconciler
from services.ingest.adapters.repeater import Repeater
from services.ingest.adapters.snapshots.book import forget_before
from services.ingest.adapters.snapshots.routes import SnapshotRoutes
from services.ingest.adapters.snapshots.shelf import Shelf
from services.ingest.adapters.snapshots.watched import Watched
from services.ingest.adapters.snapshots.worker import Worker
from services.ingest.adapters.spool import Spool, SpoolReader
from services.ingest.settings import Settings
from services.runtime import answers, clock, metrics
from services.runtime.background import beside
from services.runtime.errors import FatalError
from services.runtime.outlet import Outlet
from services.runtime.patience import until_done
from services.runtime.secrets import read_personal_keys

_PRUNE_SECONDS: Final = 3600.0
_DAY_MILLISECONDS: Final = 24 * 3600 * 1000
_SLOW_SECONDS: Final = 5.0
"""A record that Kafka has not confirmed for so long means that it is away."""


def build(settings: Settings) -> FastAPI:
    """Return ingest ready to be served; its files and connections are opened when it starts.

    Raises:
        FatalError: a key is missing, or an office belongs to another province.
    """
    province = wilayah_of(settings.province).offices
    if foreign := sorted(set(settings.offices) - set(province)):
        message = f"INGEST_OFFICES: {', '.join(foreign)} belongs to another province than {settings.province}"
        raise FatalError(message)
    personal = read_personal_keys(settings.keys_folder)
    api_keys = read_api_keys(settings.api_keys_file)
    if locked_out := sorted(set(settings.offices) - api_keys.offices):
        message = f"{settings.api_keys_file}: no key for {', '.join(locked_out)}"
        raise FatalError(message)
    registry = metrics.registry()
    parts = Parts(settings, province, personal, Metrics(registry))
    app = FastAPI(
        title="Satu Peta Data: ingest",
        version="1",
        lifespan=parts.running,
        # Pages that load scripts from elsewhere are of no use behind a closed network; /openapi.json is for tools.
        docs_url=None,
        redoc_url=None,
        # It would record what failed with its text, which might hold what the request holds.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    answers.install(app, failed="the request failed; what was receipted is safe")
    bodies = Bodies()
    routes = Routes(parts.desks, api_keys, bodies, parts.metrics)
    app.include_router(routes.router)
    app.include_router(held.router(routes.desk_of, personal))
    app.include_router(SnapshotRoutes(routes.desk_of, parts.workers, personal, bodies).router)
    app.router.routes.extend(metrics.routes(registry))

    @app.get("/livez", include_in_schema=False)
    async def livez() -> Response:
        """Say that the event loop answers."""
        return answers.json_answer({"status": "ok"})

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        """Say whether changes reach Kafka. While it is away they are taken all the same, so the answer is 200."""
        return answers.json_answer(
            {"status": "ok" if parts.reaches_kafka else "degraded", "kafka": parts.reaches_kafka}
        )

    return app


class Parts:
    """What one process is made of, and the order in which it starts and stops."""

    def __init__(self, settings: Settings, province: tuple[str, ...], personal: PersonalKeys, figures: Metrics) -> None:
        """Prepare; nothing is opened yet."""
        self.desks: dict[str, Desk] = {}
        self.workers: dict[str, Worker] = {}
        self.metrics = figures
        self._settings = settings
        self._province = province
        self._personal = personal
        self._outlet = Outlet(settings.kafka_bootstrap_servers, client_id="ingest")
        self._reconciled = asyncio.Event()

    @property
    def reaches_kafka(self) -> bool:
        """Whether what is pushed reaches Kafka, as far as one knows."""
        slow = any(
            delivery.seconds_under_way > _SLOW_SECONDS for desk in self.desks.values() for delivery in desk.deliveries
        )
        return self._reconciled.is_set() and self._outlet.is_connected and not slow

    @asynccontextmanager
    async def running(self, _: FastAPI) -> AsyncIterator[None]:
        """Run everything until the end. Stopping goes the other way round: first what delivers, last what it needs."""
        servers = self._settings.kafka_bootstrap_servers
        turn = threading.Lock()
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._outlet.running())
            for office in self._settings.offices:
                self.desks[office] = await self._open(office, turn, stack)
            clerks = {office: desk.clerk for office, desk in self.desks.items()}
            readers = {office: desk.reader for office, desk in self.desks.items()}
            deliveries = [delivery for desk in self.desks.values() for delivery in desk.deliveries]
            reconciler = Reconciler(servers, client_id="ingest-reconcile", clerks=clerks, readers=readers)
            feedback = Feedback(
                servers, client_id="ingest-feedback", province=self._province, clerks=clerks, readers=readers
            )
            herald = Herald(deliveries, self._outlet)
            repeater = Repeater(clerks, readers, deliveries)

            async def reconcile_and_deliver() -> None:
                await until_done("compare with Kafka", reconciler.run)
                self._reconciled.set()
                await asyncio.gather(
                    until_done("heartbeat", herald.run), *(until_done("deliver", one.run) for one in deliveries)
                )

            # One for all offices: two files compared at once would only pass Python's lock to and fro.
            comparing = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="compare"))
            for office, desk in self.desks.items():
                self.workers[office] = self._worker(office, desk.clerk, comparing, stack)
            watched = [
                Watched(self._settings.watched_folder / office, worker)
                for office, worker in self.workers.items()
                if self._settings.watched_folder is not None
            ]
            for work in (
                reconcile_and_deliver(),
                self._once_reconciled(feedback.run),
                self._once_reconciled(repeater.run),
                self._prune(),
                *(worker.run() for worker in self.workers.values()),
                *(folder.run() for folder in watched),
            ):
                await stack.enter_async_context(beside(work))
            yield

    async def _once_reconciled(self, run: Callable[[], Awaitable[None]]) -> None:
        """Run what says again only once each file has learnt from its topics: a restored one takes old for newest."""
        await self._reconciled.wait()
        await run()

    async def _open(self, office: str, turn: threading.Lock, stack: AsyncExitStack) -> Desk:
        """Open the file of one office, with its clerk and its lanes."""
        path = self._settings.data_folder / f"{office}.sqlite3"
        loop = asyncio.get_running_loop()
        deliveries: list[Delivery] = []

        def wake() -> None:
            for delivery in deliveries:
                loop.call_soon_threadsafe(delivery.wake)

        clerk = Clerk(office, partial(Spool, path), self._personal, turn=turn, on_commit=wake)
        await clerk.start()
        stack.push_async_callback(clerk.stop)
        reader = stack.enter_context(contextlib.closing(SpoolReader(path)))
        deliveries.extend(
            Delivery(office, lane, reader=reader, clerk=clerk, outlet=self._outlet, metrics=self.metrics)
            for lane in LANES
        )
        return Desk(office, clerk, reader, deliveries)

    def _worker(self, office: str, clerk: Clerk, comparing: Executor, stack: AsyncExitStack) -> Worker:
        """Return who works off the files of one office."""
        folder = self._settings.data_folder
        worker = Worker(
            office,
            folder / f"{office}.sqlite3",
            self._personal,
            clerk=clerk,
            shelf=Shelf(folder / "berkas" / office, bytes_max=self._settings.snapshot_bytes_max),
            open_file=open_file,
            write_copy=write_marked_copy,
            thread=comparing,
        )
        stack.callback(worker.close)
        worker.tidy()
        return worker

    async def _prune(self) -> None:
        """Let go of old lines now and then."""
        while True:
            now = milliseconds(clock.now())
            before = now - self._settings.retention_days * _DAY_MILLISECONDS
            files_before = now - self._settings.snapshot_days * _DAY_MILLISECONDS
            for desk in self.desks.values():
                await until_done("prune", partial(_prune_one, desk.clerk, before, files_before))
            copies_before = (now - self._settings.marked_days * _DAY_MILLISECONDS) / 1000
            for worker in self.workers.values():
                await asyncio.to_thread(worker.shelf.forget_copies, copies_before)
            await asyncio.sleep(_PRUNE_SECONDS)


async def _prune_one(clerk: Clerk, before_ms: int, files_before_ms: int) -> None:
    await clerk.run(lambda spool: spool.prune(before_ms=before_ms))
    await clerk.run(partial(forget_before, before_ms=files_before_ms))
