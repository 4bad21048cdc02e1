"""The hearing of one Kafka record: every number it covers ends as accepted, held or rejected exactly once (I1).

Accepted and held lines go on byte for byte in a record that covers the same stretch of numbers; what was
rejected is missing from it and goes back to its office as an objection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final, NamedTuple

import orjson
from pydantic import TypeAdapter, ValidationError

from contracts.batch import CONTRACT_VERSION, HEADER, BatchHeader, LineFindings, header_from, headers_of
from contracts.codec import type_of
from contracts.envelope import EVENT_TYPES, ChangeId
from contracts.identifiers import Lane, parse_subject
from contracts.objection import Objection
from contracts.remembered import CalendarEntry
from contracts.topics import CHANGES_PER_RECORD_MAX, MESSAGE_BYTES_MAX
from contracts.verdict import Accepted, Finding, Held, Rejected, Tier
from services.validator.core.case import Place
from services.validator.core.judge import Bench, judge
from services.validator.core.structure import structural
from services.validator.core.tiers import NO_STORM

RECORD_BYTES_MAX: Final = MESSAGE_BYTES_MAX * 3 // 4
"""Value and headers of what we write, before compression: the rest is room for what Kafka adds."""

LINES_PER_TURN: Final = 200
"""About four milliseconds: then the other lane, whose results must not wait behind voters, has its turn."""

_NEWLINE: Final = b"\n"
_REMEMBERED: Final = frozenset({"tps", "d_hasil", "jadwal"})
_ID: Final = TypeAdapter[str](ChangeId)


class Desk(NamedTuple):
    """Whose topic a record came on."""

    office: str
    lane: Lane


class Slot(NamedTuple):
    """One number of the stretch and the line that stands for it, if there is one."""

    sequence: int
    line: bytes | None


class Piece(NamedTuple):
    """A record to write: a stretch of numbers with the lines of it that go on."""

    header: BatchHeader
    value: bytes
    findings: list[LineFindings]

    @property
    def headers(self) -> dict[str, str]:
        """The headers to write it with."""
        return headers_of(self.header, self.findings)


class Hearing:
    """One record that belongs to its topic, judged line by line."""

    def __init__(self, header: BatchHeader, value: bytes, place: str) -> None:
        """Take what was read; ``place`` is ``<topic>:<partition>:<offset>``."""
        self.header = header
        self.objections: list[Objection] = []
        self.verdicts: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.stormy = 0
        """Lines that were rejected by a rule of ours, not for what they are or who sent them."""
        self._value = value
        self._slots, self._surplus = slots_of(header, value)
        self._kept: list[tuple[int, bytes]] = []
        self._findings: dict[int, LineFindings] = {}
        if self._surplus:
            said = structural("LINE-SURPLUS", seen=str(self._surplus), expected=str(len(self._slots)))
            self.objections.append(outside(Desk(header.office, header.lane), header.epoch, place, said))
            self.codes["LINE-SURPLUS"] += 1

    def __len__(self) -> int:
        """Return how many numbers it covers."""
        return len(self._slots)

    def lines(self, bench: Bench) -> Iterator[None]:
        """Judge line after line; after every :data:`LINES_PER_TURN` of them others may work."""
        header = self.header
        office, lane, epoch = header.office, header.lane, header.epoch
        contract = _contract_faults(header)
        for start in range(0, len(self._slots), LINES_PER_TURN):
            for slot in self._slots[start : start + LINES_PER_TURN]:
                sequence, line = slot
                if line is None:
                    self._reject(slot, (structural("LINE-MISSING", seen="no line", expected=f"number {sequence}"),))
                    continue
                if contract:
                    self._reject(slot, contract)
                    continue
                verdict = judge(line, Place(office, lane, epoch, sequence), bench)
                if isinstance(verdict, Rejected):
                    self._reject(slot, verdict.findings)
                    continue
                self._kept.append((sequence, line))
                if verdict.findings:
                    self._note(sequence, line, verdict)
                if lane == "hasil":
                    _register(line, epoch, sequence, bench, held=isinstance(verdict, Held))
            yield
        self.verdicts["accepted"] = len(self._slots) - self.verdicts["held"] - self.verdicts["rejected"]

    def pieces(self) -> list[Piece]:
        """Return the records that carry what goes on; together they cover every number once."""
        whole = len(self._kept) == len(self._slots) and not self._surplus
        if whole and not self._findings and len(self._value) <= RECORD_BYTES_MAX:
            # As it came: the usual record is not even joined anew.
            value = self._value.removesuffix(_NEWLINE)
            return [Piece(self.header.model_copy(update={"count": len(self._kept)}), value, [])]
        return list(self._cut())

    def _note(self, sequence: int, line: bytes, verdict: Accepted | Held) -> None:
        held = isinstance(verdict, Held)
        self.codes.update(finding.code for finding in verdict.findings)
        self._findings[sequence] = LineFindings(sequence=sequence, held=held, findings=list(verdict.findings))
        if held:
            self.verdicts["held"] += 1
            self.objections.append(self._objection(sequence, line, "held", verdict.findings))

    def _reject(self, slot: Slot, findings: tuple[Finding, ...]) -> None:
        self.verdicts["rejected"] += 1
        self.codes.update(finding.code for finding in findings)
        self.stormy += any(finding.tier is Tier.REJECT and finding.code not in NO_STORM for finding in findings)
        self.objections.append(self._objection(slot.sequence, slot.line, "rejected", findings))

    def _objection(self, sequence: int, line: bytes | None, verdict: str, findings: tuple[Finding, ...]) -> Objection:
        header = self.header
        about = _about(line)
        return Objection(
            office=header.office,
            lane=header.lane,
            epoch=header.epoch,
            sequence=sequence,
            id=about["id"],
            type=about["type"],
            subject=about["subject"],
            verdict="held" if verdict == "held" else "rejected",
            findings=list(findings),
        )

    def _cut(self) -> Iterator[Piece]:
        """Yield the stretch in as few pieces as fit: sync counts any division of it the same (decision 0002)."""
        cuts = [0]
        size = 0
        for nth, (sequence, line) in enumerate(self._kept):
            found = self._findings.get(sequence)
            grown = len(line) + 1 + (len(found.model_dump_json()) + 1 if found is not None else 0)
            if nth > cuts[-1] and size + grown > RECORD_BYTES_MAX:
                cuts.append(nth)
                size = 0
            size += grown
        cuts.append(len(self._kept))
        first = self.header.first
        for start, end in pairwise(cuts):
            # Numbers between two kept lines were rejected: they are counted with the line before them.
            last = self._kept[end][0] - 1 if end < len(self._kept) else self.header.last
            kept = self._kept[start:end]
            yield Piece(
                self.header.model_copy(update={"first": first, "last": last, "count": len(kept)}),
                _NEWLINE.join(line for _, line in kept),
                [self._findings[sequence] for sequence, _ in kept if sequence in self._findings],
            )
            first = last + 1


def opened(headers: Mapping[str, bytes], value: bytes | None, desk: Desk, place: str) -> Hearing | Objection:
    """Return the hearing of a record that came on the topic of ``desk``, or why there can be none.

    A record that does not say which numbers of this office it carries settles none of them.
    """
    header = header_from(headers)
    if header is None:
        seen = "missing" if HEADER not in headers else "unreadable"
        return outside(desk, 1, place, structural("BATCH-HEADER", seen=seen, expected="a batch header"))
    if (header.office, header.lane) != desk:
        seen = f"{header.office}/{header.lane}"
        return outside(desk, 1, place, structural("AUT-TOPIC", seen=seen, expected="/".join(desk)))
    if not 0 <= header.last - header.first < CHANGES_PER_RECORD_MAX:
        seen = f"{header.first}..{header.last}"
        expected = f"a stretch of 1 to {CHANGES_PER_RECORD_MAX} numbers"
        return outside(desk, header.epoch, place, structural("BATCH-HEADER", seen=seen, expected=expected))
    return Hearing(header, value or b"", place)


def outside(desk: Desk, epoch: int, place: str, finding: Finding) -> Objection:
    """Return the objection to what stands outside the numbering of an office."""
    return Objection(
        office=desk.office,
        lane=desk.lane,
        epoch=epoch,
        sequence=0,
        id=place,
        type="",
        subject="",
        verdict="rejected",
        findings=[finding],
    )


def slots_of(header: BatchHeader, value: bytes) -> tuple[list[Slot], int]:
    """Return each number of the stretch with its line, and how many lines no number is left for.

    The usual record has as many lines as numbers, and a line belongs to its place. Otherwise a line was lost,
    added or broken in two: then each keeps the number it says itself, so that the damage stays where it is, and
    what cannot say a number takes one that nobody claims.
    """
    lines = value.split(_NEWLINE)
    if lines[-1] == b"":
        lines.pop()
    numbers = range(header.first, header.last + 1)
    if len(lines) == len(numbers):
        return list(map(Slot, numbers, lines)), 0
    claimed: dict[int, bytes] = {}
    others: list[bytes] = []
    for line in lines:
        number = _read(line).get("sequence")
        if isinstance(number, int) and number in numbers and number not in claimed:
            claimed[number] = line
        else:
            others.append(line)
    free = [number for number in numbers if number not in claimed]
    claimed.update(zip(free, others, strict=False))
    return [Slot(number, claimed.get(number)) for number in numbers], max(0, len(others) - len(free))


def chunks_of(header: BatchHeader | None, objections: list[Objection]) -> Iterator[tuple[bytes, dict[str, str]]]:
    """Yield value and headers of the records that carry ``objections``, each as large as a topic admits."""
    lines: list[bytes] = []
    size = 0
    for objection in objections:
        line = objection.model_dump_json().encode()
        if lines and size + len(line) + 1 > RECORD_BYTES_MAX:
            yield _chunk(header, lines)
            lines, size = [], 0
        lines.append(line)
        size += len(line) + 1
    if lines:
        yield _chunk(header, lines)


def _chunk(header: BatchHeader | None, lines: list[bytes]) -> tuple[bytes, dict[str, str]]:
    headers = {} if header is None else headers_of(header.model_copy(update={"count": len(lines)}))
    return _NEWLINE.join(lines), headers


def _contract_faults(header: BatchHeader) -> tuple[Finding, ...]:
    if header.contract == CONTRACT_VERSION:
        return ()
    return (structural("BATCH-CONTRACT", seen=str(header.contract), expected=str(CONTRACT_VERSION)),)


def _register(line: bytes, epoch: int, sequence: int, bench: Bench, *, held: bool) -> None:
    """Take a TPS, a ratified D.Hasil or a calendar into the register, or out of it.

    What is held ratifies nothing and opens nothing; a TPS that is held is there all the same.
    """
    kind = type_of(line)
    if kind is None or (noun := kind.noun) not in _REMEMBERED:
        return
    read = _read(line)
    subject: str = read["subject"]
    if noun == "tps":
        bench.register.note(subject, epoch, sequence, registered=not kind.is_retraction)
        return
    about = parse_subject(subject)
    if held or about is None:
        return
    if noun == "jadwal":
        said: dict[str, Any] = {} if kind.is_retraction else read["data"]
        entry = {"epoch": epoch, "sequence": sequence, "lajur": said.get("lajur"), "masa": said.get("masa", [])}
        # As JSON, where a moment is a text: the model is strict.
        bench.register.note_calendar(subject, CalendarEntry.model_validate_json(orjson.dumps(entry)))
        return
    kontes, _, jalur = about.scope.partition("/")
    if jalur == "rekap":
        bench.register.note_ratified(kontes, about.key, epoch, sequence, ratified=not kind.is_retraction)


def _about(line: bytes | None) -> dict[str, str]:
    """Return what an objection can say about the change it is about, as far as that can be read and trusted."""
    said = {} if line is None else _read(line)
    subject, kind, named = said.get("subject"), said.get("type"), said.get("id")
    return {
        "id": named if isinstance(named, str) and _is_id(named) else "",
        "type": kind if isinstance(kind, str) and EVENT_TYPES.get(kind) is not None else "",
        "subject": subject if isinstance(subject, str) and parse_subject(subject) is not None else "",
    }


def _is_id(value: str) -> bool:
    try:
        _ID.validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def _read(line: bytes) -> dict[str, Any]:
    try:
        read = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    return read if isinstance(read, dict) else {}
