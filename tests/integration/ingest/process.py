"""Ingest as a process of its own, to be killed at will, and readers of what it leaves in Kafka."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from contracts.batch import BatchHeader, header_from
from contracts.identifiers import Lane
from contracts.topics import submitted
from deploy.embedded.ports import free_port
from services.runtime import kafka as runtime_kafka
from tests.builders import OFFICE
from tests.eventually import eventually
from tests.integration.records import records_in


@dataclass
class Ingest:
    """One ingest process with its data in a folder."""

    folder: Path
    keys_folder: Path
    kafka: str
    offices: tuple[str, ...] = (OFFICE,)
    port: int = field(default_factory=free_port)
    watched_folder: Path | None = None
    process: subprocess.Popen[bytes] | None = None

    @property
    def data_folder(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def start(self) -> None:
        """Start it; it may be started again after it has ended."""
        keys = self.folder / "api-keys"
        keys.write_text(
            "".join(f"{office} {hashlib.sha256(f'kunci-{office}'.encode()).hexdigest()}\n" for office in self.offices)
        )
        told = {
            "INGEST_KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "INGEST_OFFICES": ",".join(self.offices),
            "INGEST_DATA_FOLDER": str(self.data_folder),
            "INGEST_KEYS_FOLDER": str(self.keys_folder),
            "INGEST_API_KEYS_FILE": str(keys),
            "INGEST_HTTP_PORT": str(self.port),
        }
        if self.watched_folder is not None:
            told["INGEST_WATCHED_FOLDER"] = str(self.watched_folder)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(  # our own service
                [sys.executable, "-m", "services.ingest"], env={**os.environ, **told}, stderr=log, stdout=log
            )

    async def answers(self) -> None:
        """Wait until it does."""
        async with self.client() as client:

            async def alive() -> bool:
                assert self.process is not None
                assert self.process.poll() is None, self.log
                try:
                    return (await client.get("/livez")).is_success
                except httpx.TransportError:
                    return False

            await eventually(alive, within_seconds=20)

    def kill(self) -> None:
        """Kill it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self, within_seconds: float = 20) -> None:
        """Ask it to stop."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(within_seconds)

    def client(self, office: str = OFFICE) -> httpx.AsyncClient:
        """Return a client with the key of ``office``."""
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Authorization": f"Bearer kunci-{office}", "Content-Type": "application/x-ndjson"},
            timeout=30,
        )


@dataclass(frozen=True)
class Delivered:
    """What stands in an office's topic."""

    headers: list[BatchHeader]
    lines: dict[tuple[int, int], bytes]
    """By epoch and sequence; a record that was written twice counts once."""


class Topics:
    """Reads topics from their beginning."""

    def __init__(self, bootstrap_servers: str) -> None:
        """Read from Kafka at ``bootstrap_servers``."""
        self._bootstrap_servers = bootstrap_servers

    async def records(self, topic: str, partition: int = 0) -> list[Any]:
        """Return every record that is in the topic now."""
        return await records_in(self._bootstrap_servers, topic, partition)

    async def delivered(self, office: str, lane: Lane) -> Delivered:
        """Return what ``office`` has delivered; one number must always stand for one line."""
        headers: list[BatchHeader] = []
        lines: dict[tuple[int, int], bytes] = {}
        for record in await self.records(submitted(office, lane)):
            header = header_from(runtime_kafka.headers_in(record))
            assert header is not None
            assert (header.office, header.lane, record.key) == (office, lane, office.encode())
            carried = record.value.split(b"\n")
            assert len(carried) == header.count == header.last - header.first + 1
            headers.append(header)
            for sequence, line in enumerate(carried, start=header.first):
                assert lines.setdefault((header.epoch, sequence), line) == line, "a number stands for two lines"
        return Delivered(headers, lines)
