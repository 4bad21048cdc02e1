"""Apache Kafka as a child process: one KRaft node on loopback that keeps its data and port in a folder."""

from __future__ import annotations

import shutil
import signal
import socket
import struct
import subprocess
from pathlib import Path
from typing import Final

from contracts.topics import MESSAGE_BYTES_MAX
from deploy.embedded import jars
from deploy.embedded.errors import EmbeddedServerError
from deploy.embedded.ports import LOOPBACK, remembered_port
from deploy.embedded.process import ServerProcess

_CLUSTER_ID: Final = "c2F0dS1wZXRhLWRhdGEtMQ"
"""Sixteen bytes in base64; the same everywhere, for no two of these clusters ever meet."""
_READY_SECONDS_MAX: Final = 60.0
_FORMAT_SECONDS_MAX: Final = 60.0
_MIB: Final = 1024 * 1024
_METADATA_KEY: Final = 3
_ANSWER_HEAD: Final = struct.Struct(">iii")
"""Length, number of the question, number of brokers."""
_ANSWER_SECONDS_MAX: Final = 2.0

_SETTINGS: Final = f"""\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://{LOOPBACK}:{{port}},CONTROLLER://{LOOPBACK}:{{controller_port}}
advertised.listeners=PLAINTEXT://{LOOPBACK}:{{port}}
controller.listener.names=CONTROLLER
controller.quorum.voters=1@{LOOPBACK}:{{controller_port}}
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={{data}}
# A typo must fail, not become a topic.
auto.create.topics.enable=false
# After a kill the broker serves again once its old session has expired: 3 s instead of 9.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
# A full record with findings beside every line must pass, here and on every way it takes.
message.max.bytes={MESSAGE_BYTES_MAX}
replica.fetch.max.bytes={MESSAGE_BYTES_MAX}
socket.request.max.bytes={16 * MESSAGE_BYTES_MAX}
# One node: there is nobody to copy to.
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=2
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=2
# The first consumer of a group need not wait for others that never come.
group.initial.rebalance.delay.ms=0
# Two cores, shared with everything else. The cleaner's default alone would take 128 MiB of the heap.
num.network.threads=2
num.io.threads=4
background.threads=2
num.recovery.threads.per.data.dir=2
log.cleaner.dedupe.buffer.size={8 * _MIB}
log.segment.bytes={64 * _MIB}
log.index.size.max.bytes={_MIB}
# Positions outlive the longest time an office has been off line, as the topics do.
offsets.retention.minutes={21 * 24 * 60}
"""


class EmbeddedKafka:
    """One real Kafka. What was written stays: ``start`` after ``stop`` or ``kill`` finds it at the same port."""

    def __init__(self, folder: Path, port: int | None = None, *, heap: str = "512m") -> None:
        """Choose the folder that holds everything, and the size of the heap as Java writes it."""
        self._folder = folder.resolve()
        self._wanted_port = port
        self._port: int | None = None
        self._heap = heap
        self._process = ServerProcess("Kafka", self._folder, signal.SIGTERM)

    @property
    def bootstrap_servers(self) -> str:
        """``host:port`` for clients; known once it has been started."""
        assert self._port is not None, "Kafka has not been started"
        return f"{LOOPBACK}:{self._port}"

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process.is_running

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid

    def start(self) -> None:
        """Start it and return when it serves.

        Raises:
            EmbeddedServerError: it cannot run; the message says why and what to do.
        """
        if self.is_running:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        class_path = jars.class_path()
        self._process.claim()
        try:
            settings = self._configured()
            self._format_once(class_path, settings)
            command = [*self._java(), "-cp", class_path, "kafka.Kafka", str(settings)]
            port = self._port
            assert port is not None, "settings name the port"
            self._process.start(command, lambda: serves(port), _READY_SECONDS_MAX)
        except BaseException:
            self._process.kill()
            raise

    def stop(self) -> None:
        """Shut it down cleanly."""
        self._process.stop()

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self._process.kill()

    def remove(self) -> None:
        """End it and delete its data."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _configured(self) -> Path:
        """Write the settings of this start and return their file."""
        self._port = remembered_port(self._folder / "port", self._wanted_port)
        controller_port = remembered_port(self._folder / "controller_port")
        file = self._folder / "server.properties"
        text = _SETTINGS.format(port=self._port, controller_port=controller_port, data=self._folder / "data")
        file.write_text(text, "utf-8")
        return file

    def _format_once(self, class_path: str, settings: Path) -> None:
        if (self._folder / "data" / "meta.properties").exists():
            return
        # A format that was cut short leaves a folder that neither starts nor formats.
        shutil.rmtree(self._folder / "data", ignore_errors=True)
        command = [*self._java(), "-cp", class_path, "kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c"]
        done = subprocess.run(  # noqa: S603  # our own command
            [*command, str(settings)],
            capture_output=True,
            text=True,
            timeout=_FORMAT_SECONDS_MAX,
            check=False,
            start_new_session=True,  # Ctrl-C in the terminal is for whoever started us
        )
        if done.returncode:
            message = f"Kafka's data folder {self._folder} cannot be prepared:\n{done.stdout}{done.stderr}"
            raise EmbeddedServerError(message)

    def _java(self) -> list[str]:
        # The heap starts small and grows: most tests and demos never need all of it. And on two cores that are shared,
        # the optimising compiler takes more in the first minutes than it gives: a third of what Kafka costs.
        options = [f"-Xmx{self._heap}", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        options.append("-XX:+ExitOnOutOfMemoryError")
        return ["java", *options, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]


def serves(port: int) -> bool:
    """Return whether the broker at ``port`` is among the live ones of its own cluster.

    An open port is not enough: after a kill a broker listens long before it may lead a partition
    again. So it is asked for the brokers it knows, in the oldest form of that question.
    """
    client = b"embedded"
    question = struct.pack(">hhih", _METADATA_KEY, 1, 1, len(client)) + client + struct.pack(">i", 0)
    try:
        with socket.create_connection((LOOPBACK, port), timeout=_ANSWER_SECONDS_MAX) as connection:
            connection.sendall(struct.pack(">i", len(question)) + question)
            answer = connection.recv(_ANSWER_HEAD.size, socket.MSG_WAITALL)
    except OSError:
        return False
    if len(answer) < _ANSWER_HEAD.size:
        return False
    _, _, brokers = _ANSWER_HEAD.unpack(answer)
    return bool(brokers > 0)
