"""Personal data stay out of every answer (invariant I13): the last guard, after sealing and after the database role.

Offices write ids and addresses freely, and a careless one writes a NIK into them.
"""

from __future__ import annotations

import re
from typing import Final

MASK: Final = "[disamarkan]"

# A NIK has 16 digits, a TPS code 13, which stays. Digits inside a digest are no number. People also write a NIK
# in groups, as 3279 0155 0490 0001 or 327901 550490 0001.
_NUMBERS: Final = re.compile(
    r"(?P<digest>(?<![0-9A-Za-z])(?=[0-9]*[a-f])(?:[0-9a-f]{64}|[0-9a-f]{32})(?![0-9A-Za-z]))"
    r"|\d{14,}"
    r"|(?<!\d)\d{4}([ .-])\d{4}\2\d{4}\2\d{4}(?!\d)"
    r"|(?<!\d)\d{6}([ .-])\d{6}\3\d{4}(?!\d)"
)
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")


def masked(text: str) -> str:
    """Return ``text`` with every number as long as a NIK replaced."""
    return _NUMBERS.sub(lambda found: found.group() if found["digest"] else MASK, text)


def public_text(lane: str, text: str) -> str:
    """Return a text about a change, without anything in it that stands for a voter."""
    return masked(_TOKEN.sub(MASK, text) if lane == "pemilih" else text)


def public_subject(lane: str, subject: str) -> str | None:
    """Return what a change is about, or ``None`` when that would name a voter.

    A refused line may say anything of itself, so the lane alone does not decide.
    """
    if lane == "pemilih" or "pemilih" in subject or _TOKEN.search(subject):
        return None
    return masked(subject)
