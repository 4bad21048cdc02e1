"""The judge: one line in, one verdict out; pure, and it never raises (invariant I15)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from contracts import codec
from contracts.codec import Undecodable
from contracts.envelope import EVENT_TYPES, ClosedModel, EventType
from contracts.events import CHasilV1, PemilihV1
from contracts.pemilihan import PEMILIHAN
from contracts.personal import DataPribadi, PersonalKeys
from contracts.verdict import Finding, Rejected, Tier, Verdict, verdict_of
from services.validator.core import plain_pemilih
from services.validator.core.case import Case, Place
from services.validator.core.plain import SETTLED, is_plain
from services.validator.core.reference import Reference
from services.validator.core.register import Register
from services.validator.core.rule import Ask, Breaches, Rule
from services.validator.core.structure import findings_of, structural
from services.validator.core.tiers import STANDING, Tiers

LINE_BYTES_MAX: Final = 1024 * 1024
"""Half of what a topic admits, so that a line and all its findings always fit into one record."""
_BREACHES_PER_RULE_MAX: Final = 5
_FINDINGS_MAX: Final = 40
"""What one line can be told at once; the gravest come first."""

_GRAVITY: Final = {tier: nth for nth, tier in enumerate(Tier)}

Book = tuple[tuple[Ask, Rule, Tier], ...]
Glance = Callable[[bytes, Place, Reference, Register, PersonalKeys], bool]


class Docket(NamedTuple):
    """What is asked about one event type."""

    kind: EventType
    book: Book
    book_of_plain: Book
    """The same without what a plain form settles."""
    personal: Book
    """Asked of the opened block of a voter."""
    following: Book
    """Asked when certain others have found something."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What judging needs besides the line: rules, reference data, the register, and keys."""

    reference: Reference
    register: Register
    keys: PersonalKeys
    dockets: dict[str, Docket]
    """By event type, with the tiers of the pemilihan that voters are judged for …"""
    dockets_of_pemilihan: dict[str, dict[str, Docket]]
    """… and of each pemilihan, for its forms."""
    glance: Glance | None
    """Clears a voter in whom nothing is wrong before the line is decoded; ``None`` where a rule is asked that it does
    not know."""


def bench_of(
    rules: Iterable[Rule],
    reference: Reference,
    register: Register,
    keys: PersonalKeys,
    tiers: Tiers = STANDING,
) -> Bench:
    """Return a bench on which ``rules`` are asked.

    Raises:
        KeyError: a rule has no row in the table of tiers.
    """
    asked = tuple(rules)
    by_pemilihan = {pemilihan: _dockets(asked, pemilihan, tiers) for pemilihan in PEMILIHAN}
    dockets = by_pemilihan[reference.pemilihan.kode]
    return Bench(reference, register, keys, dockets, by_pemilihan, _glance(dockets[plain_pemilih.KIND]))


def _glance(docket: Docket) -> Glance | None:
    codes = {rule.code for _, rule, _ in docket.book + docket.personal}
    if not codes:
        return plain_pemilih.is_written_plainly
    return plain_pemilih.is_plain if codes <= plain_pemilih.SETTLED else None


def _dockets(rules: tuple[Rule, ...], pemilihan: str, tiers: Tiers) -> dict[str, Docket]:
    asked = [(rule.ask, rule, tiers.of(rule.code, pemilihan)) for rule in rules]

    def book(data: type[ClosedModel], *, following: bool = False) -> Book:
        return tuple(row for row in asked if data in row[1].asked_of and bool(row[1].only_after) is following)

    personal = book(DataPribadi)
    return {
        kind.name: Docket(
            kind,
            book(kind.data),
            tuple(row for row in book(kind.data) if row[1].code not in SETTLED),
            personal if kind.data is PemilihV1 else (),
            book(kind.data, following=True),
        )
        for kind in EVENT_TYPES
    }


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
    glance = bench.glance
    if glance is not None and glance(line, place, bench.reference, bench.register, bench.keys):
        return verdict_of(())
    change = codec.decode(line)
    if isinstance(change, Undecodable):
        return Rejected(findings_of(change.faults))
    found: list[Finding] = []
    if change.sequence != place.sequence or change.epoch != place.epoch:
        seen, expected = f"{change.epoch}/{change.sequence}", f"{place.epoch}/{place.sequence}"
        found.append(structural("AUT-PLACE", seen=seen, expected=expected))
    kind, book, book_of_plain, personal, following = bench.dockets[change.type]
    if not book and not found:
        return verdict_of(())
    case = Case(change, kind, place, bench.reference, bench.register, bench.keys)
    if case.kontes is not None:
        _, book, book_of_plain, personal, following = bench.dockets_of_pemilihan[case.kontes.pemilihan.kode][
            change.type
        ]
    data = change.data
    _ask(book_of_plain if type(data) is CHasilV1 and is_plain(data) else book, data, case, found)
    if case.pribadi is not None:
        _ask(personal, case.pribadi, case, found)
    if not found:
        return verdict_of(())
    if following:
        codes = {finding.code for finding in found}
        _ask(tuple(row for row in following if not codes.isdisjoint(row[1].only_after)), change.data, case, found)
    found.sort(key=lambda finding: _GRAVITY[finding.tier])
    return verdict_of(tuple(found[:_FINDINGS_MAX]))


def _ask(book: Book, data: ClosedModel, case: Case, found: list[Finding]) -> None:
    for ask, rule, tier in book:
        try:
            breaches = ask(data, case)
        except Exception:  # noqa: BLE001  # our mistake: the office's line is kept for a person to look at
            found.append(structural("RULE-FAULT", seen=rule.code, expected="an answer"))
        else:
            if breaches:
                _note(rule, tier, breaches, found)


def _note(rule: Rule, tier: Tier, breaches: Breaches, found: list[Finding]) -> None:
    found += [rule.finding(tier, breach) for breach in breaches[:_BREACHES_PER_RULE_MAX]]
