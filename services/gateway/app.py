"""Composes gateway from its parts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI, Request, Response

from services.gateway.adapters import documentation
from services.gateway.adapters.announcements import Announcements
from services.gateway.adapters.kept import Kept
from services.gateway.adapters.listener import Listener
from services.gateway.adapters.metrics import Measured, Metrics
from services.gateway.adapters.routes import (
    contracts,
    health,
    held,
    offices,
    perkara,
    rejections,
    rejections_by_code,
    rules,
    statistik,
    status,
    stream,
    tps,
    wilayah,
)
from services.gateway.adapters.store import Store
from services.gateway.core.announcement import Notice
from services.gateway.core.colour import Limits
from services.gateway.settings import Settings
from services.runtime import answers, metrics
from services.runtime.errors import TransientError
from services.runtime.secrets import read_secret

_LIMITS: Final = Limits(amber_seconds=30, red_seconds=120, clock_seconds=30)
"""An office says at least every ten seconds that it is there: three times silent is amber."""


@dataclass(frozen=True)
class Gateway:
    """A gateway ready to be served."""

    app: FastAPI
    announcements: Announcements


def build(settings: Settings) -> Gateway:
    """Return a gateway; its connections are opened when it starts.

    Raises:
        FatalError: the password cannot be read.
    """
    password = read_secret(settings.postgres_password_file) if settings.postgres_password_file else None
    registry = metrics.registry()
    figures = Metrics(registry)
    store = Store(settings.postgres_dsn, password)
    announcements = Announcements(figures)
    kept = Kept(lambda: listener.is_listening)
    remembered = status.ProofsSeen()

    def heard(notice: Notice) -> None:
        figures.count_notice()
        kept.forget()
        announcements.announce(notice)

    def missed() -> None:
        kept.forget()
        announcements.missed()

    listener = Listener(settings.postgres_dsn, password, heard=heard, missed=missed)
    figures.watch(
        watchers=lambda: announcements.watchers,
        status_age=lambda: kept.age_seconds(status.QUESTION),
        listening=lambda: listener.is_listening,
    )

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        listening = asyncio.create_task(listener.run(), name="listen")
        try:
            async with store.open():
                yield
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening

    app = FastAPI(
        title="Satu Peta Data: gateway",
        summary="Apa yang diketahui provinsi, sejauh mana, dan sejak kapan. What the province knows.",
        version="1",
        lifespan=running,
        responses=documentation.PROBLEMS,
        # Pages that load scripts from elsewhere are of no use behind a closed network: /docs is our own.
        docs_url=None,
        redoc_url=None,
        # It would record what failed with its text, which might hold what the request holds.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    answers.install(app, failed="the request failed; it only reads, so nothing has changed")

    @app.exception_handler(TransientError)
    async def store_away(_: Request, __: TransientError) -> Response:
        detail = "seen: no answer of PostgreSQL; expected: one within a few seconds"
        return answers.problem_answer(answers.ProblemError(code="STORE-AWAY", detail=detail))

    province = settings.province
    for router in (
        status.router(store, kept, _LIMITS, remembered),
        offices.router(store, kept, _LIMITS, remembered, province),
        wilayah.router(store, kept, province),
        tps.router(store, kept, province),
        held.router(store, kept),
        statistik.router(store, kept, province),
        perkara.router(store),
        rejections.router(store),
        rejections_by_code.router(store, kept),
        rules.router(),
        contracts.router(),
        stream.router(announcements),
        health.router(store, province),
    ):
        app.include_router(router)
    documentation.install(app)
    app.router.routes.extend(metrics.routes(registry))
    app.add_middleware(Measured, metrics=figures)
    return Gateway(app, announcements)
