"""Kafka and PostgreSQL in containers, through testcontainers, from the official images."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Final

# Read when testcontainers is imported: no helper image is asked for, `remove` cleans up instead.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")

from docker.errors import DockerException
from testcontainers.core.container import DockerContainer

from contracts.topics import MESSAGE_BYTES_MAX
from deploy.embedded.errors import EmbeddedServerError
from deploy.embedded.kafka import serves
from deploy.embedded.ports import LOOPBACK, free_port
from deploy.embedded.postgres import psql
from tests.containers.images import image

_START_SECONDS_MAX: Final = 90.0
_STOP_SECONDS_MAX: Final = 20
_POLL_SECONDS: Final = 0.1


class _ServerContainer:
    """A container that keeps its port, and its data until it is removed."""

    def __init__(self, container: DockerContainer, inner_port: int, serves: Callable[[int], bool]) -> None:
        self._port = free_port()
        self._serves = serves
        # Docker would choose another port at every start, and publish it to the whole network.
        container.ports[f"{inner_port}/tcp"] = (LOOPBACK, self._port)  # type: ignore[assignment]  # docker-py takes both
        self._container = container
        self._was_started = False

    @property
    def is_running(self) -> bool:
        """Whether it is there."""
        if not self._was_started:
            return False
        wrapped = self._container.get_wrapped_container()
        wrapped.reload()
        return bool(wrapped.status == "running")

    def start(self) -> None:
        """Start it, or start it again, and return when it serves."""
        if self._was_started:
            self._container.get_wrapped_container().start()
        else:
            self._container.start()
            self._was_started = True
        deadline = time.monotonic() + _START_SECONDS_MAX
        while not self._serves(self._port):
            if time.monotonic() > deadline or not self.is_running:
                logs = b"\n".join(self._container.get_logs()).decode(errors="replace")
                message = f"{self._container.image} does not serve:\n{logs[-4000:]}"
                raise EmbeddedServerError(message)
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """Shut it down cleanly."""
        self._container.get_wrapped_container().stop(timeout=_STOP_SECONDS_MAX)

    def kill(self) -> None:
        """Kill it as a power cut would."""
        if self.is_running:
            self._container.get_wrapped_container().kill()

    def remove(self) -> None:
        """Delete it with its data."""
        self._container.stop()


class KafkaContainer(_ServerContainer):
    """The official image of Apache Kafka as one KRaft node."""

    def __init__(self) -> None:
        """Describe the container; nothing runs yet."""
        inner = 9092
        container = _container(image("KAFKA_IMAGE"))
        super().__init__(container, inner, serves)
        container.with_envs(
            KAFKA_PROCESS_ROLES="broker,controller",
            KAFKA_NODE_ID="1",
            KAFKA_LISTENERS=f"PLAINTEXT://:{inner},CONTROLLER://:9093",
            KAFKA_ADVERTISED_LISTENERS=f"PLAINTEXT://{LOOPBACK}:{self._port}",
            KAFKA_CONTROLLER_LISTENER_NAMES="CONTROLLER",
            KAFKA_CONTROLLER_QUORUM_VOTERS="1@localhost:9093",
            KAFKA_INTER_BROKER_LISTENER_NAME="PLAINTEXT",
            KAFKA_LISTENER_SECURITY_PROTOCOL_MAP="CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            KAFKA_AUTO_CREATE_TOPICS_ENABLE="false",
            KAFKA_BROKER_SESSION_TIMEOUT_MS="3000",
            KAFKA_BROKER_HEARTBEAT_INTERVAL_MS="500",
            KAFKA_MESSAGE_MAX_BYTES=str(MESSAGE_BYTES_MAX),
            KAFKA_REPLICA_FETCH_MAX_BYTES=str(MESSAGE_BYTES_MAX),
            KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR="1",
            KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS="4",
            KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR="1",
            KAFKA_TRANSACTION_STATE_LOG_MIN_ISR="1",
            KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR="1",
            KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR="1",
            KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS="0",
        )

    @property
    def bootstrap_servers(self) -> str:
        """``host:port`` for clients."""
        return f"{LOOPBACK}:{self._port}"


class PostgresContainer(_ServerContainer):
    """The official image of PostgreSQL, without a password: only this machine can reach it."""

    def __init__(self) -> None:
        """Describe the container; nothing runs yet."""
        container = _container(image("POSTGRES_IMAGE"))
        container.with_env("POSTGRES_HOST_AUTH_METHOD", "trust")
        container.with_command("postgres -c fsync=off -c full_page_writes=off")
        super().__init__(container, 5432, _answers)

    def dsn(self, database: str = "satupeta", user: str = "postgres") -> str:
        """Return where clients find ``database``."""
        return _dsn(self._port, database, user)


def _container(image: str) -> DockerContainer:
    try:
        return DockerContainer(image)
    except DockerException as error:
        message = f"no container engine answers ({error}). Start Docker, or leave SERVERS unset for embedded servers"
        raise EmbeddedServerError(message) from error


def _dsn(port: int, database: str, user: str) -> str:
    return f"postgresql://{user}@{LOOPBACK}:{port}/{database}"


def _answers(port: int) -> bool:
    try:
        return psql(_dsn(port, "postgres", "postgres"), "SELECT 1") == "1"
    except EmbeddedServerError:
        return False
