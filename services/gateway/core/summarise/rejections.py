"""What was refused and why, newest first, without naming a voter."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from contracts.envelope import EPOCH_MAX, SEQUENCE_MAX, ClosedModel
from contracts.identifiers import KodeKantor, Lane
from contracts.verdict import Finding
from services.gateway.core.figure import Count
from services.gateway.core.mask import masked, public_subject, public_text
from services.gateway.core.row import Row
from services.gateway.core.summarise.finding import public_finding

_FINDINGS: Final = TypeAdapter(list[Finding])
# A transaction of sync carries no more changes than this, so no place has more to skip.
_SKIP_MAX: Final = 1_000_000


class Rejection(ClosedModel):
    """One change that was not taken."""

    lane: Lane
    office: KodeKantor
    epoch: int
    sequence: Annotated[int, Field(description="Its number; 0 for what carries no readable numbering.")]
    id: Annotated[str, Field(description="The office's id, or the place on Kafka of what carries no numbering.")]
    type: str
    subject: Annotated[str | None, Field(description="What it is about; null where that would name a voter.")]
    codes: list[str]
    findings: list[Finding]
    received_time: AwareDatetime


class Rejections(ClosedModel):
    """One page of them."""

    rejections: list[Rejection]
    next: Annotated[
        str | None, Field(description="Give it as `after` to read on; null at the end. It names a place, not a page.")
    ]


class RejectionGroup(ClosedModel):
    """How often one reason was given."""

    lane: Lane
    code: str
    changes: Count
    newest_time: AwareDatetime


class RejectionGroups(ClosedModel):
    """All reasons, the most frequent first."""

    groups: list[RejectionGroup]


class Place(ClosedModel):
    """A place in the list, from which to read on: it stays where it is when others arrive.

    It carries no id, because an office may have put a NIK into one. Refusals that differ by their id alone were
    stored in one transaction and never grow in number: how many of them have been shown is as good.
    """

    received_time: AwareDatetime
    lane: Lane
    office: KodeKantor
    epoch: Annotated[int, Field(ge=1, le=EPOCH_MAX)]
    sequence: Annotated[int, Field(ge=0, le=SEQUENCE_MAX)]
    skip: Annotated[int, Field(ge=1, le=_SKIP_MAX)]


def page_of(rows: Sequence[Row], limit: int, after: Place | None) -> Rejections:
    """Return a page of at most ``limit``, from one row more than that when there is a next page."""
    shown = rows[:limit]
    return Rejections(
        rejections=[_rejection(row) for row in shown],
        next=_cursor(shown, after) if len(rows) > limit else None,
    )


def groups_of(rows: Iterable[Row]) -> list[RejectionGroup]:
    """Return how often each reason was given."""
    return [
        RejectionGroup(lane=row["lane"], code=row["code"], changes=row["changes"], newest_time=row["newest_time"])
        for row in rows
    ]


def place_from(cursor: str) -> Place | None:
    """Return the place that ``cursor`` names, or ``None`` when it names none. Never raises."""
    try:
        return Place.model_validate_json(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=="))
    except (UnicodeEncodeError, binascii.Error, ValidationError):
        return None


def _rejection(row: Row) -> Rejection:
    return Rejection(
        lane=row["lane"],
        office=row["office"],
        epoch=row["epoch"],
        sequence=row["sequence"],
        id=public_text(row["lane"], row["id"]),
        type=masked(row["type"]),
        subject=public_subject(row["lane"], row["subject"]),
        codes=list(row["codes"]),
        findings=[public_finding(row["lane"], finding) for finding in _FINDINGS.validate_json(row["findings"])],
        received_time=row["received_time"],
    )


def _cursor(shown: Sequence[Row], after: Place | None) -> str:
    last = _place_columns(shown[-1])
    skip = sum(1 for row in shown if _place_columns(row) == last)
    if after is not None and skip == len(shown) and last == tuple(after.model_dump(exclude={"skip"}).values()):
        skip += after.skip
    received, lane, office, epoch, sequence = last
    place = Place(received_time=received, lane=lane, office=office, epoch=epoch, sequence=sequence, skip=skip)
    return base64.urlsafe_b64encode(place.model_dump_json().encode()).decode().rstrip("=")


def _place_columns(row: Row) -> tuple[Any, ...]:
    return row["received_time"], row["lane"], row["office"], row["epoch"], row["sequence"]
