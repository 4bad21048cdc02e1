"""Says again what was held or rejected for a cause that the province has mended (decision 0017).

Everything here stands within a transaction of the office's clerk: the value that was seen, what it mends, how far that
has been worked off and the lines themselves are on disk together. The law: for each change of a value, a record is
said again at most once, and only while an objection for that cause stands against its newest version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from contracts.identifiers import LANES
from contracts.objection import Objection
from contracts.remembered import JADWAL
from services.ingest.adapters.again import PORTION, say_again
from services.ingest.adapters.clerk import milliseconds
from services.ingest.adapters.spool import DUE, LANE_NUMBER, Objected, Spool, due_at
from services.ingest.core.mending import SETTLE_SECONDS, Cause, concerns, mended, parts_of

_LOOKED_AT_MAX: Final = 10_000
"""Objections looked at in one transaction: a thirtieth of a second, when none of them is meant."""

_AHEAD: Final = """
    SELECT objection.lane, objection.epoch, objection.sequence, objection.key, ledger.subject, objection.findings
    FROM objection
    CROSS JOIN ledger ON ledger.key = objection.key AND ledger.lane = objection.lane
        AND ledger.epoch = objection.epoch AND ledger.sequence = objection.sequence
    WHERE (objection.lane, objection.epoch, objection.sequence) > (?, ?, ?)
    ORDER BY objection.lane, objection.epoch, objection.sequence
"""

_WEIGHTY: Final = frozenset({"hold", "reject"})

_Bounds = list[tuple[int, int]]
_Known = dict[str, list[tuple[Cause, _Bounds]]]
"""Causes by their code, each with the numbers up to which it is mended, by number of the lane."""


class Way(NamedTuple):
    """A way through the objections, for the causes of one change."""

    number: int
    causes: set[Cause]
    bounds: _Bounds
    after: tuple[int, int, int]


def follow_reference(spool: Spool, office: str, key: str, value: bytes, *, now: datetime) -> bool:
    """Take what the province has published under ``key``; return whether that mends something.

    Taking the same value again changes nothing.
    """
    parts = parts_of(key, value, now) if concerns(key, office) else None
    if parts is None:
        return False
    row = spool.connection.execute("SELECT value, parts FROM reference_value WHERE key = ?", (key,)).fetchone()
    before = None if row is None else orjson.loads(row[1])
    if row is None and not parts and not key.startswith(JADWAL):
        # A ratification like all of them. A calendar is kept even so: it may open by itself.
        return False
    if row is not None and (row[0], before) == (value, parts):
        return False
    spool.connection.execute("INSERT OR REPLACE INTO reference_value VALUES (?, ?, ?)", (key, value, _written(parts)))
    causes = mended(key, before, parts)
    if causes:
        spool.connection.execute(
            "INSERT INTO going_through (causes, due_ms) VALUES (?, ?)",
            (_written(causes), milliseconds(now) + int(SETTLE_SECONDS * 1000)),
        )
    return bool(causes)


def follow_clock(spool: Spool, office: str, *, now: datetime) -> None:
    """Take what the calendars hold at ``now``: a period may have begun without a word of the province."""
    rows = spool.connection.execute(
        "SELECT key, value FROM reference_value WHERE key BETWEEN ? AND ?", (JADWAL, f"{JADWAL}~")
    ).fetchall()
    for key, value in rows:
        follow_reference(spool, office, key, value, now=now)


def follow_mended(spool: Spool, said: Iterable[Objection], *, now_ms: int) -> bool:
    """Note what an objection comes too late for: its cause was mended while it was on its way."""
    known = _mended(spool)
    late: dict[str, dict[Cause, None]] = {}
    first: dict[str, tuple[int, int, int]] = {}
    for one in said if known else ():
        place = (LANE_NUMBER[one.lane], one.epoch, one.sequence)
        codes = [finding.code for finding in one.findings if finding.tier in _WEIGHTY]
        for cause, bounds in _met(known, codes, place, one.subject):
            drawn = _written(bounds)
            late.setdefault(drawn, {})[cause] = None
            first[drawn] = min(place, first.get(drawn, place))
    for drawn, causes in late.items():
        lane, epoch, sequence = first[drawn]
        if not _is_ahead(spool, drawn, causes, first[drawn]):
            spool.connection.execute(
                "INSERT INTO going_through (causes, due_ms, bounds, lane, epoch, sequence) VALUES (?, ?, ?, ?, ?, ?)",
                (_written([*causes]), now_ms, drawn, lane, epoch, sequence - 1),
            )
    return bool(late)


def say_a_portion(spool: Spool, office: str, *, now_ms: int) -> bool:
    """Go on with what is due, within one lane; return whether there was anything."""
    way = _way(spool, now_ms)
    if way is None:
        return False
    causes: _Known = {}
    for cause in way.causes:
        causes.setdefault(cause.code, []).append((cause, way.bounds))
    found: list[Objected] = []
    last = None
    rows = spool.connection.execute(_AHEAD, way.after)
    for looked_at, (lane, epoch, sequence, key, subject, findings) in enumerate(rows, start=1):
        if lane > max(way.after[0], 0):
            # The next lane has its own turn, when it is not full and no results are due.
            last = (lane, 0, 0)
            break
        place = (lane, epoch, sequence)
        codes = [finding["code"] for finding in orjson.loads(findings) if finding["tier"] in _WEIGHTY]
        if any(_met(causes, codes, place, subject)):
            found.append(Objected(lane, epoch, sequence, key))
        if len(found) == PORTION or looked_at == _LOOKED_AT_MAX:
            last = place
            break
    rows.close()
    say_again(spool, office, found)
    if last is None:
        spool.connection.execute("DELETE FROM going_through WHERE number = ?", (way.number,))
    else:
        spool.connection.execute(
            "UPDATE going_through SET lane = ?, epoch = ?, sequence = ? WHERE number = ?", (*last, way.number)
        )
    return True


def _way(spool: Spool, now_ms: int) -> Way | None:
    """Return the way to go on with. When it begins, its bounds are drawn and its causes count as mended."""
    row = spool.connection.execute(DUE, due_at(now_ms)).fetchone()
    if row is None:
        return None
    number, causes, bounds, *after = row
    mended_now = _causes(causes)
    if bounds is None:
        numbering = spool.numbering()
        bounds = _written([(numbering[lane].epoch, numbering[lane].stamped) for lane in LANES])
        spool.connection.execute("UPDATE going_through SET bounds = ? WHERE number = ?", (bounds, number))
        spool.connection.executemany(
            "INSERT OR REPLACE INTO mended VALUES (?, ?)", ((_written(cause), bounds) for cause in mended_now)
        )
    return Way(number, mended_now, _bounds(bounds), tuple(after))


def _is_ahead(spool: Spool, drawn: str, causes: Iterable[Cause], place: tuple[int, int, int]) -> bool:
    """Return whether a way that has not come to ``place`` yet will find it anyway."""
    rows = spool.connection.execute(
        "SELECT causes, lane, epoch, sequence FROM going_through WHERE bounds = ?", (drawn,)
    ).fetchall()
    return any(tuple(after) < place and _causes(written).issuperset(causes) for written, *after in rows)


def _mended(spool: Spool) -> _Known:
    known: _Known = {}
    for written, drawn in spool.connection.execute("SELECT cause, bounds FROM mended"):
        cause = Cause(*orjson.loads(written))
        known.setdefault(cause.code, []).append((cause, _bounds(drawn)))
    return known


def _met(
    known: _Known, codes: Iterable[str], place: tuple[int, int, int], subject: str | None
) -> Iterator[tuple[Cause, _Bounds]]:
    """Yield the causes that are mended for a change at ``place`` with these codes against it."""
    lane, *number = place
    for code in codes:
        for cause, bounds in known.get(code, ()):
            if tuple(number) <= bounds[lane] and cause.meets(LANES[lane], subject):
                yield cause, bounds


def _causes(written: str) -> set[Cause]:
    return {Cause(*one) for one in orjson.loads(written)}


def _bounds(drawn: str) -> _Bounds:
    return [(epoch, sequence) for epoch, sequence in orjson.loads(drawn)]


def _written(value: Sequence[tuple[Any, ...]] | Mapping[str, str] | Cause) -> str:
    return json.dumps(value)
