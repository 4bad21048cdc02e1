"""Where every office stands: its books, how far behind it is, and who must act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from contracts.envelope import ClosedModel
from contracts.identifiers import KodeKantor, Lane
from services.gateway.core.colour import Colour, Evidence, Limits, State, seconds_since, state_of
from services.gateway.core.figure import Count, newest
from services.gateway.core.neraca import Neraca, neraca_of, together
from services.gateway.core.row import Row

Seconds = Annotated[float, Field(ge=0)]


class Queue(ClosedModel):
    """Where the changes in flight wait."""

    office: Annotated[Count, Field(description="In the office's spool, not yet confirmed by Kafka.")]
    province: Annotated[Count, Field(description="On Kafka, not yet judged and merged.")]


class LaneStatus(ClosedModel):
    """One lane of one office."""

    lane: Lane
    state: State
    neraca: Neraca
    queue: Queue
    last_event_time: Annotated[
        AwareDatetime | None, Field(description="When the office recorded the newest change that is merged.")
    ]
    merged_time: Annotated[AwareDatetime | None, Field(description="When the store last merged something of it.")]
    heartbeat_time: Annotated[AwareDatetime | None, Field(description="When the office last said how far it is.")]
    heartbeat_age_seconds: Seconds | None
    proven_time: Annotated[
        AwareDatetime | None,
        Field(description="Everything the office recorded up to then is known to be in the store."),
    ]
    proof_age_seconds: Seconds | None
    seconds_behind: Annotated[
        Seconds | None,
        Field(description="0 when every number the office has given is seen; null when nothing is proven."),
    ]
    held_now: Annotated[Count, Field(description="Records that stand held at this moment, all kontes together.")]
    conflict_now: Annotated[Count, Field(description="Records that stand in conflict at this moment.")]


class OfficeStatus(ClosedModel):
    """One office with its lanes."""

    office: KodeKantor
    nama: str
    lanes: list[LaneStatus]


class Colours(ClosedModel):
    """How many lanes have each colour."""

    green: Count
    amber: Count
    red: Count
    grey: Count


class Status(ClosedModel):
    """The whole province at one moment; all parts of it are of the same snapshot."""

    as_of: AwareDatetime
    province: Annotated[KodeKantor, Field(description="The provincial office.")]
    nama: str
    colours: Colours
    neraca: Annotated[dict[Lane, Neraca], Field(description="The books of all offices together, by lane.")]
    offices: list[OfficeStatus]


Proofs = Mapping[tuple[str, Lane], datetime]
"""What was proven of each office and lane when it was last looked at.

A burst after a quiet hour is not an hour behind: until it is merged, what was proven a moment ago stays proven.
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A status, and what is to be remembered of it."""

    status: Status
    proofs: Proofs


def status_of(rows: Sequence[Row], limits: Limits, proofs: Proofs) -> Seen:
    """Return where every office stands, from one row for each office and lane in order."""
    assert rows, "a store without wilayah serves nobody"
    proven: dict[tuple[str, Lane], datetime] = dict(proofs)
    lanes: dict[str, list[LaneStatus]] = {}
    for row in rows:
        key = (row["office"], row["lane"])
        moment = proven_time(row, proofs.get(key))
        if moment is not None:
            proven[key] = moment
        lanes.setdefault(row["office"], []).append(lane_status(row, limits, moment))
    names = {row["office"]: row["nama"] for row in rows}
    every = [lane for of_office in lanes.values() for lane in of_office]
    colours = Counter(lane.state.colour for lane in every)
    status = Status(
        as_of=rows[0]["as_of"],
        province=rows[0]["office"],
        nama=rows[0]["nama"],
        colours=Colours(**{colour.value: colours[colour] for colour in Colour}),
        neraca={
            name: together(lane.neraca for lane in every if lane.lane == name)
            for name in dict.fromkeys(lane.lane for lane in every)
        },
        offices=[
            OfficeStatus(office=office, nama=names[office], lanes=of_office) for office, of_office in lanes.items()
        ],
    )
    return Seen(status, proven)


def lane_status(row: Row, limits: Limits, proven: datetime | None) -> LaneStatus:
    """Return one lane's status, given up to when it is proven."""
    now: datetime = row["as_of"]
    neraca = neraca_of(row)
    # What waits at the office is what it has numbered and Kafka has not confirmed; the rest is on its way to the store.
    spooled = min(neraca.in_flight, max(0, row["stamped"] - row["published"]))
    waiting = neraca.in_flight - spooled
    evidence = Evidence(
        now=now,
        heartbeat_time=row["heartbeat_time"],
        proven_time=proven,
        balanced=neraca.balanced,
        spooled=spooled,
        waiting=waiting,
        missing=row["missing"],
        conflicts=row["conflict_now"],
        parked=neraca.parked,
    )
    return LaneStatus(
        lane=row["lane"],
        state=state_of(evidence, limits),
        neraca=neraca,
        queue=Queue(office=spooled, province=waiting),
        last_event_time=row["event_time"],
        merged_time=row["merged_time"],
        heartbeat_time=row["heartbeat_time"],
        heartbeat_age_seconds=seconds_since(now, row["heartbeat_time"]),
        proven_time=proven,
        proof_age_seconds=seconds_since(now, proven),
        seconds_behind=0.0 if row["in_step"] and proven is not None else seconds_since(now, proven),
        held_now=row["held_now"],
        conflict_now=row["conflict_now"],
    )


def proven_time(row: Row, remembered: datetime | None) -> datetime | None:
    """Return up to when everything that the office recorded is known to be in the store.

    In step, that is the moment of the office's own statement. While it is catching up without holes, it is
    the time of recording of the newest merged change. With a hole, only what was proven before stays proven.
    """
    if row["heartbeat_time"] is None:
        return None
    if row["in_step"]:
        found = row["heartbeat_time"]
    elif row["missing"] == 0:
        found = row["event_time"]
    else:
        found = None
    # An office whose clock runs ahead must not have proved its own future.
    now: datetime = row["as_of"]
    return newest((None if found is None else min(found, now), remembered))
