"""The deploy step that brings a store to its newest schema."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from services.runtime.errors import FatalError, TransientError
from services.sync.migrate import migrate, migrations
from tests.builders import PROVINCE
from tests.servers import Postgres


async def test_a_second_run_changes_nothing(store: str) -> None:
    assert await migrate(store, province=PROVINCE) == 0


async def test_a_file_that_was_edited_after_it_was_applied_is_refused(store: str) -> None:
    connection = await asyncpg.connect(store)
    try:
        await connection.execute("UPDATE migration SET checksum = 'of another text' WHERE name LIKE '0001%'")
    finally:
        await connection.close()
    with pytest.raises(FatalError, match=r"0001_create_store\.sql was edited"):
        await migrate(store, province=PROVINCE)


async def test_two_runs_at_once_take_turns(postgres: Postgres) -> None:
    server = await asyncpg.connect(postgres.dsn("postgres"))
    try:
        await server.execute("CREATE DATABASE migrated_twice")
        dsn = postgres.dsn("migrated_twice")
        applied = await asyncio.gather(migrate(dsn, province=PROVINCE), migrate(dsn, province=PROVINCE))
        assert sorted(applied) == [0, len(migrations())]
    finally:
        await server.execute("DROP DATABASE migrated_twice WITH (FORCE)")
        await server.close()


async def test_the_reader_reads_all_but_single_voters_and_writes_nothing(store_as_reader: str) -> None:
    connection = await asyncpg.connect(store_as_reader)
    try:
        for table in ("tps", "journal_hasil", "rekap_pemilih", "neraca_per_lane", "consumer_position"):
            assert await connection.fetch(f"SELECT * FROM {table}") == []  # noqa: S608  # names from above
        partitions = [
            name
            for (name,) in await connection.fetch("SELECT tablename FROM pg_tables WHERE tablename ~ '^pemilih(_|$)'")
        ]
        # All voters, the 27 lists, and what the examiner remembers of tokens (decision 0012).
        assert len(partitions) == 30
        for table in (*partitions, "journal_pemilih"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"SELECT * FROM {table}")  # noqa: S608  # the catalogue's own names
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM tps")
    finally:
        await connection.close()


async def test_a_province_that_is_none_and_a_server_that_is_away_are_said(store: str) -> None:
    with pytest.raises(ValueError, match="99"):
        await migrate(store, province="99")
    with pytest.raises(TransientError):
        await migrate("postgresql://postgres@127.0.0.1:1/nowhere", province=PROVINCE)
