"""A validator as a process of its own, to be killed at will, with offices that push and readers of what it leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.admin import DescribeGroupsRequest
from aiokafka.protocol.group import LeaveGroupRequest
from faststream.kafka import KafkaBroker

from contracts.batch import BatchHeader, LineFindings, findings_from, header_from
from contracts.identifiers import LANES, Lane
from contracts.objection import Objection
from contracts.reference.wilayah import wilayah_of
from contracts.topics import ACCEPTED_PARTITIONS, REJECTED, accepted, partition_of, submitted
from deploy.embedded.ports import free_port
from services.runtime import kafka as runtime_kafka
from tests.builders import OFFICE, PROVINCE, Batch
from tests.eventually import eventually
from tests.integration.records import records_in


@dataclass
class Validator:
    """One validator process."""

    log_file: Path
    keys_folder: Path
    kafka: str
    told: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def start(self) -> None:
        """Start it; it may be started again after it has ended."""
        told = {
            "VALIDATOR_KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "VALIDATOR_KEYS_FOLDER": str(self.keys_folder),
            "VALIDATOR_HTTP_HOST": "127.0.0.1",
            "VALIDATOR_HTTP_PORT": str(self.port),
            **self.told,
        }
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(  # our own service
                [sys.executable, "-m", "services.validator"], env={**os.environ, **told}, stderr=log, stdout=log
            )

    async def ready(self) -> dict[str, bool] | None:
        """Return what it says about itself, or ``None`` while it does not answer."""
        assert self.process is not None
        assert self.process.poll() is None, self.log
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=10) as client:
            try:
                said: dict[str, bool] = (await client.get("/readyz")).json()
            except httpx.TransportError:
                return None
        return said

    async def metrics(self) -> str:
        """Return what it counts."""
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=10) as client:
            return (await client.get("/metrics/")).text

    async def judges(self) -> None:
        """Wait until it has Kafka; the register is read when the first result comes."""

        async def connected() -> bool:
            said = await self.ready()
            return said is not None and said["kafka"]

        await eventually(connected, within_seconds=20)

    def kill(self) -> None:
        """Kill it as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    async def dies_alone(self) -> None:
        """Kill it, and tell its groups that nobody is left, for which they would wait as long as a session lasts.

        What a takeover is worth that has to wait, the test with two instances shows.
        """
        self.kill()
        client = AIOKafkaClient(bootstrap_servers=self.kafka, client_id="test")
        await client.bootstrap()
        try:
            for group in (f"validator-{lane}" for lane in LANES):
                # One by one: the library misreads an answer about several groups.
                described = await client.send(client.get_random_node(), DescribeGroupsRequest([group]))
                [(_, _, _, _, _, members)] = described.groups
                for member_id, *_ in members:
                    await client.send(client.get_random_node(), LeaveGroupRequest(group, member_id))
        finally:
            await client.close()

    def leave(self) -> None:
        """Stop it if it still runs, and kill it if it does not stop."""
        if self.process is not None and self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.kill()
                raise

    def stop(self, within_seconds: float = 20) -> None:
        """Ask it to stop, and see that it does in time."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(within_seconds)


@dataclass(frozen=True)
class Outcome:
    """What became of the numbers of one office, lane and epoch; what was written twice counts once."""

    lines: dict[int, bytes]
    settled: set[int]
    objections: dict[int, Objection]
    headers: list[BatchHeader]
    findings: dict[int, LineFindings]

    @property
    def rejected(self) -> set[int]:
        return {sequence for sequence, said in self.objections.items() if said.verdict == "rejected"}

    @property
    def held(self) -> set[int]:
        return {sequence for sequence, said in self.objections.items() if said.verdict == "held"}


class Province:
    """Pushes like ingest and reads like sync."""

    def __init__(self, bootstrap_servers: str, broker: KafkaBroker) -> None:
        """Use an open broker to push."""
        self._bootstrap_servers = bootstrap_servers
        self._broker = broker

    @classmethod
    @asynccontextmanager
    async def at(cls, bootstrap_servers: str) -> AsyncIterator[Province]:
        """Lend one that is connected."""
        broker = runtime_kafka.connect(bootstrap_servers, client_id="test")
        await broker.start()
        try:
            yield cls(bootstrap_servers, broker)
        finally:
            await broker.stop()

    async def push(self, batch: Batch, *, office: str = OFFICE, lane: Lane = "hasil") -> None:
        """Write ``batch`` to the topic of ``office``."""
        await self._broker.publish(
            batch.value, topic=submitted(office, lane), key=office.encode(), partition=0, headers=batch.headers
        )

    async def records(self, topic: str, partition: int = 0) -> list[Any]:
        """Return every record that is in the topic now."""
        return await records_in(self._bootstrap_servers, topic, partition)

    async def objections(self, office: str = OFFICE) -> list[Objection]:
        """Return everything the office was told."""
        place = partition_of(office, wilayah_of(PROVINCE).offices)
        return [
            said
            for record in await self.records(REJECTED, place)
            for line in record.value.split(b"\n")
            if (said := Objection.model_validate_json(line)).office == office
        ]

    async def outcome(self, office: str = OFFICE, lane: Lane = "hasil", *, epoch: int = 1) -> Outcome:
        """Return what became of the office's numbers; a number must never have two outcomes."""
        place = partition_of(office, wilayah_of(PROVINCE).offices)
        assert 0 <= place < ACCEPTED_PARTITIONS
        lines: dict[int, bytes] = {}
        settled: set[int] = set()
        headers: list[BatchHeader] = []
        findings: dict[int, LineFindings] = {}
        for record in await self.records(accepted(lane), place):
            named = runtime_kafka.headers_in(record)
            header = header_from(named)
            assert header is not None
            if (header.office, header.lane, header.epoch) != (office, lane, epoch):
                continue
            assert record.key == office.encode()
            headers.append(header)
            settled |= set(range(header.first, header.last + 1))
            carried = record.value.split(b"\n") if record.value else []
            assert len(carried) == header.count
            for line in carried:
                sequence = int(line.split(b'"sequence":')[1].split(b",")[0])
                assert header.first <= sequence <= header.last
                assert lines.setdefault(sequence, line) == line
            findings.update({entry.sequence: entry for entry in findings_from(named)})
        objections = {
            said.sequence: said
            for said in await self.objections(office)
            if (said.lane, said.epoch) == (lane, epoch) and said.sequence > 0
        }
        found = Outcome(lines, settled, objections, headers, findings)
        assert not found.rejected & lines.keys(), "what was rejected has gone on"
        return found

    async def settles(
        self,
        numbers: Sequence[int],
        office: str = OFFICE,
        lane: Lane = "hasil",
        *,
        within_seconds: float = 30,
    ) -> Outcome:
        """Wait until every one of ``numbers`` has its outcome, and return all of them."""

        async def complete() -> Outcome | None:
            found = await self.outcome(office, lane)
            # Both sides: what is settled and has not gone on must have been objected to.
            missing = found.settled - found.lines.keys() - found.rejected
            return found if found.settled >= set(numbers) and not missing else None

        outcome: Outcome = await eventually(complete, within_seconds)
        return outcome
