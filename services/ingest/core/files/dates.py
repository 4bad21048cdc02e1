"""Reads a date as offices write it, and finds the one repair that fits when it is none."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final, NamedTuple

_PARTS: Final = re.compile(r"([0-9]{1,2})[-/|. ]([0-9]{1,2})[-/|. ]([0-9]{4})")
_ISO: Final = re.compile(r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})(?:[T ]00:00:00)?")
_SERIAL: Final = re.compile(r"[0-9]{4,5}(?:\.0)?")
_SERIAL_ZERO: Final = date(1899, 12, 30)
"""Day 0 of Excel's 1900 system, for every day after February 1900."""
_SERIAL_MIN: Final = 3_654
"""1 January 1910: nobody on a list is older, and a smaller number is likelier a year."""
_SERIAL_MAX: Final = 54_788
"""31 December 2049."""
_YEAR_MIN: Final = 1900
_YEAR_MAX: Final = 2099
_DAY_OFFSET_P: Final = 40
"""In a NIK a woman's day of birth stands with 40 added (DOMAIN.md 1.4)."""


class ReadDate(NamedTuple):
    """A date, or why it is none."""

    iso: str | None
    code: str | None = None
    suggestion: date | None = None
    repair: str | None = None


def read_date(text: str) -> ReadDate:
    """Return the date that ``text`` is: as Model A prints it (day, month, year) or as ISO 8601 has it."""
    if match := _ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
        if (found := _date(year, month, day)) is not None:
            return ReadDate(found.isoformat())
        return _swapped(year, day, month)
    if match := _PARTS.fullmatch(text):
        day, month, year = map(int, match.groups())
        if (found := _date(year, month, day)) is not None:
            return ReadDate(found.isoformat())
        return _swapped(year, day, month)
    if _SERIAL.fullmatch(text) and _SERIAL_MIN <= int(float(text)) <= _SERIAL_MAX:
        meant = _SERIAL_ZERO + timedelta(days=int(float(text)))
        return ReadDate(None, "FILE-DATE-SERIAL", meant, "tanggal-dari-bilangan")
    return ReadDate(None, "FILE-DATE-INVALID")


def with_day_and_month_exchanged(iso: str) -> date | None:
    """Return the other reading of a date, where there is one."""
    year, month, day = map(int, iso.split("-"))
    return _date(year, day, month) if day != month else None


def in_number(number: str, born: date) -> bool:
    """Return whether a NIK carries this date of birth, for a man or a woman."""
    rest = born.strftime("%m%y")
    return number[8:12] == rest and number[6:8] in {f"{born.day:02}", f"{born.day + _DAY_OFFSET_P:02}"}


def _swapped(year: int, day: int, month: int) -> ReadDate:
    other = _date(year, day, month)
    if other is None:
        return ReadDate(None, "FILE-DATE-INVALID")
    return ReadDate(None, "FILE-DATE-SWAPPED", other, "tukar-hari-bulan")


def _date(year: int, month: int, day: int) -> date | None:
    if not _YEAR_MIN <= year <= _YEAR_MAX:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
