"""The state of a receipt, derived from where its change stands (decision 0004)."""

from __future__ import annotations

from typing import Literal

State = Literal["spooled", "published", "rejected", "held", "merged"]


def state_of(sequence: int, *, published: int, through: int, objection: Literal["held", "rejected"] | None) -> State:
    """Return how far the change with ``sequence`` has come.

    An objection is said to the end: a held change is merged too, but what its office must know is that it is held.
    """
    if objection is not None:
        return objection
    if sequence <= through:
        return "merged"
    return "published" if sequence <= published else "spooled"
