"""The servers that the demo and the tests stand on: killed and started again, they are where they were."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from textwrap import dedent

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from contracts.topics import MESSAGE_BYTES_MAX, Topic
from deploy.embedded.errors import EmbeddedServerError
from deploy.embedded.kafka import EmbeddedKafka
from deploy.embedded.ports import LOOPBACK, is_free
from deploy.embedded.postgres import EmbeddedPostgres
from services.runtime.topics import create
from tests.eventually import eventually
from tests.servers import Kafka, Postgres

_TOPIC = Topic("survives", partitions=1)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Lend a folder that the ordinary user PostgreSQL runs as can enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="satupeta-test-") as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


@pytest.fixture
def own_postgres(folder: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(folder / "postgres", durable=True, settings={"shared_buffers": "16MB"})
    server.start()
    yield server
    server.remove()


async def test_what_kafka_confirmed_is_there_after_a_kill(kafka: Kafka) -> None:
    await create(kafka.bootstrap_servers, [_TOPIC])
    before = kafka.bootstrap_servers
    await _write(kafka, b"satu")
    kafka.kill()
    assert not kafka.is_running
    kafka.start()
    assert kafka.bootstrap_servers == before
    await _write(kafka, b"dua")
    assert (await _read(kafka))[-2:] == [b"satu", b"dua"]


async def test_kafka_takes_a_record_as_large_as_the_contract_admits(kafka: Kafka) -> None:
    await create(kafka.bootstrap_servers, [_TOPIC])
    value = b"x" * (MESSAGE_BYTES_MAX - 1024)
    await _write(kafka, value)
    assert (await _read(kafka))[-1] == value


async def test_what_postgres_committed_is_there_after_a_kill(postgres: Postgres) -> None:
    dsn = postgres.dsn("postgres")
    async with _connected(dsn) as connection:
        await connection.execute("DROP TABLE IF EXISTS survives; CREATE TABLE survives AS SELECT 1 AS nomor")
        postgres.kill()
    postgres.start()
    assert postgres.dsn("postgres") == dsn
    async with _connected(dsn) as connection:
        assert await connection.fetchval("SELECT nomor FROM survives") == 1
        await connection.execute("DROP TABLE survives")


def test_a_folder_has_one_server_at_a_time(own_postgres: EmbeddedPostgres, folder: Path) -> None:
    second = EmbeddedPostgres(folder / "postgres")
    with pytest.raises(EmbeddedServerError, match="in use by process"):
        second.start()
    assert own_postgres.psql("SELECT 1") == "1"


def test_two_servers_live_side_by_side_in_two_folders(own_postgres: EmbeddedPostgres, folder: Path) -> None:
    second = EmbeddedPostgres(folder / "second", durable=False, settings={"shared_buffers": "16MB"})
    second.start()
    second.create_database("satupeta")
    assert second.port != own_postgres.port
    assert second.psql("SELECT current_database()", "satupeta") == "satupeta"
    second.remove()


def test_a_port_that_somebody_else_took_is_named(own_postgres: EmbeddedPostgres, folder: Path) -> None:
    port = own_postgres.port
    own_postgres.stop()
    with socket.create_server((LOOPBACK, port)):
        with pytest.raises(EmbeddedServerError, match=f"port {port} .* is taken") as refusal:
            own_postgres.start()
        assert str(folder / "postgres" / "port") in str(refusal.value)
    own_postgres.start()
    assert own_postgres.port == port


def test_a_kafka_that_cannot_start_says_why(folder: Path) -> None:
    server = EmbeddedKafka(folder / "kafka", heap="1")
    with pytest.raises(EmbeddedServerError, match="cannot be prepared"):
        server.start()
    assert not server.is_running


async def test_a_server_ends_with_the_process_that_started_it(folder: Path) -> None:
    script = f"""
        import os, pathlib, sys
        from deploy.embedded.postgres import EmbeddedPostgres
        server = EmbeddedPostgres(pathlib.Path({str(folder / "postgres")!r}), settings={{"shared_buffers": "16MB"}})
        server.start()
        print(server.port, flush=True)
        os.kill(os.getpid(), 9)
    """
    run = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", dedent(script)], capture_output=True, text=True, check=False
    )
    port = int(run.stdout)
    await eventually(lambda: is_free(port))
    server = EmbeddedPostgres(folder / "postgres", settings={"shared_buffers": "16MB"})
    server.start()
    assert server.port == port
    server.remove()


async def _write(kafka: Kafka, value: bytes) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=kafka.bootstrap_servers, acks="all", max_request_size=2 * MESSAGE_BYTES_MAX
    ) as producer:
        await producer.send_and_wait(_TOPIC.name, value)


async def _read(kafka: Kafka) -> list[bytes | None]:
    partition = TopicPartition(_TOPIC.name, 0)
    async with AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap_servers,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=MESSAGE_BYTES_MAX,
    ) as consumer:
        consumer.assign([partition])
        end = (await consumer.end_offsets([partition]))[partition]
        return [(await consumer.getone()).value for _ in range(end)]


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        connection.terminate()
