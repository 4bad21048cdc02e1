"""The verdict on a change: accepted, held or rejected, with every finding the rules made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contracts.envelope import ClosedModel


class Tier(StrEnum):
    """What a finding does to the change that it is about."""

    REJECT = "reject"
    """Not taken: the structure, the authority or a reference is wrong."""
    HOLD = "hold"
    """Taken and shown as held; counts in no published total until corrected or released."""
    FLAG = "flag"
    """Taken and counted; somebody has to look at it."""
    WARN = "warn"
    """Taken and counted; unlikely but lawful."""
    INFO = "info"
    """Taken and counted; worth knowing."""


class Finding(ClosedModel):
    """One thing a rule found, in words its reader can act on."""

    code: str
    """Stable name of the rule, as in ``RES-SUM-PASLON``."""
    tier: Tier
    pointer: str
    """JSON Pointer of the figure it is about, within ``data``; empty for the whole change."""
    seen: str
    """What stands there, masked where it is personal."""
    expected: str
    """What the rule wanted."""
    pesan: str
    """In Bahasa Indonesia, for the office."""
    message: str
    """In English, for developers."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The change counts; findings, if any, are for people to look at."""

    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        """Refuse findings that would not let it count."""
        assert all(finding.tier not in {Tier.REJECT, Tier.HOLD} for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Held:
    """The change is merged and visible, and excluded from published totals."""

    findings: tuple[Finding, ...]

    def __post_init__(self) -> None:
        """Refuse to hold without a reason."""
        assert any(finding.tier is Tier.HOLD for finding in self.findings), "held must say why"
        assert all(finding.tier is not Tier.REJECT for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Rejected:
    """The change is not taken; its office is told why."""

    findings: tuple[Finding, ...]

    def __post_init__(self) -> None:
        """Refuse to reject without a reason."""
        assert any(finding.tier is Tier.REJECT for finding in self.findings), "a rejection must say why"


Verdict = Accepted | Held | Rejected


def verdict_of(findings: tuple[Finding, ...]) -> Verdict:
    """Return the verdict that the gravest of ``findings`` asks for."""
    if not findings:
        return _CLEAN
    tiers = {finding.tier for finding in findings}
    if Tier.REJECT in tiers:
        return Rejected(findings)
    if Tier.HOLD in tiers:
        return Held(findings)
    return Accepted(findings)


_CLEAN = Accepted()
