"""Contradictions between records, without naming a voter."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

import orjson
from pydantic import AwareDatetime, Field, JsonValue, StringConstraints, ValidationError

from contracts.envelope import ClosedModel
from contracts.identifiers import KodeKantor
from services.gateway.core.figure import Count
from services.gateway.core.mask import masked
from services.gateway.core.row import Row

CaseId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
State = Literal["open", "decided", "closed"]


class Case(ClosedModel):
    """One contradiction: never a verdict on who is right."""

    id: CaseId
    code: str
    about: Annotated[str, Field(description="TPS, wilayah or period; of voters the id of the case itself.")]
    offices: list[KodeKantor]
    state: Annotated[State, Field(description="decided: a person has said what it means; closed: it is gone.")]
    opened_time: AwareDatetime
    changed_time: AwareDatetime
    closed_time: AwareDatetime | None
    seen: str
    expected: str
    evidence: JsonValue


class CasePage(ClosedModel):
    """One page of them."""

    cases: list[Case]
    next: Annotated[str | None, Field(description="Give it as `after` to read on; null at the end.")]


class CaseCount(ClosedModel):
    """How many cases of one code and state concern one office; a case of two offices counts at each."""

    code: str
    office: KodeKantor
    state: State
    cases: Count


class CaseCounts(ClosedModel):
    """All of them."""

    counts: list[CaseCount]


class TrailStep(ClosedModel):
    """One thing that became of a case."""

    time: AwareDatetime
    action: Literal["opened", "changed", "reopened", "closed", "decided"]
    offices: list[KodeKantor]
    seen: str
    expected: str
    evidence: JsonValue
    putusan: Annotated[str | None, Field(description="What a person decided; null for all but decisions.")]
    alasan: str | None
    jabatan: Annotated[str | None, Field(description="Role of the officer; never a name.")]


class CaseWithTrail(ClosedModel):
    """A case with all that became of it, in order."""

    case: Case
    trail: list[TrailStep]


class CasePlace(ClosedModel):
    """A place in the list, from which to read on."""

    opened_time: AwareDatetime
    id: CaseId


def case_page_of(rows: Sequence[Row], limit: int) -> CasePage:
    """Return a page of at most ``limit``, from one row more than that when there is a next page."""
    shown = [case_of(row) for row in rows[:limit]]
    following = None
    if len(rows) > limit:
        place = CasePlace(opened_time=shown[-1].opened_time, id=shown[-1].id)
        following = base64.urlsafe_b64encode(place.model_dump_json().encode()).decode().rstrip("=")
    return CasePage(cases=shown, next=following)


def case_place_from(cursor: str) -> CasePlace | None:
    """Return the place that ``cursor`` names, or ``None`` when it names none. Never raises."""
    try:
        return CasePlace.model_validate_json(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=="))
    except (UnicodeEncodeError, binascii.Error, ValidationError):
        return None


def case_of(row: Row) -> Case:
    """Return one case."""
    return Case(
        id=str(row["id"]),
        code=row["code"],
        about=masked(row["about"]) if row["about"] != str(row["id"]) else row["about"],
        offices=list(row["offices"]),
        state=row["state"],
        opened_time=row["opened_time"],
        changed_time=row["changed_time"],
        closed_time=row["closed_time"],
        seen=masked(row["seen"]),
        expected=masked(row["expected"]),
        evidence=orjson.loads(masked(row["evidence"])),
    )


def trail_of(rows: Iterable[Row]) -> list[TrailStep]:
    """Return what became of a case."""
    return [
        TrailStep(
            time=row["time"],
            action=row["action"],
            offices=list(row["offices"]),
            seen=masked(row["seen"]),
            expected=masked(row["expected"]),
            evidence=orjson.loads(masked(row["evidence"])),
            **{name: row[name] and masked(row[name]) for name in ("putusan", "alasan", "jabatan")},
        )
        for row in rows
    ]


def case_counts_of(rows: Iterable[Row]) -> list[CaseCount]:
    """Return how many cases concern each office."""
    return [CaseCount(code=row["code"], office=row["office"], state=row["state"], cases=row["cases"]) for row in rows]
