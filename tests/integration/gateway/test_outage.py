"""What the gateway does while PostgreSQL is away."""

from __future__ import annotations

import asyncio

import asyncpg
import httpx
import pytest

from services.sync.migrate import migrate
from tests.builders import PROVINCE, TPS, a_c_hasil, a_line, a_tps
from tests.eventually import eventually
from tests.integration.gateway.serving import serving
from tests.integration.gateway.test_stream import watching
from tests.integration.sync.store_of_one import a_record_of, fed_store
from tests.servers import Postgres

QUESTIONS = ("/v1/status", "/v1/offices/3279", "/v1/wilayah/32", f"/v1/tps/{TPS}", "/v1/rejections")


async def refused(gateway: httpx.AsyncClient) -> None:
    for path in QUESTIONS:
        answer = await gateway.get(path)
        # An answer that is still young is served with 200 and has no code: it is asked again, not stumbled over.
        assert (answer.status_code, answer.json().get("code")) == (503, "STORE-AWAY"), path
        assert int(answer.headers["retry-after"]) > 0


async def test_it_starts_without_postgresql_and_serves_once_there_is_one(
    store: str, store_as_reader: str, postgres: Postgres
) -> None:
    postgres.kill()
    async with serving(store_as_reader) as gateway:
        assert (await gateway.get("/livez")).status_code == 200
        assert (await gateway.get("/readyz")).status_code == 503
        await refused(gateway)
        await asyncio.to_thread(postgres.start)

        async def ready() -> bool:
            return (await gateway.get("/readyz")).status_code == 200

        await eventually(ready)
        async with fed_store(store) as sync:
            await sync.merge(a_record_of([a_line(a_tps())], offset=0))
        for path in QUESTIONS:
            assert (await gateway.get(path)).status_code == 200, path


async def test_a_killed_postgresql_is_told_and_recovered_from(
    gateway: httpx.AsyncClient, store: str, postgres: Postgres
) -> None:
    async with fed_store(store) as sync:
        await sync.merge(a_record_of([a_line(a_tps()), a_line(a_c_hasil(), sequence=2)], offset=0))
    async with watching(gateway) as events:
        assert (await events.next()).name == "hello"
        assert (await gateway.get(f"/v1/tps/{TPS}")).status_code == 200
        await asyncio.to_thread(postgres.kill)

        async def away() -> bool:
            return (await gateway.get("/v1/status")).status_code == 503

        # What was computed before the kill is shown for as long as it is young, and no longer.
        await eventually(away, within_seconds=3)
        await eventually(lambda: told(gateway))
        assert (await gateway.get("/livez")).status_code == 200
        await asyncio.to_thread(postgres.start)

        async def back() -> bool:
            return (await gateway.get(f"/v1/tps/{TPS}")).status_code == 200

        await eventually(back)
        # Nobody knows what was announced meanwhile, so the watcher is told to look again, and hears of what follows.
        heard = await events.next()
        while heard.name == "perubahan":
            # Of the merge before: announcements gather for a moment.
            heard = await events.next()
        assert heard.name == "reload"
        async with fed_store(store) as sync:
            await sync.merge(a_record_of([a_line(a_c_hasil(), revision=2, sequence=3)], offset=1, first=3))
        assert (await events.next()).name == "perubahan"


async def test_it_waits_for_a_role_and_a_schema_that_are_made_after_it_was_started(postgres: Postgres) -> None:
    dsn = postgres.dsn("late", "late_gateway")
    async with serving(dsn) as gateway:
        assert (await gateway.get("/readyz")).status_code == 503
        await command(postgres, "CREATE DATABASE late", "CREATE ROLE late_gateway LOGIN")
        try:
            # Let in, it finds nothing yet.
            await eventually(lambda: told(gateway))
            await migrate(postgres.dsn("late"), province=PROVINCE, reader_role="late_gateway")

            async def ready() -> bool:
                return (await gateway.get("/readyz")).status_code == 200

            await eventually(ready)
            assert (await gateway.get("/v1/status")).status_code == 200
        finally:
            await command(postgres, "DROP DATABASE late WITH (FORCE)", "DROP ROLE late_gateway")


async def command(postgres: Postgres, *statements: str) -> None:
    connection = await asyncpg.connect(postgres.dsn("postgres"))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def told(gateway: httpx.AsyncClient) -> bool:
    await refused(gateway)
    return True


@pytest.mark.parametrize("table", ["pemilih", "journal_pemilih", "pemilih_3279"])
async def test_the_role_of_the_gateway_may_not_read_single_voters(store_as_reader: str, table: str) -> None:
    connection = await asyncpg.connect(store_as_reader)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(f"SELECT * FROM {table}")  # noqa: S608  # names of this test
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM rejection")
    finally:
        await connection.close()
