"""Progress: how far ingest and sync have come with one office and lane.

Statements travel on the compacted topic ``progress`` under the key ``<office>/<lane>/<service>``;
only the newest under each key counts. They carry positions and counts, never changes, so losing
one loses nothing: the next says more.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from contracts.envelope import EPOCH_MAX, SEQUENCE_MAX, ClosedModel
from contracts.identifiers import KodeKantor, Lane

Position = Annotated[int, Field(ge=0, le=SEQUENCE_MAX)]
Epoch = Annotated[int, Field(ge=1, le=EPOCH_MAX)]


class Heartbeat(ClosedModel):
    """Ingest: so many changes were taken and so many have reached Kafka."""

    kind: Literal["heartbeat"] = "heartbeat"
    office: KodeKantor
    lane: Lane
    epoch: Epoch
    stamped: Position
    """Sequence of the newest change that has a receipt."""
    published: Position
    """Sequence of the newest change that Kafka has confirmed; all before it are confirmed too."""
    recorded_time: AwareDatetime | None
    """When the newest change was taken."""
    sent_time: AwareDatetime


class Merged(ClosedModel):
    """Sync: everything up to ``through`` has its final outcome in the provincial store."""

    kind: Literal["merged"] = "merged"
    office: KodeKantor
    lane: Lane
    epoch: Epoch
    through: Position
    held: Position
    """How many of them were held, …"""
    rejected: Position
    """… and how many rejected, as far as the store knows."""
    merged_time: AwareDatetime


def progress_key(office: str, lane: str, service: Literal["ingest", "sync"]) -> str:
    """Return the key under which a statement replaces its predecessor."""
    return f"{office}/{lane}/{service}"
