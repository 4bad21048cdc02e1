"""The desk: what stands held and why, newest first, without naming a voter."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, Field, ValidationError

from contracts.envelope import EPOCH_MAX, SEQUENCE_MAX, ClosedModel
from contracts.identifiers import Digest, KodeKantor, Lane
from contracts.verdict import Finding
from services.gateway.core.figure import Count
from services.gateway.core.mask import masked, public_subject
from services.gateway.core.row import Row
from services.gateway.core.summarise.decision import Decision, decisions_by_version
from services.gateway.core.summarise.finding import finding_in

_LANE: Final = "hasil"
_REVISION_MASK: Final = (1 << 32) - 1


class HeldRecord(ClosedModel):
    """One record that waits for a person, or for a correction."""

    office: Annotated[KodeKantor, Field(description="Whose record it is.")]
    subject: Annotated[str | None, Field(description="What it is about; null where that would name a voter.")]
    type: str
    epoch: Annotated[int, Field(description="Epoch of the numbering.")]
    sequence: Annotated[int, Field(description="Its number in the books of the office.")]
    revision: int
    digest: Annotated[Digest, Field(description="Names this very version: it is the `sasaran` of a decision.")]
    since: Annotated[AwareDatetime, Field(description="Since when the province has this version.")]
    findings: list[Finding]
    keputusan: Annotated[list[Decision], Field(description="What has been decided about this version.")]


class HeldGroup(ClosedModel):
    """How many records of one office stand held for one cause."""

    lane: Lane
    code: str
    office: KodeKantor
    records: Count
    since: Annotated[AwareDatetime, Field(description="Since when the oldest of them has been there.")]


class Desk(ClosedModel):
    """One page of it, or what there is by cause."""

    held: list[HeldRecord]
    next: Annotated[
        str | None, Field(description="Give it as `after` to read on; null at the end. It names a place, not a page.")
    ]
    groups: Annotated[
        list[HeldGroup] | None,
        Field(description="With `group=true`: counts by cause and office, the most first; voters only here."),
    ] = None


class HeldPlace(ClosedModel):
    """A place on the desk, from which to read on: it stays where it is when others arrive or go."""

    kind: Literal["held"] = "held"
    since: AwareDatetime
    office: KodeKantor
    epoch: Annotated[int, Field(ge=1, le=EPOCH_MAX)]
    sequence: Annotated[int, Field(ge=0, le=SEQUENCE_MAX)]


def desk_of(rows: Sequence[Row], findings: Iterable[Row], decisions: Iterable[Row], limit: int) -> Desk:
    """Return a page of at most ``limit``, from one row more than that when there is a next page."""
    found: dict[tuple[str, int, int], list[Finding]] = {}
    for row in findings:
        found.setdefault((row["office"], row["epoch"], row["sequence"]), []).append(finding_in(_LANE, row))
    decided = decisions_by_version(decisions)
    held = [
        HeldRecord(
            office=row["office"],
            subject=public_subject(_LANE, row["subject"]),
            type=masked(row["type"]),
            epoch=row["epoch"],
            sequence=row["sequence"],
            revision=row["version"] & _REVISION_MASK,
            digest=row["digest"].hex,
            since=row["since"],
            findings=found.get((row["office"], row["epoch"], row["sequence"]), []),
            keputusan=decided.get((row["office"], row["digest"]), []),
        )
        for row in rows[:limit]
    ]
    return Desk(held=held, next=_cursor(held[-1]) if len(rows) > limit else None)


def groups_of(rows: Iterable[Row]) -> Desk:
    """Return how many stand held, by cause and office."""
    names = ("lane", "code", "office", "records", "since")
    return Desk(held=[], next=None, groups=[HeldGroup(**{name: row[name] for name in names}) for row in rows])


def held_place_from(cursor: str) -> HeldPlace | None:
    """Return the place that ``cursor`` names, or ``None`` when it names none. Never raises."""
    try:
        return HeldPlace.model_validate_json(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=="))
    except (UnicodeEncodeError, binascii.Error, ValidationError):
        return None


def _cursor(last: HeldRecord) -> str:
    place = HeldPlace(since=last.since, office=last.office, epoch=last.epoch, sequence=last.sequence)
    return base64.urlsafe_b64encode(place.model_dump_json().encode()).decode().rstrip("=")
