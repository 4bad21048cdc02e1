"""The rule: one demand on a change, with its code, its basis and its words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from contracts.envelope import ClosedModel
from contracts.verdict import Finding, Tier
from services.validator.core.case import Case

_SHOWN_LENGTH_MAX: Final = 120
_POINTER_LENGTH_MAX: Final = 200
# As long as a NIK or NKK: whoever writes one where it does not belong does not see it again (invariant I13).
_LONG_NUMBER: Final = re.compile(r"\d{14,}")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")


class Basis(StrEnum):
    """Where a demand comes from."""

    LAW = "law"
    """An act or a regulation of KPU or Bawaslu."""
    FORM = "form"
    """The printed form says so itself."""
    SOURCE = "source"
    """Reference data or an agreement of this system, named by document or decision."""
    LOGIC = "logic"
    """It cannot be otherwise."""


class Breach(NamedTuple):
    """One place where a demand is not met: both sides of it."""

    pointer: str
    """JSON Pointer within ``data``; empty for the whole change."""
    seen: str
    """What stands there; masked by the rule where it is personal."""
    expected: str
    where: str = ""
    """What the place is called on the form, for the texts."""


Breaches = tuple[Breach, ...]
FINE: Final[Breaches] = ()
"""What a rule answers when there is nothing to say, or when a figure it needs has not been read."""

Ask = Callable[[Any, Case], Breaches]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with all that a catalogue shows of it."""

    code: str
    asked_of: tuple[type[ClosedModel], ...]
    basis: Basis
    source: str
    """Article, row of the form, document or decision."""
    judul: str
    """What it demands, in Bahasa Indonesia …"""
    title: str
    """… and in English."""
    pesan: str
    """Text of a finding, in Bahasa Indonesia, with ``{seen}``, ``{expected}`` and ``{where}`` …"""
    message: str
    """… and in English."""
    ask: Ask
    only_after: frozenset[str] = frozenset()
    """Codes of other rules one of which must have found something; empty: it is always asked."""

    def finding(self, tier: Tier, breach: Breach) -> Finding:
        """Return what is said about ``breach``."""
        seen, expected, where = shown(breach.seen), shown(breach.expected), shown(breach.where)
        return Finding(
            code=self.code,
            tier=tier,
            pointer=shown(breach.pointer, _POINTER_LENGTH_MAX),
            seen=seen,
            expected=expected,
            pesan=self.pesan.format(seen=seen, expected=expected, where=where),
            message=self.message.format(seen=seen, expected=expected, where=where),
        )


def rule(  # noqa: PLR0913  # a catalogue has that many columns
    *asked_of: type[ClosedModel],
    code: str,
    basis: Basis,
    source: str,
    judul: str,
    title: str,
    pesan: str,
    message: str,
    only_after: tuple[str, ...] = (),
) -> Callable[[Ask], Rule]:
    """Make the decorated function the rule ``code``, asked of every change whose data is of these types."""

    def made(ask: Ask) -> Rule:
        return Rule(code, asked_of, basis, source, judul, title, pesan, message, ask, frozenset(only_after))

    return made


def shown(text: str, length_max: int = _SHOWN_LENGTH_MAX) -> str:
    """Return ``text`` as it may be shown: short, printable, and without a number as long as a NIK."""
    cut = text if len(text) <= length_max else text[:length_max] + "…"
    if cut.isprintable() and cut.isascii() and len(cut) < 14:  # noqa: PLR2004  # no NIK fits into it
        return cut
    return _LONG_NUMBER.sub("[disamarkan]", _UNPRINTABLE.sub("�", cut))
