"""The real Kafka and PostgreSQL that tests run against, started when a test first asks for them.

They are child processes by default and containers with ``SERVERS=containers``: the tests are the same.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Protocol

from deploy.embedded.kafka import EmbeddedKafka
from deploy.embedded.postgres import EmbeddedPostgres


class Server(Protocol):
    """What a test may do to a server; its data and its port stay whatever happens."""

    @property
    def is_running(self) -> bool:
        """Whether it is there."""

    def start(self) -> None:
        """Start it, or start it again, and return when it serves."""

    def stop(self) -> None:
        """Shut it down cleanly."""

    def kill(self) -> None:
        """Kill it as a power cut would."""

    def remove(self) -> None:
        """End it and delete its data."""


class Kafka(Server, Protocol):
    """A Kafka of one's own."""

    @property
    def bootstrap_servers(self) -> str:
        """``host:port`` for clients."""


class Postgres(Server, Protocol):
    """A PostgreSQL of one's own."""

    def dsn(self, database: str = "satupeta", user: str = "postgres") -> str:
        """Return where clients find ``database``."""


class Servers:
    """One Kafka and one PostgreSQL for all tests of a run."""

    def __init__(self) -> None:
        """Start with none."""
        self._folder = Path(tempfile.mkdtemp(prefix="satupeta-test-"))
        # PostgreSQL runs as an ordinary user when the tests run as root, and must be able to enter.
        self._folder.chmod(0o755)
        self._kafka: Kafka | None = None
        self._postgres: Postgres | None = None

    def kafka(self) -> Kafka:
        """Return Kafka, running."""
        if self._kafka is None:
            self._kafka = _new_kafka(self._folder / "kafka")
            self._kafka.start()
        return self._kafka

    def postgres(self) -> Postgres:
        """Return PostgreSQL, running."""
        if self._postgres is None:
            self._postgres = _new_postgres(self._folder / "postgres")
            self._postgres.start()
        return self._postgres

    def restore(self) -> None:
        """Start again what a test left dead, so that the next one does not pay for it."""
        for server in (self._kafka, self._postgres):
            if server is not None and not server.is_running:
                server.start()

    def end(self) -> None:
        """End them and delete their data."""
        for server in (self._kafka, self._postgres):
            if server is not None:
                server.remove()
        shutil.rmtree(self._folder, ignore_errors=True)


def in_containers() -> bool:
    """Return whether servers run in containers."""
    return os.environ.get("SERVERS", "embedded") == "containers"


def _new_kafka(folder: Path) -> Kafka:
    if in_containers():
        from tests.containers_of_servers import KafkaContainer  # noqa: PLC0415  # needs a container engine

        return KafkaContainer()
    return EmbeddedKafka(folder)


def _new_postgres(folder: Path) -> Postgres:
    if in_containers():
        from tests.containers_of_servers import PostgresContainer  # noqa: PLC0415  # needs a container engine

        return PostgresContainer()
    return EmbeddedPostgres(folder, durable=False, settings={"shared_buffers": "128MB"})
