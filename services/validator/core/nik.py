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
    """The date that a NIK carries, as far as it does: two digits of the year."""

    day: int
    month: int
    year: int
    jenis_kelamin: str


def is_sixteen_digits(text: str) -> bool:
    """Return whether ``text`` has the form that NIK and NKK share."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def is_nik(text: str) -> bool:
    """Return whether ``text`` can be a NIK at all."""
    return is_sixteen_digits(text) and text[12:] != "0000" and text != text[0] * DIGITS


def born(nik: str) -> Born | None:
    """Return the date in a NIK of 16 digits, or ``None`` when there is no such day or month."""
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    jenis_kelamin = "P" if day > _DAY_OFFSET_P else "L"
    if jenis_kelamin == "P":
        day -= _DAY_OFFSET_P
    if not (1 <= day <= _DAYS_MAX and 1 <= month <= _MONTHS_MAX):
        return None
    return Born(day, month, year, jenis_kelamin)


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
