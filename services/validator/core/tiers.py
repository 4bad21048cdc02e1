"""The tier of every rule: what a breach does to the change. It is data, which a province may change per election.

``tiers.csv`` is what DOMAIN.md asks (0, fact 2, and the tables in 1.4, 1.5, 2.2 and 2.3): structure, authority and
unknown references reject; vote arithmetic holds; administrative arithmetic flags or warns. A province lays a table of
its own over it, for one pemilihan or for all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType
from typing import Final

from contracts.pemilihan import PEMILIHAN
from contracts.verdict import Tier

# What cannot be stored, or says who may speak: softening it would let in what the store has no place for.
_REJECTS_ONLY: Final = (
    "AUT-", "BATCH-", "DIGEST-", "FIELD-", "JSON-", "JUDGE-", "LINE-", "NOT-CANONICAL", "PRI-", "REF-KONTES",
    "REF-PEMILIHAN", "REF-WILAYAH", "RES-NONNEG-INT", "RUP-CHILD-KNOWN", "TEXT-", "TYPE-",
)  # fmt: skip
_ALONE: Final = {
    # A mistake of ours in one rule costs the office nothing: the line is merged and waits for a person.
    "RULE-FAULT": Tier.HOLD,
    # A hint is help, never a reason.
    "RES-HINT-ONE-CELL": Tier.INFO,
}


def tiers_allowed(code: str) -> tuple[Tier, ...]:
    """Return the tiers that a rule may be given."""
    if code in _ALONE:
        return (_ALONE[code],)
    return (Tier.REJECT,) if code.startswith(_REJECTS_ONLY) else tuple(Tier)


def _read(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table with their line numbers."""
    rows = csv.DictReader(io.StringIO(text))
    for row in rows:
        yield rows.line_num, {name: value.strip() for name, value in row.items() if name and isinstance(value, str)}


def _standing() -> dict[str, Tier]:
    # Named by the package it lies in, so that it is found wherever the validator is installed.
    text = resources.files("services.validator").joinpath("tiers.csv").read_text("utf-8")
    return {row["code"]: Tier(row["tier"]) for _, row in _read(text)}


TIERS: Final[Mapping[str, Tier]] = MappingProxyType(_standing())
"""The tier that a rule has where no province says otherwise."""


@dataclass(frozen=True, slots=True)
class Tiers:
    """The standing tiers with what a province has laid over them."""

    of_all: Mapping[str, Tier] = field(default_factory=dict)
    """By code, in every pemilihan …"""
    of_pemilihan: Mapping[str, Mapping[str, Tier]] = field(default_factory=dict)
    """… and by pemilihan and code, which goes before."""

    def of(self, code: str, pemilihan: str) -> Tier:
        """Return the tier of a rule in a pemilihan.

        Raises:
            KeyError: there is no such rule in the standing table.
        """
        own = self.of_pemilihan.get(pemilihan, {}).get(code) or self.of_all.get(code)
        return TIERS[code] if own is None else own


STANDING: Final = Tiers()


def tiers_from(text: str) -> Tiers:
    """Return the standing tiers with the table ``text`` (``code,tier,pemilihan``) laid over them.

    Raises:
        ValueError: with every row that names no rule, no tier, no pemilihan, a tier that its rule may not have, or a
            place that was given a tier already.
    """
    of_all: dict[str, Tier] = {}
    of_pemilihan: dict[str, dict[str, Tier]] = {}
    faults = []
    if not text.lstrip("\ufeff").startswith("code,tier"):
        message = "line 1: expected the header code,tier,pemilihan"
        raise ValueError(message)
    for number, row in _read(text.lstrip("\ufeff")):
        code, named, pemilihan = row.get("code", ""), row.get("tier", ""), row.get("pemilihan", "")
        fault = _fault(code, named, pemilihan)
        table = of_pemilihan.setdefault(pemilihan, {}) if pemilihan else of_all
        if fault is None and code in table:
            fault = f"{code} stands here twice"
        if fault is not None:
            faults.append(f"line {number}: {fault}")
        else:
            table[code] = Tier(named)
    if faults:
        raise ValueError("; ".join(faults))
    return Tiers(of_all, of_pemilihan)


def _fault(code: str, named: str, pemilihan: str) -> str | None:
    if code not in TIERS:
        return f"there is no rule {code!r}"
    if named not in {tier.value for tier in Tier}:
        return f"{code} has tier {named!r}, expected one of {', '.join(Tier)}"
    allowed = tiers_allowed(code)
    if Tier(named) not in allowed:
        return f"{code} may only be {', '.join(allowed)}, not {named}"
    if pemilihan and pemilihan not in PEMILIHAN:
        return f"there is no pemilihan {pemilihan!r}, known are {', '.join(PEMILIHAN)}"
    return None


# What says nothing about a rule of ours: bytes that are no change, somebody else's record, and what the office
# has yet to register. All other rejections are counted by the circuit breaker.
NO_STORM: Final = frozenset(
    {code for code in TIERS if code.startswith(("AUT-", "BATCH-", "LINE-"))}
    | {"TYPE-UNKNOWN", "JSON-INVALID", "FIELD-UNKNOWN", "FIELD-MISSING", "FIELD-INVALID", "RES-NONNEG-INT"}
    | {"DIGEST-MISMATCH", "NOT-CANONICAL", "TEXT-CONTROL", "RES-TPS-KNOWN"}
)
