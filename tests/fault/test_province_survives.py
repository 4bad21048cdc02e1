"""The whole province loses its servers and services one after the other while offices push, and comes out right."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
import httpx
import pytest

from deploy.demo import checks
from deploy.demo.evening import Evening
from deploy.demo.progress import Progress
from deploy.demo.show import Gateway, Show
from deploy.embedded.province import EmbeddedProvince, Instances
from tests.eventually import eventually

_PACE_SECONDS = 25.0


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
    killing = asyncio.create_task(_kill_each(province))
    correct = await show.run(_PACE_SECONDS, stay=False)
    await killing
    assert correct, written.getvalue()
    assert await _broken_invariants(province) == {}
    assert "Traceback" not in _logs_of_ingest(province), "an ingest met something it does not know"


async def _kill_each(province: EmbeddedProvince) -> None:
    """Kill everything once, each only when changes have been merged since the one before came back."""
    gateway = Gateway(province.gateway_url)
    victims: list[Callable[[], None]] = [
        province.services["validator-1"].kill,
        province.postgres.kill,
        province.services["ingest-1"].kill,
        province.kafka.kill,
        province.services["sync-1"].kill,
        province.services["gateway"].kill,
        province.services["ingest-2"].kill,
    ]
    try:
        for kill in victims:
            await _until_more_is_merged(gateway)
            await asyncio.to_thread(kill)
            await asyncio.to_thread(province.restore)
    finally:
        await gateway.close()


async def _merged(gateway: Gateway) -> int:
    books = (await gateway.status())["neraca"].values()
    return sum(book["applied"] + book["duplicate"] for book in books)


async def _until_more_is_merged(gateway: Gateway) -> None:
    async def answered() -> int:
        try:
            return await _merged(gateway)
        except httpx.HTTPError:
            return 0

    before = await eventually(answered, within_seconds=60)

    async def grown() -> bool:
        return await answered() > before

    await eventually(grown, within_seconds=60)


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
