"""A finding as it may be shown to everybody."""

from __future__ import annotations

from contracts.verdict import Finding, Tier
from services.gateway.core.mask import public_text
from services.gateway.core.row import Row


def public_finding(lane: str, finding: Finding) -> Finding:
    """Return ``finding``, with the validator's mask checked once more."""
    return Finding(
        code=finding.code,
        tier=finding.tier,
        pointer=public_text(lane, finding.pointer),
        seen=public_text(lane, finding.seen),
        expected=public_text(lane, finding.expected),
        pesan=public_text(lane, finding.pesan),
        message=public_text(lane, finding.message),
    )


def finding_in(lane: str, row: Row) -> Finding:
    """Return the finding in ``row`` as it may be shown."""
    names = ("code", "pointer", "seen", "expected", "pesan", "message")
    return public_finding(lane, Finding(tier=Tier(row["tier"]), **{name: row[name] for name in names}))
