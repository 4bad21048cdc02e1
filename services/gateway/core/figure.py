"""The figure: a number of the election with everything needed to judge it.

No number about votes or voters leaves the gateway any other way: a partial sum that does not say
how partial it is looks like a result (DOMAIN.md 0, fact 7).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, model_validator

from contracts.envelope import ClosedModel

Count = Annotated[int, Field(ge=0)]


class FigureStatus(StrEnum):
    """How much of what will once stand behind a figure stands behind it now."""

    KOSONG = "kosong"
    """Nothing has come in."""
    SEMENTARA = "sementara"
    """Some has come in, or nobody can know how much is still to come; the figure may change."""
    LENGKAP = "lengkap"
    """Everything expected has come in and counts."""
    DIPERIKSA = "diperiksa"
    """Everything expected has come in, and a person has to look at some of it before it counts."""


class Figure(ClosedModel):
    """A value with its coverage. Null is not zero: ``value`` is null as long as nothing reported counts."""

    value: Annotated[int | None, Field(description="The number; null while nothing counts. Null is not zero.")]
    reported: Annotated[
        Count | None,
        Field(
            description="How many TPS (or records) are counted in it; null when a form does not say, and for a "
            "statement that is shown but counted nowhere."
        ),
    ]
    expected: Annotated[
        Count | None, Field(description="How many there are to come in all; null when nobody can know.")
    ]
    held: Annotated[Count, Field(description="How many are here but do not count until corrected or released.")]
    conflict: Annotated[
        Count, Field(description="How many are here in two contradicting contents, and count in neither.")
    ]
    status: Annotated[
        FigureStatus,
        Field(
            description="kosong: nothing yet; sementara: partial; lengkap: all expected are counted; "
            "diperiksa: all are here, but some are held, in conflict or not expected."
        ),
    ]
    as_of: Annotated[
        AwareDatetime | None,
        Field(description="When what it counts last changed in the store; never goes back. Null when it never did."),
    ]

    @model_validator(mode="after")
    def _keeps_its_laws(self) -> Self:
        assert self.value is None or self.reported != 0, "a value that nothing stands behind"
        assert self.status is status_of(self.reported, self.expected, self.held + self.conflict)
        return self


def status_of(reported: int | None, expected: int | None, waiting: int) -> FigureStatus:
    """Return the status of a figure with that coverage; ``waiting`` are here and do not count.

    ``lengkap`` is said only when it is known: never without an expectation, and never when more came in
    than is registered, which is a fault of the register (RUP-CHILD-COUNT).
    """
    if reported == 0 and waiting == 0:
        return FigureStatus.KOSONG
    if expected is None or (reported is None and waiting == 0) or (reported or 0) + waiting < expected:
        return FigureStatus.SEMENTARA
    return FigureStatus.LENGKAP if waiting == 0 and reported == expected else FigureStatus.DIPERIKSA


@dataclass(frozen=True, slots=True)
class Coverage:
    """What stands behind some figures: the only way to make one."""

    reported: int | None
    expected: int | None
    as_of: datetime | None
    held: int = 0
    conflict: int = 0

    def figure(self, value: int | None) -> Figure:
        """Return the figure for ``value``, which is dropped when nothing reported stands behind it."""
        return Figure(
            value=None if self.reported == 0 else value,
            reported=self.reported,
            expected=self.expected,
            held=self.held,
            conflict=self.conflict,
            status=status_of(self.reported, self.expected, self.held + self.conflict),
            as_of=self.as_of,
        )


def newest(moments: Iterable[datetime | None]) -> datetime | None:
    """Return the latest of the moments that are known, if any is."""
    return max((moment for moment in moments if moment is not None), default=None)
