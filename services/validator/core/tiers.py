"""The tier of every rule: what a breach does to the change. Tuning the province means editing this table.

Structure, authority and unknown references reject; vote arithmetic holds; administrative arithmetic
flags or warns (DOMAIN.md 0, fact 2, and the tables in 1.4, 1.5 and 2.2).
"""

from __future__ import annotations

from typing import Final

from contracts.verdict import Tier

TIERS: Final[dict[str, Tier]] = {
    # Structure: what is no change at all, or not as ingest writes it
    "TYPE-UNKNOWN": Tier.REJECT,
    "JSON-INVALID": Tier.REJECT,
    "FIELD-UNKNOWN": Tier.REJECT,
    "FIELD-MISSING": Tier.REJECT,
    "FIELD-INVALID": Tier.REJECT,
    "RES-NONNEG-INT": Tier.REJECT,
    "DIGEST-MISMATCH": Tier.REJECT,
    "NOT-CANONICAL": Tier.REJECT,
    "TEXT-CONTROL": Tier.REJECT,
    "LINE-TOO-LARGE": Tier.REJECT,
    "LINE-MISSING": Tier.REJECT,
    "LINE-SURPLUS": Tier.REJECT,
    "BATCH-HEADER": Tier.REJECT,
    "BATCH-CONTRACT": Tier.REJECT,
    "JUDGE-FAULT": Tier.REJECT,
    # A mistake of ours in one rule costs the office nothing: the line is merged and waits for a person.
    "RULE-FAULT": Tier.HOLD,
    # Authority
    "AUT-TOPIC": Tier.REJECT,
    "AUT-SOURCE": Tier.REJECT,
    "AUT-LANE": Tier.REJECT,
    "AUT-PLACE": Tier.REJECT,
    "AUT-OWNER": Tier.REJECT,
    "AUT-SUBJECT": Tier.REJECT,
    # References
    "REF-WILAYAH": Tier.REJECT,
    "REF-PEMILIHAN": Tier.REJECT,
    "REF-KONTES": Tier.REJECT,
    "RES-TPS-KNOWN": Tier.REJECT,
    "RES-OPTION-SET": Tier.REJECT,
    "RUP-CHILD-KNOWN": Tier.REJECT,
    # Votes
    "RES-SUM-PASLON": Tier.HOLD,
    "RES-SUM-VALID": Tier.HOLD,
    "RES-PARTY-SUM": Tier.HOLD,
    "RES-BOX-WIDTH": Tier.HOLD,
    "RES-COMPLETE": Tier.HOLD,
    # Administration
    "RES-USED-EQ-VOTES": Tier.FLAG,
    "RES-SS-USED": Tier.FLAG,
    "RES-SS-BALANCE": Tier.FLAG,
    "RES-SS-RESERVE": Tier.INFO,
    "RES-LP-DPT": Tier.WARN,
    "RES-LP-USED-DPT": Tier.WARN,
    "RES-LP-USED-DPTB": Tier.WARN,
    "RES-LP-USED-DPK": Tier.WARN,
    "RES-LP-USED-TOTAL": Tier.WARN,
    "RES-USED-SUM": Tier.WARN,
    "RES-USED-LE-DPT": Tier.FLAG,
    "RES-DPT-CAP": Tier.WARN,
    "RES-VOTES-LE-BALLOTS": Tier.FLAG,
    "RES-DISAB-LE": Tier.WARN,
    # Voters
    "PRI-OPEN": Tier.REJECT,
    "PRI-TOKEN": Tier.REJECT,
    "VTR-NIK-LEN": Tier.REJECT,
    "VTR-NIK-DATE-SHAPE": Tier.HOLD,
    "VTR-NIK-SEX": Tier.WARN,
    "VTR-NIK-DOB": Tier.WARN,
    "VTR-NIK-REGION": Tier.WARN,
    "VTR-NKK-LEN": Tier.HOLD,
    "VTR-AGE": Tier.HOLD,
}

# What says nothing about a rule of ours: bytes that are no change, somebody else's record, and what the office
# has yet to register. All other rejections are counted by the circuit breaker.
NO_STORM: Final = frozenset(
    {code for code in TIERS if code.startswith(("AUT-", "BATCH-", "LINE-"))}
    | {"TYPE-UNKNOWN", "JSON-INVALID", "FIELD-UNKNOWN", "FIELD-MISSING", "FIELD-INVALID", "RES-NONNEG-INT"}
    | {"DIGEST-MISMATCH", "NOT-CANONICAL", "TEXT-CONTROL", "RES-TPS-KNOWN"}
)
