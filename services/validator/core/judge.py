"""The judge: one line in, one verdict out; pure, and it never raises (invariant I15)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import orjson

from contracts import codec
from contracts.codec import Undecodable
from contracts.envelope import EVENT_TYPES, Change, ClosedModel
from contracts.identifiers import source_of
from contracts.personal import DataPribadi, PersonalKeys
from contracts.verdict import Finding, Rejected, Tier, Verdict, verdict_of
from services.validator.core.case import Case, Place
from services.validator.core.reference import Reference
from services.validator.core.register import Register
from services.validator.core.rule import Ask, Breaches, Rule
from services.validator.core.structure import findings_of, structural
from services.validator.core.tiers import TIERS

LINE_BYTES_MAX: Final = 1024 * 1024
"""Half of what a topic admits, so that a line and all its findings always fit into one record."""
_BREACHES_PER_RULE_MAX: Final = 5
_FINDINGS_MAX: Final = 40
"""What one line can be told at once; the gravest come first."""

_GRAVITY: Final = {tier: nth for nth, tier in enumerate(Tier)}

Book = tuple[tuple[Ask, Rule, Tier], ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """What judging needs besides the line: rules, reference data, the register, and keys."""

    reference: Reference
    register: Register
    keys: PersonalKeys
    by_type: dict[type[ClosedModel], Book]

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all rules that are asked."""
        return frozenset(rule.code for book in self.by_type.values() for _, rule, _ in book)


def bench_of(rules: Iterable[Rule], reference: Reference, register: Register, keys: PersonalKeys) -> Bench:
    """Return a bench on which ``rules`` are asked.

    Raises:
        KeyError: a rule has no row in the table of tiers.
    """
    asked = [(rule, TIERS[rule.code]) for rule in rules]
    kinds = {kind.data for kind in EVENT_TYPES} | {DataPribadi}
    return Bench(
        reference,
        register,
        keys,
        {data: tuple((rule.ask, rule, tier) for rule, tier in asked if data in rule.asked_of) for data in kinds},
    )


def judge(line: bytes, place: Place, bench: Bench) -> Verdict:
    """Return the verdict on ``line`` at its place. Never raises, whatever the bytes.

    The model that is read is dropped: the line itself goes on, byte for byte.
    """
    try:
        return _judged(line, place, bench)
    except Exception as error:  # noqa: BLE001  # a line must not stop its neighbours, whatever we got wrong
        return Rejected((structural("JUDGE-FAULT", seen=type(error).__name__, expected="a verdict"),))


def _judged(line: bytes, place: Place, bench: Bench) -> Verdict:
    if len(line) > LINE_BYTES_MAX:
        return Rejected((structural("LINE-TOO-LARGE", seen=str(len(line)), expected=str(LINE_BYTES_MAX)),))
    change = codec.decode(line)
    if isinstance(change, Undecodable):
        return Rejected(findings_of(change.faults))
    found: list[Finding] = []
    _ask_about_writing(line, change, found)
    if change.sequence != place.sequence or change.epoch != place.epoch:
        seen, expected = f"{change.epoch}/{change.sequence}", f"{place.epoch}/{place.sequence}"
        found.append(structural("AUT-PLACE", seen=seen, expected=expected))
    _ask_rules(change, place, bench, found)
    if not found:
        return verdict_of(())
    found.sort(key=lambda finding: _GRAVITY[finding.tier])
    return verdict_of(tuple(found[:_FINDINGS_MAX]))


def _ask_rules(change: Change[Any], place: Place, bench: Bench, found: list[Finding]) -> None:
    kind = EVENT_TYPES.get(change.type)
    assert kind is not None, "what was decoded has a known type"
    case = Case(change, kind, place, bench.reference, bench.register, bench.keys)
    data = change.data
    for ask, rule, tier in bench.by_type[kind.data]:
        try:
            breaches = ask(data, case)
        except Exception:  # noqa: BLE001  # our mistake: the office's line is kept for a person to look at
            found.append(structural("RULE-FAULT", seen=rule.code, expected="an answer"))
        else:
            if breaches:
                _note(rule, tier, breaches, found)
    if kind.name != "pemilih.recorded.v1" or (pribadi := case.pribadi) is None:
        return
    for ask, rule, tier in bench.by_type[DataPribadi]:
        try:
            breaches = ask(pribadi, case)
        except Exception:  # noqa: BLE001  # as above
            found.append(structural("RULE-FAULT", seen=rule.code, expected="an answer"))
        else:
            if breaches:
                _note(rule, tier, breaches, found)


def _note(rule: Rule, tier: Tier, breaches: Breaches, found: list[Finding]) -> None:
    found += [rule.finding(tier, breach) for breach in breaches[:_BREACHES_PER_RULE_MAX]]


def _ask_about_writing(line: bytes, change: Change[Any], found: list[Finding]) -> None:
    """Find what ingest would not have written: a line that two readers may read differently."""
    data = codec.data_of(line)
    content = orjson.loads(data)
    if b"\r" in line or orjson.dumps(content, option=orjson.OPT_SORT_KEYS) != data:
        found.append(structural("NOT-CANONICAL", seen=source_of(change.source[5:]), expected="a canonical line"))
    # A canonical line escapes nothing but quotes, backslashes and control characters, which are rare enough.
    if b"\\" in data and _has_control(content):
        found.append(structural("TEXT-CONTROL", seen="a control character", expected="printable text"))


def _has_control(value: object) -> bool:
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, str):
            if any(character < " " for character in here):
                return True
        elif isinstance(here, dict):
            waiting += [*here, *here.values()]
        elif isinstance(here, list):
            waiting += here
    return False
