"""What the province can mend: which causes a new value in the topic ``reference`` takes away, and from which changes.

A value is seen as parts with a mark each; what it mends follows from the marks before and now, and from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from pydantic import ValidationError

from contracts.identifiers import Lane, parse_subject
from contracts.remembered import ATURAN, CALON, JADWAL, PENETAPAN, CalendarEntry, Edition, Entry

SETTLE_SECONDS: Final = 3.0
"""Until all validators have read what ingest has read: a line said again sooner could meet one that has not."""

MENDED_BY: Final = {
    CALON: ("REF-CALON-LIST", "RES-OPTION-SET"),
    JADWAL: ("VTR-PERIOD-OPEN",),
    PENETAPAN: ("RUP-FINAL-LOCK",),
}
"""The codes that wait for something under a key, or under keys that begin so; of the rules, each waits for itself."""

_TAKEN_BACK: Final = "dicabut"
_NATION: Final = "00"
_KABUPATEN_DIGITS: Final = 4

Parts = Mapping[str, str]


class Cause(NamedTuple):
    """Why changes were held or rejected, as far as one value of the province can mend it."""

    code: str
    lane: Lane | None = None
    """Only in this lane; ``None``: in both."""
    kontes: str = ""
    """Only results of this kontes …"""
    wilayah: str = ""
    """… that have to do with this wilayah; both empty: whatever it is about."""

    def meets(self, lane: Lane, subject: str | None) -> bool:
        """Return whether a record with this subject can have waited for it; ``None`` for a voter."""
        if self.lane is not None and lane != self.lane:
            return False
        if not self.kontes:
            return True
        about = None if subject is None else parse_subject(subject)
        if about is None or about.noun not in {"c_hasil", "d_hasil"} or about.scope.partition("/")[0] != self.kontes:
            return False
        below = about.key.startswith(self.wilayah)
        if self.code in MENDED_BY[PENETAPAN]:
            # A D.Hasil never locks itself.
            return below and about.key != self.wilayah
        # A recapitulation names the votes of what lies below it, whose lists may be others.
        return below or self.wilayah == _NATION or self.wilayah.startswith(about.key)


def concerns(key: str, office: str) -> bool:
    """Return whether changes of ``office`` may wait for what stands under ``key``."""
    if key.startswith(JADWAL):
        return key.rpartition("/")[2] == office
    if key.startswith(PENETAPAN):
        wilayah = key.rpartition("/")[2]
        return office == wilayah[:_KABUPATEN_DIGITS] or office.startswith(wilayah)
    return key in {ATURAN, CALON}


def parts_of(key: str, value: bytes, now: datetime) -> dict[str, str] | None:
    """Return the parts of a value as they are at ``now``; ``None`` when it cannot be read.

    Of a calendar they are the stretches that are open, so they change as time goes by.
    """
    try:
        if key.startswith(JADWAL):
            return _open_in(CalendarEntry.model_validate_json(value), now)
        if key.startswith(PENETAPAN):
            turns = Entry.model_validate_json(value).turns
            last = turns[-1] if turns else None
            return {} if last is None or last.registered else {_TAKEN_BACK: f"{last.epoch}/{last.sequence}"}
        return dict(Edition.model_validate_json(value).parts)
    except ValidationError:
        return None


def mended(key: str, before: Parts | None, now: Parts) -> list[Cause]:
    """Return the causes that are taken away when the parts ``before`` become those of ``now``.

    ``None`` stands for a key that was never seen: rules and lists then only say where things stand, while a period
    that is open, or a ratification that was taken back, is news of its own.
    """
    if key == ATURAN:
        # Nothing can have been held by a rule that was not there.
        return [] if before is None else [Cause(code) for code in sorted(before) if now.get(code) != before[code]]
    if key == CALON:
        return [] if before is None else list(_lists(before, now))
    fresh = [name for name in sorted(now) if now[name] != (before or {}).get(name)]
    if key.startswith(JADWAL):
        lanes = {None if name == _TAKEN_BACK else _lane_in(name) for name in fresh}
        # Of both lanes says all there is to say.
        lanes = {None} if None in lanes else lanes
        return [Cause(code, lane) for code in MENDED_BY[JADWAL] for lane in sorted(lanes, key=str)]
    _, kontes, wilayah = key.split("/", 2)
    return [Cause(code, None, kontes, wilayah) for code in MENDED_BY[PENETAPAN] if fresh]


def _lists(before: Parts, now: Parts) -> Iterator[Cause]:
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            kontes, _, wilayah = name.partition("/")
            for code in MENDED_BY[CALON]:
                yield Cause(code, None, kontes, wilayah)


def _open_in(entry: CalendarEntry, now: datetime) -> dict[str, str]:
    if entry.lajur is None:
        return {_TAKEN_BACK: f"{entry.epoch}/{entry.sequence}"}
    return {
        # An end that was put off opens what was closed meanwhile.
        f"{entry.lajur}/{masa.mulai.isoformat()}": "" if masa.sampai is None else masa.sampai.isoformat()
        for masa in entry.masa
        if masa.mulai <= now and (masa.sampai is None or now < masa.sampai)
    }


def _lane_in(name: str) -> Lane:
    return "hasil" if name.startswith("hasil/") else "pemilih"
