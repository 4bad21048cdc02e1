"""What stands in the topic ``reference``: under each key the newest value of something that lines are judged with.

The validator writes it and remembers by it; ingest reads from it what it may say again (decisions 0005, 0014, 0017).
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from contracts.envelope import EPOCH_MAX, SEQUENCE_MAX, ClosedModel
from contracts.events.jadwal_v1 import MasaV1
from contracts.identifiers import Lane

ATURAN: Final = "aturan"
"""Key of the rules that the validators judge by: an :class:`Edition` by code of the rule."""
CALON: Final = "calon"
"""Key of the lists of candidates that they judge with: an :class:`Edition` by ``<kontes>/<wilayah>``."""
JADWAL: Final = "jadwal/"
"""Begins the keys of calendars, which are their subjects: ``jadwal/<tahap>/<kantor>``."""
PENETAPAN: Final = "penetapan/"
"""Begins the keys of ratified D.Hasil: ``penetapan/<kontes>/<wilayah>``."""
TURNS_MAX: Final = 8
"""Older turns are forgotten: nothing is judged again that lies so far back."""


class Edition(ClosedModel):
    """What lines are judged with, part by part, each as a digest that becomes another when the part does."""

    contract: Literal[1] = 1
    parts: dict[str, Annotated[str, Field(min_length=1, max_length=64)]]


class Turn(ClosedModel):
    """A TPS was registered, or a recapitulation ratified, by one change of its office; or it was taken back."""

    epoch: Annotated[int, Field(ge=1, le=EPOCH_MAX)]
    sequence: Annotated[int, Field(ge=1, le=SEQUENCE_MAX)]
    registered: bool


class Entry(ClosedModel):
    """What stands under the subject of a TPS or under ``penetapan/<kontes>/<wilayah>``."""

    contract: Literal[1] = 1
    turns: Annotated[list[Turn], Field(max_length=TURNS_MAX)]


class CalendarEntry(ClosedModel):
    """What stands under the subject of a jadwal: what the province stated last."""

    contract: Literal[1] = 1
    epoch: Annotated[int, Field(ge=1, le=EPOCH_MAX)]
    sequence: Annotated[int, Field(ge=1, le=SEQUENCE_MAX)]
    """Number of that change among those of the province."""
    lajur: Lane | None
    """``None`` once the jadwal was taken back …"""
    masa: Annotated[list[MasaV1], Field(max_length=50)]
    """… which is something else than to have no stretch: then the tahap is locked."""
