"""The whole province loses its servers and services one after the other while offices push, and comes out right."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from deploy.demo import checks
from deploy.demo.evening import Evening
from deploy.demo.progress import Progress
from deploy.demo.show import Show
from deploy.embedded.province import EmbeddedProvince, Instances
from tests.eventually import eventually

_PACE_SECONDS = 40.0


@pytest.fixture
async def province(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedProvince]:
    """Return a province that runs: two processes of each service that shares its work."""
    folder = tmp_path_factory.mktemp("province")
    folder.chmod(0o755)
    folder.parent.chmod(0o755)  # PostgreSQL may run as another user
    started = EmbeddedProvince(folder, instances=Instances(ingest=2, validator=2, sync=2), durable=False)
    await asyncio.to_thread(started.start)
    yield started
    await asyncio.to_thread(started.stop)
    started.postgres.remove()


async def test_nothing_is_lost_or_doubled_whatever_is_killed(province: EmbeddedProvince, tmp_path: Path) -> None:
    evening = Evening(tps_per_office_max=12, voters=8_100)
    written = io.StringIO()
    show = Show(
        evening,
        province.desks,
        province.gateway_url,
        tmp_path / "fed.json",
        check=checks.of_evening(evening),
        progress=Progress(written),
    )
    killing = asyncio.create_task(_kill_each(province, show))
    correct = await show.run(_PACE_SECONDS, stay=False)
    await killing
    assert correct, written.getvalue()
    assert await _broken_invariants(province) == {}
    assert "Traceback" not in _logs_of_ingest(province), "an ingest met something it does not know"


async def _kill_each(province: EmbeddedProvince, show: Show) -> None:
    """Kill everything once, spread over the evening; what is killed together is what often fails together."""
    services = province.services
    rounds: list[list[Callable[[], None]]] = [
        [services["validator-1"].kill, services["ingest-1"].kill],
        [province.postgres.kill],
        [province.kafka.kill],
        [services["sync-1"].kill, services["gateway"].kill],
        [services["ingest-2"].kill, services["validator-2"].kill, services["sync-2"].kill],
    ]
    for nth, victims in enumerate(rounds, start=1):
        await eventually(partial(_is_fed, show, nth / (len(rounds) + 1)), within_seconds=120)
        for kill in victims:
            await asyncio.to_thread(kill)
        await asyncio.to_thread(province.restore)


def _is_fed(show: Show, share: float) -> bool:
    return show.share_fed >= share


async def _broken_invariants(province: EmbeddedProvince) -> dict[str, int]:
    connection = await asyncpg.connect(province.postgres.dsn())
    try:
        views = await connection.fetch(r"SELECT viewname FROM pg_views WHERE viewname LIKE 'invariant\_%'")
        found = {view: await connection.fetchval(f"SELECT count(*) FROM {view}") for (view,) in views}  # noqa: S608  # the catalogue's own name
    finally:
        await connection.close()
    assert found, "a store without invariants proves nothing"
    return {view: count for view, count in found.items() if count}


def _logs_of_ingest(province: EmbeddedProvince) -> str:
    return "".join(service.log_file.read_text("utf-8") for service in province.of_kind("ingest"))
