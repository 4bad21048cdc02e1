"""Every Kafka topic: its name, partitions and lifetime; and which partition an office writes to.

Topics are created by ``python -m services.runtime.topics`` before anything starts; no broker
setting creates one by mistake. Results and voters have topics of their own, so that a result
never queues behind a bulk load.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from contracts.identifiers import LANES, Lane

CHANGES_PER_RECORD_MAX: Final = 1_000
"""A Kafka record carries at most so many changes …"""
BYTES_PER_RECORD_MAX: Final = 512 * 1024
"""… and at most so many bytes of them, before compression."""
MESSAGE_BYTES_MAX: Final = 2 * 1024 * 1024
"""What topics admit: a full record with findings beside every line."""

ACCEPTED_PARTITIONS: Final = 9
"""How many sync instances can share the work: each office has one of these partitions."""

REJECTED: Final = "rejected"
REFERENCE: Final = "reference"
PROGRESS: Final = "progress"

_HOUR_MS: Final = 3_600_000
_FOREVER_MS: Final = -1


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic as it must exist."""

    name: str
    partitions: int
    retention_ms: int = 14 * 24 * _HOUR_MS
    """Two weeks: longer than any office has been off line (FAULTS.md, ``dark``)."""
    compacted: bool = False

    @property
    def config(self) -> dict[str, str]:
        """The broker's settings for it."""
        return {
            "cleanup.policy": "compact" if self.compacted else "delete",
            "retention.ms": str(_FOREVER_MS if self.compacted else self.retention_ms),
            "max.message.bytes": str(MESSAGE_BYTES_MAX),
        }


def submitted(office: str, lane: Lane) -> str:
    """Return the topic into which ``office`` pushes its changes of ``lane``."""
    return f"submitted-{office}-{lane}"


def accepted(lane: Lane) -> str:
    """Return the topic of the changes of ``lane`` that the validator let through."""
    return f"accepted-{lane}"


def all_topics(offices: Iterable[str]) -> Iterator[Topic]:
    """Yield every topic that a province with these offices needs."""
    for office in offices:
        for lane in LANES:
            yield Topic(submitted(office, lane), partitions=1)
    for lane in LANES:
        yield Topic(accepted(lane), partitions=ACCEPTED_PARTITIONS)
    yield Topic(REJECTED, partitions=ACCEPTED_PARTITIONS)
    # Who registered which TPS: the validator's memory. One partition, so that "read to its end" is one position.
    yield Topic(REFERENCE, partitions=1, compacted=True)
    # How far each service has come with each office: the newest statement under each key is all that counts.
    yield Topic(PROGRESS, partitions=1, compacted=True)


def partition_of(office: str, offices: Sequence[str]) -> int:
    """Return the partition that carries everything of ``office`` in the shared topics.

    By position in the sorted list instead of by hash: 27 keys hashed on 9 partitions leave some empty
    and give others six offices.
    """
    return offices.index(office) % ACCEPTED_PARTITIONS
