"""How figures are written: 1.234.567 and 12,5 in Bahasa Indonesia, 1,234,567 and 12.5 in English."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

Language = Literal["id", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("id", "en")

UNKNOWN: Final = "\N{EN DASH}"
"""Stands where a figure is not known: never a zero."""
_SWAPPED: Final = str.maketrans(",.", ".,")
_SIZES: Final = ("B", "KiB", "MiB", "GiB")
_UNITS: Final[dict[Language, tuple[str, str, str, str]]] = {
    "id": ("detik", "menit", "jam", "hari"),
    "en": ("s", "min", "h", "d"),
}
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_TENTHS_BELOW: Final = 10
"""Seconds: above this a tenth of one tells nobody anything."""
_KIB: Final = 1_024


def count(figure: int | None, language: Language) -> str:
    """Return a whole number with its thousands apart; what is not known is a dash and never a zero."""
    if figure is None:
        return UNKNOWN
    return _in(f"{figure:,}", language)


def decimal(figure: float, language: Language, digits: int = 1) -> str:
    """Return a number with ``digits`` behind the comma."""
    return _in(f"{figure:,.{digits}f}", language)


def share(part: float | None, language: Language) -> str:
    """Return a share between 0 and 1 in percent. It says 100 only for all of it."""
    if part is None:
        return UNKNOWN
    bounded = min(max(part, 0.0), 1.0)
    tenths = int(bounded * 1000) / 10
    return f"{decimal(tenths, language)} %"


def duration(seconds: float | None, language: Language) -> str:
    """Return a stretch of time in the two largest units that it has."""
    if seconds is None:
        return UNKNOWN
    second, minute, hour, day = _UNITS[language]
    if seconds < _TENTHS_BELOW:
        return f"{decimal(max(seconds, 0.0), language)} {second}"
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} {second}"
    if whole < _HOUR:
        return _two(whole, _MINUTE, 1, minute, second)
    if whole < _DAY:
        return _two(whole, _HOUR, _MINUTE, hour, minute)
    return _two(whole, _DAY, _HOUR, day, hour)


def moment(stated: str | None) -> str:
    """Return a moment as the clock on the operator's wall showed it, from one that is stated with its offset."""
    if not stated:
        return UNKNOWN
    return datetime.fromisoformat(stated).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def size(size_bytes: int, language: Language) -> str:
    """Return a number of bytes in the largest unit that leaves one before the comma."""
    left = float(size_bytes)
    for unit in _SIZES:
        if left < _KIB or unit == _SIZES[-1]:
            break
        left /= _KIB
    return f"{size_bytes} B" if unit == "B" else f"{decimal(left, language)} {unit}"


def _two(whole: int, large: int, small: int, large_unit: str, small_unit: str) -> str:
    rest = whole % large // small
    first = f"{whole // large} {large_unit}"
    return f"{first} {rest} {small_unit}" if rest else first


def _in(written: str, language: Language) -> str:
    return written.translate(_SWAPPED) if language == "id" else written
