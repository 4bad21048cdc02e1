"""Sync as processes of their own, to be stopped and killed at will, and the validator whose work they merge."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from contracts.batch import LineFindings
from contracts.identifiers import Lane
from contracts.objection import Objection
from contracts.progress import Heartbeat, progress_key
from contracts.topics import PROGRESS, REJECTED, accepted, partition_of
from deploy.embedded.ports import LOOPBACK, free_port
from services.runtime import kafka as runtime_kafka
from tests.builders import a_batch, a_finding, a_line, a_pemilih, a_pemilih_submission
from tests.eventually import eventually

WITHIN_SECONDS = 60.0
"""Long enough for a machine that does other things as well; nobody waits longer than it takes."""


@dataclass
class Sync:
    """One sync process."""

    log_file: Path
    kafka: str
    dsn: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def start(self) -> None:
        """Start it; it may be started again after it has ended."""
        told = {
            "SYNC_KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "SYNC_POSTGRES_DSN": self.dsn,
            "SYNC_HTTP_HOST": LOOPBACK,
            "SYNC_HTTP_PORT": str(self.port),
        }
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(  # our own service
                [sys.executable, "-m", "services.sync"], env={**os.environ, **told}, stderr=log, stdout=log
            )

    async def is_ready(self) -> bool:
        """Whether it says that it has what it needs."""
        assert self.process is not None
        assert self.process.poll() is None, self.log
        async with httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{self.port}") as client:
            try:
                return (await client.get("/readyz")).is_success
            except httpx.TransportError:
                return False

    async def metrics(self) -> str:
        async with httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{self.port}", follow_redirects=True) as client:
            return (await client.get("/metrics")).text

    def kill(self) -> None:
        """Kill it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """Ask it to stop."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(30)

    def freeze(self) -> None:
        """Let it stand still, connections and all."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGCONT)


class Validator:
    """Writes what a validator would have let through, objected to, and what ingest says of itself."""

    def __init__(self, broker: KafkaBroker, offices: Sequence[str]) -> None:
        """Write over ``broker`` for the offices of the province."""
        self._broker = broker
        self._offices = offices
        self._next: dict[str, int] = {}

    async def accepts(self, lines: Sequence[bytes], *, office: str, lane: Lane, first: int, last: int) -> None:
        batch = a_batch(lines, office=office, lane=lane, first=first, last=last)
        await self._publish(batch.value, accepted(lane), office, partition_of(office, self._offices), batch.headers)

    async def holds(self, line: bytes, *, office: str, lane: Lane) -> None:
        """Let the first line of ``office`` through, held."""
        held = [LineFindings(sequence=1, held=True, findings=[a_finding()])]
        batch = a_batch([line], office=office, lane=lane, first=1, last=1, findings=held)
        await self._publish(batch.value, accepted(lane), office, partition_of(office, self._offices), batch.headers)

    async def accepts_voters(self, office: str, count: int) -> None:
        """Let ``count`` more voters of ``office`` through, in one record."""
        first = self._next.get(office, 1)
        self._next[office] = first + count
        desa = {"desa": f"{office}011001"}
        lines = [
            a_line(a_pemilih(a_pemilih_submission(number, **desa)), source=office, sequence=number)
            for number in range(first, first + count)
        ]
        await self.accepts(lines, office=office, lane="pemilih", first=first, last=first + count - 1)

    async def objects(self, objection: Objection) -> None:
        office = objection.office
        value = objection.model_dump_json().encode()
        await self._publish(value, REJECTED, office, partition_of(office, self._offices), a_batch([value]).headers)

    async def hears(self, heartbeat: Heartbeat) -> None:
        key = progress_key(heartbeat.office, heartbeat.lane, "ingest")
        await self._publish(heartbeat.model_dump_json().encode(), PROGRESS, key, 0, {})

    async def _publish(self, value: bytes, topic: str, key: str, partition: int, headers: dict[str, str]) -> None:
        async def published() -> bool:
            try:
                await self._broker.publish(value, topic=topic, key=key.encode(), partition=partition, headers=headers)
            except KafkaError:
                return False
            return True

        await eventually(published, WITHIN_SECONDS)


@asynccontextmanager
async def validator_of(bootstrap_servers: str, offices: Sequence[str]) -> AsyncIterator[Validator]:
    """Lend a validator that is connected."""
    broker = runtime_kafka.connect(bootstrap_servers, client_id="test")
    await broker.start()
    try:
        yield Validator(broker, offices)
    finally:
        await broker.stop()


async def asked(dsn: str, sql: str, *arguments: object) -> Any:
    """Return the one value that ``sql`` yields, ``None`` while PostgreSQL is away."""
    try:
        connection = await asyncpg.connect(dsn, timeout=10)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return None
    try:
        return await connection.fetchval(sql, *arguments)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        return None
    finally:
        connection.terminate()


async def merged(dsn: str, changes: int) -> None:
    """Wait until exactly ``changes`` have an outcome, each in the journal once and applied."""

    async def reached() -> bool:
        applied = await asked(dsn, "SELECT coalesce(sum(applied), 0)::bigint FROM neraca")
        assert applied == changes
        return True

    await eventually(reached, WITHIN_SECONDS)
    journal = "SELECT (SELECT count(*) FROM journal_pemilih) + (SELECT count(*) FROM journal_hasil)"
    assert await asked(dsn, journal) == changes
