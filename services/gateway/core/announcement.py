"""The announcement: which areas have new figures, as sync tells it and as many notices together are passed on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import Field, ValidationError

from contracts.envelope import ClosedModel
from contracts.identifiers import KodeWilayah, Lane, Tingkat

_AREAS_MAX: Final = 500
"""An announcement names at most about as many; beyond that only the kabupaten are named."""


class AreaOfNotice(ClosedModel):
    """An area in a notice, which is about one lane."""

    kontes: str | None
    wilayah: KodeWilayah


class Notice(ClosedModel):
    """What sync says of one transaction."""

    lane: Lane
    areas: list[AreaOfNotice]


class Area(ClosedModel):
    """Something that has changed."""

    lane: Lane
    kontes: Annotated[str | None, Field(description="Null for voters and for the register of TPS.")]
    wilayah: Annotated[KodeWilayah, Field(description="Desa or kabupaten: everything in it may have changed.")]


class Announcement(ClosedModel):
    """What changed since the announcement before: ask again for what you show of it."""

    areas: list[Area]


def notice_from(payload: str) -> Notice | None:
    """Return what a notice says, or ``None`` when it is none of sync's. Never raises."""
    try:
        return Notice.model_validate_json(payload)
    except ValidationError:
        return None


def announcement_of(notices: Iterable[Notice]) -> Announcement:
    """Return what ``notices`` say together, each area once."""
    areas = {(notice.lane, area.kontes or "", area.wilayah) for notice in notices for area in notice.areas}
    if len(areas) > _AREAS_MAX:
        areas = {(lane, kontes, wilayah[: Tingkat.KABUPATEN]) for lane, kontes, wilayah in areas}
    return Announcement(
        areas=[Area(lane=lane, kontes=kontes or None, wilayah=wilayah) for lane, kontes, wilayah in sorted(areas)]
    )
