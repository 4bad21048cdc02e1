"""Neraca: the books of an office's lane, and whether they balance (invariant I2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from contracts.envelope import ClosedModel
from services.gateway.core.figure import Count
from services.gateway.core.row import Row


class Neraca(ClosedModel):
    """submitted = accepted + held + rejected + in flight; accepted + held = applied + duplicate + stale + conflict."""

    submitted: Annotated[Count, Field(description="Changes that the office has numbered.")]
    accepted: Count
    held: Annotated[Count, Field(description="Merged and visible, and counted in no total until corrected.")]
    rejected: Count
    in_flight: Annotated[
        Count, Field(description="Numbered by the office, not yet merged or refused: in its spool, or on Kafka.")
    ]
    applied: Count
    duplicate: Count
    stale: Count
    conflict: Count
    parked: Annotated[Count, Field(description="Set aside with its subject because it could not be merged.")]
    balanced: Annotated[bool, Field(description="Whether both equations hold, from figures that are counted apart.")]


def neraca_of(row: Row) -> Neraca:
    """Return the books in ``row``.

    What is in flight follows from the numbers that have been seen; the counters are kept apart from them.
    That the two agree is therefore a proof and no tautology.
    """
    judged = row["accepted"] + row["held"] + row["rejected"]
    outcomes = row["applied"] + row["duplicate"] + row["stale"] + row["conflict"] + row["parked"]
    return Neraca(
        submitted=row["numbered"],
        accepted=row["accepted"],
        held=row["held"],
        rejected=row["rejected"],
        in_flight=row["numbered"] - row["seen"],
        applied=row["applied"],
        duplicate=row["duplicate"],
        stale=row["stale"],
        conflict=row["conflict"],
        parked=row["parked"],
        balanced=judged == row["seen"] and outcomes == row["accepted"] + row["held"],
    )


def together(books: Iterable[Neraca]) -> Neraca:
    """Return the sum of ``books``, balanced when each of them is."""
    listed = list(books)
    columns = [name for name in Neraca.model_fields if name != "balanced"]
    return Neraca(
        **{name: sum(getattr(one, name) for one in listed) for name in columns},
        balanced=all(one.balanced for one in listed),
    )
