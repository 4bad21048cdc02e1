"""Ingest and validator without servers: their own cores, put together in memory, to see what they make of the demo."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any, Final, NamedTuple

import orjson

from contracts.codec import data_of
from contracts.identifiers import LANES, Lane
from contracts.pemilihan import PEMILIHAN
from contracts.reference.calon import semua_calon
from contracts.reference.wilayah import semua_provinsi, wilayah_of
from contracts.verdict import Accepted, Held, Verdict
from deploy.demo.plan import Fate, Push
from services.ingest.core.refusal import RefusedError
from services.ingest.core.stamp import Entry, Known, Numbering, Stamped, Stretch, said_in, stamp
from services.ingest.core.statement import Reader, Statement
from services.ingest.core.waiting import TPS_UNKNOWN, forms_of
from services.validator.core.case import Place
from services.validator.core.judge import Bench, bench_of, judge
from services.validator.core.reference import Reference, reference_of
from services.validator.core.register import Register
from services.validator.core.rules import all_rules
from tests.builders import KEYS, MOMENT

_RULES: Final = all_rules()


@cache
def _reference(province: str) -> Reference:
    return reference_of(wilayah_of(province), semua_provinsi(), semua_calon(), PEMILIHAN["pilkada-2024"])


class Outcome(NamedTuple):
    """What became of one line."""

    fate: Fate
    codes: frozenset[str]


class Record(NamedTuple):
    """What stands in the store about one subject."""

    type: str
    fate: Fate
    data: dict[str, Any]


class SmallOffice:
    """One office: what it says is stamped, judged and kept at once."""

    def __init__(self, office: str) -> None:
        """Begin with nothing."""
        self.office = office
        self.records: dict[str, Record] = {}
        self.fates: dict[Lane, Counter[Fate]] = {lane: Counter() for lane in LANES}
        """Of the changes that were numbered: what the neraca counts."""
        self.states: dict[str, str] = {}
        """What the receipt of an id says …"""
        self.findings: dict[str, list[dict[str, Any]]] = {}
        """… and what was found."""
        self.newest = ""
        """Id of the newest change that was taken, or of what it repeats."""
        self._reader = Reader(office, KEYS)
        self._ledger: dict[bytes, Entry] = {}
        self._ids: dict[str, Known] = {}
        self._reached = dict.fromkeys(LANES, 0)
        self._waiting: dict[str, bytes] = {}
        """Forms that lack their TPS, by subject."""
        self._register = Register()
        self._bench: Bench = bench_of(_RULES, _reference(office[:2]), self._register, KEYS)

    def take(self, line: bytes) -> Outcome:
        """Return what becomes of a line."""
        try:
            said = self._reader.read(line, 0)
        except RefusedError as error:
            return Outcome(Fate.REFUSED, frozenset(refusal.code for refusal in error.refusals))
        stamped = self._stamped(said)
        self._ids |= stamped.aliases
        self.newest = stamped.receipts[0].id if stamped.receipts else ""
        if stamped.refusals:
            return Outcome(Fate.REFUSED, frozenset(refusal.code for _, refusal in stamped.refusals))
        stretch = stamped.stretches[said.lane]
        if not stretch.lines:
            return Outcome(Fate.REPEATED, frozenset())
        outcome = self._judge(stretch, said.type)
        if said.type == "tps.recorded.v1":
            self._follow(said.subject)
        return outcome

    def _follow(self, registered: str) -> None:
        """Say again what waited for a TPS, as the ingest of a real office does by itself."""
        for subject in forms_of([registered]):
            if (line := self._waiting.pop(subject, None)) is not None:
                said = said_in(line)._replace(id=None, base=None)
                self._judge(self._stamped(said, again=True).stretches[said.lane], said.type)

    def _stamped(self, said: Statement, *, again: bool = False) -> Stamped:
        return stamp(
            [said],
            office=self.office,
            recordedtime=MOMENT,
            ledger=self._ledger,
            ids=self._ids,
            numbering={lane: Numbering(1, reached) for lane, reached in self._reached.items()},
            again=again,
        )

    def _judge(self, stretch: Stretch, kind: str) -> Outcome:
        [line], [identity], [subject], sequence = stretch.lines, stretch.ids, stretch.subjects, stretch.first
        verdict = judge(line, Place(self.office, stretch.lane, 1, sequence), self._bench)
        fate = _fate(verdict)
        rejected = fate is Fate.REJECTED
        [revision], [digest], [is_retraction] = stretch.revisions, stretch.digests, stretch.retractions
        self._reached[stretch.lane] = sequence
        self._ledger[stretch.keys[0]] = Entry(1, revision, sequence, digest, is_retraction, rejected)
        self._ids[identity] = Known(stretch.lane, 1, revision, sequence, stretch.fingerprints[0], rejected)
        self.fates[stretch.lane][fate] += 1
        self.states[identity] = {Fate.ACCEPTED: "merged"}.get(fate, fate.value)
        self.findings[identity] = [{"code": finding.code} for finding in verdict.findings]
        self._waiting.pop(subject, None)
        if any(finding.code == TPS_UNKNOWN for finding in verdict.findings):
            self._waiting[subject] = line
        if not rejected:
            self.records[subject] = Record(kind, fate, orjson.loads(data_of(line)))
            if kind == "tps.recorded.v1":
                self._register.note(subject, 1, sequence, registered=True)
        return Outcome(fate, frozenset(finding.code for finding in verdict.findings))


def as_planned(push: Push, outcome: Outcome) -> bool:
    """Return whether a push came to the end that its plan says."""
    return outcome.fate is push.fate and (not push.code or outcome.codes == {push.code})


def _fate(verdict: Verdict) -> Fate:
    match verdict:
        case Accepted():
            return Fate.ACCEPTED
        case Held():
            return Fate.HELD
        case _:
            return Fate.REJECTED
