"""The colour of an office's lane: green only while there is a proof younger than its limit (invariant I12).

The proof is a statement of the office about how far it has numbered its changes, and the numbers
that the store has seen. That a process runs, or that nothing has complained, proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from contracts.envelope import ClosedModel


class Colour(StrEnum):
    """What a person sees first."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"

    @property
    def warna(self) -> str:
        """The same in Bahasa Indonesia."""
        return {"green": "hijau", "amber": "kuning", "red": "merah", "grey": "abu-abu"}[self.value]


class Actor(StrEnum):
    """Who must do something about it."""

    NOBODY = "nobody"
    OFFICE = "office"
    PROVINCE = "province"

    @property
    def pelaku(self) -> str:
        """The same in Bahasa Indonesia."""
        return {"nobody": "tidak ada", "office": "kantor", "province": "provinsi"}[self.value]


class State(ClosedModel):
    """A colour with its reason and who must act."""

    colour: Colour
    warna: str
    code: Annotated[str, Field(description="Stable name of the reason, as in BEHIND.")]
    alasan: Annotated[str, Field(description="Why, in Bahasa Indonesia.")]
    reason: Annotated[str, Field(description="Why, in English.")]
    actor: Annotated[Actor, Field(description="Who must act.")]
    pelaku: Annotated[str, Field(description="Who must act, in Bahasa Indonesia.")]


@dataclass(frozen=True, slots=True)
class Limits:
    """How old a proof may be."""

    amber_seconds: float
    """Older than this a lane is no longer green …"""
    red_seconds: float
    """… and older than this it is red."""
    clock_seconds: float
    """An office whose clock is further ahead than this proves nothing by what it says about now."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one office's lane."""

    now: datetime
    heartbeat_time: datetime | None
    """When the office last said how far it is."""
    proven_time: datetime | None
    """Everything that the office recorded up to then is known to be in the store."""
    balanced: bool
    spooled: int
    """Changes that wait at the office, …"""
    waiting: int
    """… and changes that wait on Kafka."""
    missing: int
    """Numbers not seen although later ones have been."""
    conflicts: int
    """Records standing in two contradicting contents."""
    parked: int


def state_of(seen: Evidence, limits: Limits) -> State:
    """Return the gravest thing that is true of a lane."""
    if seen.heartbeat_time is None:
        return _state(
            Colour.GREY,
            "NEVER-HEARD",
            "Belum ada kabar dari kantor ini.",
            "This office has not been heard of yet.",
            Actor.OFFICE,
        )
    if not seen.balanced:
        return _state(
            Colour.RED,
            "UNBALANCED",
            "Neraca tidak seimbang: jumlah putusan tidak sama dengan nomor yang diterima.",
            "The books do not balance: outcomes do not add up to the numbers seen.",
            Actor.PROVINCE,
        )
    ahead = (seen.heartbeat_time - seen.now).total_seconds()
    if ahead > limits.clock_seconds:
        return _state(
            Colour.AMBER,
            "CLOCK-AHEAD",
            f"Jam kantor {_lama(ahead)} di depan jam provinsi; keterangannya tidak dapat dipakai sebagai bukti.",
            f"The office's clock is {_duration(ahead)} ahead; what it says of now proves nothing.",
            Actor.OFFICE,
        )
    age = _age(seen.now, seen.proven_time)
    if age is None or age > limits.amber_seconds:
        colour = Colour.RED if age is None or age > limits.red_seconds else Colour.AMBER
        return _unproven(seen, limits, colour, age)
    return _proven(seen)


def seconds_since(now: datetime, moment: datetime | None) -> float | None:
    """Return how long ago ``moment`` was, never less than 0; ``None`` when it is not known."""
    age = _age(now, moment)
    return None if age is None else round(max(0.0, age), 3)


def _unproven(seen: Evidence, limits: Limits, colour: Colour, age: float | None) -> State:
    """Name what stands in the way of a fresh proof."""
    silent = _age(seen.now, seen.heartbeat_time)
    if silent is not None and silent > limits.amber_seconds:
        return _state(
            colour,
            "SILENT",
            f"Kantor tidak terdengar selama {_lama(silent)}; periksa jaringan dan layanan di kantor.",
            f"The office has been silent for {_duration(silent)}; check its link and its service.",
            Actor.OFFICE,
        )
    if seen.missing:
        return _state(
            colour,
            "NUMBERS-MISSING",
            f"{seen.missing} nomor kiriman belum sampai walau nomor sesudahnya sudah.",
            f"{seen.missing} numbers have not arrived although later ones have.",
            Actor.PROVINCE,
        )
    tertinggal = "" if age is None else f" Tertinggal {_lama(age)}."
    behind = "" if age is None else f" {_duration(age)} behind."
    if seen.spooled > seen.waiting:
        return _state(
            colour,
            "BEHIND-OFFICE",
            f"{seen.spooled} perubahan masih menunggu dikirim dari kantor.{tertinggal}",
            f"{_several(seen.spooled, 'change still waits', 'changes still wait')} to be sent by the office.{behind}",
            Actor.OFFICE,
        )
    return _state(
        colour,
        "BEHIND-PROVINCE",
        f"{seen.waiting} perubahan menunggu diproses di provinsi.{tertinggal}",
        f"{_several(seen.waiting, 'change waits', 'changes wait')} to be processed by the province.{behind}",
        Actor.PROVINCE,
    )


def _proven(seen: Evidence) -> State:
    """Name what a person must look at although the lane is in step; otherwise it is green."""
    if seen.parked:
        return _state(
            Colour.AMBER,
            "PARKED",
            f"{seen.parked} perubahan disisihkan karena tidak dapat digabungkan.",
            f"{_several(seen.parked, 'change is', 'changes are')} set aside: merging was not possible.",
            Actor.PROVINCE,
        )
    if seen.conflicts:
        return _state(
            Colour.AMBER,
            "CONFLICT",
            f"{seen.conflicts} data punya dua isi yang bertentangan; kirim revisi yang benar.",
            f"{_several(seen.conflicts, 'record stands', 'records stand')} in two contradicting contents; "
            "send the right revision.",
            Actor.OFFICE,
        )
    on_the_way = seen.spooled + seen.waiting
    return _state(
        Colour.GREEN,
        "IN-STEP",
        f"Sejalan; {on_the_way} perubahan dalam perjalanan." if on_the_way else "Sejalan dengan kantor, terbukti.",
        f"In step; {_several(on_the_way, 'change', 'changes')} on the way."
        if on_the_way
        else "In step with the office, proven.",
        Actor.NOBODY,
    )


def _state(colour: Colour, code: str, alasan: str, reason: str, actor: Actor) -> State:
    return State(
        colour=colour,
        warna=colour.warna,
        code=code,
        alasan=alasan,
        reason=reason,
        actor=actor,
        pelaku=actor.pelaku,
    )


def _several(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _age(now: datetime, moment: datetime | None) -> float | None:
    return None if moment is None else (now - moment).total_seconds()


_MINUTE_SECONDS = 60
_HOUR_SECONDS = 3600
_DAY_SECONDS = 86_400


def _lama(seconds: float) -> str:
    return _spoken(seconds, ("detik", "menit", "jam", "hari"))


def _duration(seconds: float) -> str:
    return _spoken(seconds, ("s", "min", "h", "days"))


def _spoken(seconds: float, units: tuple[str, str, str, str]) -> str:
    second, minute, hour, day = units
    for size, unit in ((_DAY_SECONDS, day), (_HOUR_SECONDS, hour), (_MINUTE_SECONDS, minute)):
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds:.0f} {second}"
