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

    lahir: str
    """``YY-MM-DD``: a NIK has the last two digits of the year only."""
    jenis_kelamin: str


_BIRTHDAYS: Final = {
    f"{day + offset:02}{month:02}": (f"-{month:02}-{day:02}", jenis_kelamin)
    for offset, jenis_kelamin in ((0, "L"), (_DAY_OFFSET_P, "P"))
    for day in range(1, _DAYS_MAX + 1)
    for month in range(1, _MONTHS_MAX + 1)
}
"""Month and day as ISO 8601 writes them, and the sex, by the four digits that stand for them in a NIK."""


def is_sixteen_digits(text: str) -> bool:
    """Return whether ``text`` has the form that NIK and NKK share."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def is_nik(text: str) -> bool:
    """Return whether ``text`` can be a NIK at all."""
    return is_sixteen_digits(text) and text[12:] != "0000" and text != text[0] * DIGITS


def born(nik: str) -> Born | None:
    """Return the date in a NIK, or ``None`` when there is no such day or month."""
    found = _BIRTHDAYS.get(nik[6:10])
    return None if found is None else Born(nik[10:12] + found[0], found[1])


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
