"""The catalogue: what is committed is what the rules say, and every code of the specification stands in it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from contracts.envelope import EVENT_TYPES
from contracts.rule_catalogue import rule_catalogue
from services.validator import catalogue
from services.validator.core.rules import all_rules
from services.validator.core.structure import STRUCTURE
from services.validator.core.tiers import TIERS

_PROJECT: Final = Path(__file__).resolve().parents[3]
_SPECIFIED: Final = {
    "VTR": (
        "NIK-LEN",
        "NIK-DATE-SHAPE",
        "NIK-SEX",
        "NIK-DOB",
        "NIK-REGION",
        "NKK-LEN",
        "AGE",
        "AGE-MAX",
        "TNI-POLRI",
        "DOMICILE",
        "TPS-CAP",
        "TMS-REASON",
        "GANDA",
        "PERIOD-OPEN",
    ),
    "PDPB": (
        "BALANCE",
        "LP",
        "CHAIN",
        "ROLLUP",
        "EVENTS",
        "UNITS",
    ),
    "RES": (
        "SUM-PASLON",
        "SUM-VALID",
        "USED-EQ-VOTES",
        "SS-USED",
        "SS-BALANCE",
        "SS-RESERVE",
        "LP-DPT",
        "LP-USED-DPT",
        "LP-USED-DPTB",
        "LP-USED-DPK",
        "LP-USED-TOTAL",
        "USED-SUM",
        "USED-LE-DPT",
        "DPT-CAP",
        "VOTES-LE-BALLOTS",
        "DISAB-LE",
        "DPT-MATCH",
        "PARTY-SUM",
        "NONNEG-INT",
        "BOX-WIDTH",
        "OPTION-SET",
        "TPS-KNOWN",
        "COMPLETE",
    ),
    "RUP": (
        "CHILD-SUM",
        "OWN-CHART",
        "CHILD-COUNT",
        "SNAPSHOT",
        "FINAL-LOCK",
        "SIREKAP-VS-D",
    ),
}
"""The tables of DOMAIN.md 1.4, 1.5, 1.7, 2.2 and 2.3."""


@pytest.mark.parametrize("path", ["contracts/rules.json", "docs/rules.md"])
def test_the_committed_catalogue_is_what_the_rules_say(path: str) -> None:
    assert (_PROJECT / path).read_bytes() == catalogue.documents()[path], "run `make contracts` and review the diff"


def test_every_rule_of_the_specification_stands_in_it() -> None:
    codes = [entry.code for entry in rule_catalogue().rules]
    specified = {f"{group}-{name}" for group, names in _SPECIFIED.items() for name in names}
    assert not specified - set(codes)
    assert codes == sorted(set(codes))


def test_every_tier_is_that_of_a_rule_and_every_rule_has_one() -> None:
    asked = {rule.code for rule in all_rules()} | STRUCTURE.keys()
    assert asked == TIERS.keys()


def test_every_entry_names_its_events_and_its_tier_is_allowed() -> None:
    types = {kind.name for kind in EVENT_TYPES}
    for entry in rule_catalogue().rules:
        assert set(entry.asked_of) <= types, entry.code
        assert entry.tier in entry.tiers_allowed, entry.code
        assert entry.asked_of or entry.where == "structure", entry.code
        places = {"seen": "1", "expected": "2", "where": "3"}
        assert entry.pesan.format(**places), entry.code
        assert entry.message.format(**places), entry.code
