"""One office in detail: its lanes, what was refused or held and why, and the holes in its numbering."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AwareDatetime, Field

from contracts.envelope import ClosedModel
from contracts.identifiers import KodeKantor, Lane
from services.gateway.core.figure import Count
from services.gateway.core.row import Row
from services.gateway.core.summarise.rejections import RejectionGroup, groups_of
from services.gateway.core.summarise.status import LaneStatus, Status


class Hole(ClosedModel):
    """A stretch of numbers not seen although later ones have been."""

    lane: Lane
    epoch: int
    first: int
    last: int


class EpochBooks(ClosedModel):
    """How far one lane has come in one epoch of the office's numbering."""

    lane: Lane
    epoch: int
    stamped: Annotated[Count, Field(description="Newest number that the office has given, by its own word.")]
    published: Annotated[Count, Field(description="Newest number that Kafka has confirmed to the office.")]
    through: Annotated[Count, Field(description="Every number up to this one has been seen.")]
    seen: Annotated[Count, Field(description="How many numbers have been seen in all.")]


class HeldGroup(ClosedModel):
    """What was held for one reason."""

    lane: Lane
    code: str
    changes: Annotated[Count, Field(description="Changes that were ever held with this finding.")]
    standing: Annotated[
        Count | None,
        Field(description="Records held with it at this moment; null for voters, whose records nobody reads here."),
    ]


class OfficeDetail(ClosedModel):
    """One office."""

    as_of: AwareDatetime
    office: KodeKantor
    nama: str
    lanes: list[LaneStatus]
    epochs: list[EpochBooks]
    holes: Annotated[list[Hole], Field(description="The first 100 holes in the numbering.")]
    rejected_by_code: list[RejectionGroup]
    held_by_code: list[HeldGroup]


def office_of(
    status: Status, *, epochs: Iterable[Row], holes: Iterable[Row], rejected: Iterable[Row], held: Iterable[Row]
) -> OfficeDetail:
    """Return the detail of the one office in ``status``."""
    [office] = status.offices
    return OfficeDetail(
        as_of=status.as_of,
        office=office.office,
        nama=office.nama,
        lanes=office.lanes,
        epochs=[
            EpochBooks(
                lane=row["lane"],
                epoch=row["epoch"],
                stamped=row["stamped"],
                published=row["published"],
                through=row["through"],
                seen=row["seen"],
            )
            for row in epochs
        ],
        holes=[Hole(lane=row["lane"], epoch=row["epoch"], first=row["first"], last=row["last"]) for row in holes],
        rejected_by_code=groups_of(rejected),
        held_by_code=[
            HeldGroup(lane=row["lane"], code=row["code"], changes=row["changes"], standing=row["standing"])
            for row in held
        ],
    )
