"""The NIK as it is built: kecamatan of first registration, date of birth, serial number (DOMAIN.md 1.4)."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

DIGITS: Final = 16
_DAY_OFFSET_P: Final = 40
_DAYS_MAX: Final = 31
_MONTHS_MAX: Final = 12
_ISO_LENGTH: Final = 10


class Born(NamedTuple):
    """The date that a NIK carries, as far as it does, in the digits that ISO 8601 writes it with."""

    day: str
    month: str
    year: str
    """The last two digits."""
    jenis_kelamin: str


_DAYS: Final = {
    f"{day + offset:02}": (f"{day:02}", jenis_kelamin)
    for offset, jenis_kelamin in ((0, "L"), (_DAY_OFFSET_P, "P"))
    for day in range(1, _DAYS_MAX + 1)
}
_MONTHS: Final = frozenset(f"{month:02}" for month in range(1, _MONTHS_MAX + 1))


def is_sixteen_digits(text: str) -> bool:
    """Return whether ``text`` has the form that NIK and NKK share."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def is_nik(text: str) -> bool:
    """Return whether ``text`` can be a NIK at all."""
    return is_sixteen_digits(text) and text[12:] != "0000" and text != text[0] * DIGITS


def born(nik: str) -> Born | None:
    """Return the date in a NIK, or ``None`` when there is no such day or month."""
    day, month = _DAYS.get(nik[6:8]), nik[8:10]
    if day is None or month not in _MONTHS:
        return None
    return Born(day[0], month, nik[10:12], day[1])


def birth_date(text: str) -> date | None:
    """Return the date of birth as the office wrote it, or ``None`` when it is no ISO 8601 date."""
    if len(text) != _ISO_LENGTH:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def masked(text: str) -> str:
    """Describe a NIK or NKK without showing a single digit of it."""
    digits = sum(character in "0123456789" for character in text)
    other = len(text) - digits
    return f"{digits} angka" if other == 0 else f"{digits} angka dan {other} karakter lain"
