"""Laws of the judge: it never raises, its verdict follows from its findings, and no number is lost or doubled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from contracts import codec
from contracts.batch import LineFindings, findings_from
from contracts.events.rekap_pdpb_v1 import BarisPdpbV1
from contracts.topics import BYTES_PER_RECORD_MAX, MESSAGE_BYTES_MAX
from contracts.verdict import Accepted, Held, Rejected, Tier, Verdict
from services.validator.core.case import Place
from services.validator.core.hearing import Desk, Hearing, chunks_of, opened
from services.validator.core.judge import bench_of, judge
from services.validator.core.rules import all_rules
from services.validator.core.tiers import TIERS
from tests.builders import (
    KONTES_GUBERNUR,
    OFFICE,
    TPS,
    a_batch,
    a_c_hasil,
    a_d_hasil,
    a_line,
    a_pemilih,
    a_pemilih_submission,
    a_rekap_pdpb,
    a_retraction,
    a_tps,
)
from tests.unit.validator.courtroom import a_bench

BENCH = a_bench()
HASIL = Place(OFFICE, "hasil", 1, 2)
LINES = [
    a_line(a_c_hasil(), sequence=2),
    a_line(a_tps(), sequence=2),
    a_line(a_d_hasil(), sequence=2),
    a_line(a_retraction(), subject=f"c_hasil/{KONTES_GUBERNUR}/{TPS}", sequence=2),
    a_line(a_pemilih(), sequence=2),
    a_line(a_rekap_pdpb(rincian={"3279011001": BarisPdpbV1(awal=1)}), sequence=2),
]

BOXES = [name for name, value in orjson.loads(codec.data_of(LINES[0])).items() if isinstance(value, int)]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
figures = st.none() | st.integers(-2, 1_200)


def check(verdict: Verdict) -> None:
    """Assert what holds of every verdict."""
    tiers = {finding.tier for finding in verdict.findings}
    match verdict:
        case Rejected():
            assert Tier.REJECT in tiers
        case Held():
            assert Tier.HOLD in tiers
            assert Tier.REJECT not in tiers
        case Accepted():
            assert not tiers & {Tier.REJECT, Tier.HOLD}
    for finding in verdict.findings:
        assert TIERS[finding.code] is finding.tier
        assert finding.pesan
        assert finding.message
        # What is said is written to Kafka and PostgreSQL, which take no NUL and no lone surrogate.
        assert "\0" not in "".join(finding.model_dump().values())
        assert len(finding.model_dump_json().encode()) < 4_000
    assert len(verdict.findings) <= 40
    assert not {finding.code for finding in verdict.findings} & {"JUDGE-FAULT", "RULE-FAULT"}


@given(st.binary(max_size=300))
def test_any_bytes_get_a_verdict(line: bytes) -> None:
    check(judge(line, HASIL, BENCH))


@given(st.sampled_from(LINES), st.data())
def test_any_damage_to_a_line_gets_a_verdict(line: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, min(len(line), start + 8)))
    damaged = line[:start] + data.draw(st.binary(max_size=8)) + line[end:]
    verdict = judge(damaged, HASIL, BENCH)
    check(verdict)
    if damaged != line and isinstance(verdict, Accepted | Held):
        # Only what the digest does not cover may differ and still pass: the envelope.
        assert codec.data_of(damaged) == codec.data_of(line)


@given(st.sampled_from(LINES), st.data(), json_values)
def test_any_value_anywhere_in_the_data_gets_a_verdict(line: bytes, data: st.DataObject, value: Any) -> None:
    attributes = orjson.loads(line)
    content = attributes["data"]
    content[data.draw(st.sampled_from([*content, "catatan"]))] = value
    try:
        body = codec.canonical_data(content)
    except TypeError:
        return
    written = line[: line.index(b',"digest":')]
    kind = attributes["type"]
    check(judge(b'%s,"digest":"%s","data":%s}' % (written, codec.digest_of(kind, body).encode(), body), HASIL, BENCH))


@given(st.dictionaries(st.sampled_from(sorted(type(a_c_hasil()).model_fields)), figures, max_size=8))
def test_any_figures_on_a_form_get_a_verdict(boxes: dict[str, int | None]) -> None:
    content = orjson.loads(codec.data_of(LINES[0]))
    content.update({name: figure for name, figure in boxes.items() if name.startswith(("p", "s", "d"))})
    check(judge(a_line(data=codec.canonical_data(content), sequence=2), HASIL, BENCH))


@given(
    st.text(min_size=1, max_size=32).filter(str.isprintable) | st.from_regex(r"[0-9]{16}", fullmatch=True),
    st.none() | st.text(max_size=32).filter(str.isprintable),
    st.sampled_from("LP"),
    st.sampled_from([None, "B", "S", "P"]),
)
def test_any_voter_gets_a_verdict_that_names_no_nik(nik: str, nkk: str | None, sex: str, kawin: str | None) -> None:
    voter = a_pemilih(a_pemilih_submission(nik=nik, nkk=nkk, jenis_kelamin=sex, status_kawin=kawin))
    verdict = judge(a_line(voter, sequence=2), Place(OFFICE, "pemilih", 1, 2), BENCH)
    check(verdict)
    assert "PRI-OPEN" not in {finding.code for finding in verdict.findings}
    if len(nik) > 5:
        assert nik not in "".join(finding.model_dump_json() for finding in verdict.findings)


@given(st.sampled_from(LINES), st.data())
def test_findings_depend_on_no_order_of_the_rules_and_a_verdict_on_no_earlier_one(
    line: bytes, data: st.DataObject
) -> None:
    content = orjson.loads(line)["data"]
    boxes = st.sampled_from([name for name, value in content.items() if isinstance(value, int)] or ["catatan"])
    changed = {**content, **data.draw(st.dictionaries(boxes, st.integers(0, 1_200), max_size=4))}
    body, kind = codec.canonical_data(changed), orjson.loads(line)["type"]
    head = line[: line.index(b',"digest":')]
    damaged = b'%s,"digest":"%s","data":%s}' % (head, codec.digest_of(kind, body).encode(), body)
    place = HASIL._replace(lane="pemilih") if kind.startswith("pemilih") else HASIL
    shuffled = bench_of(data.draw(st.permutations(all_rules())), BENCH.reference, BENCH.register, BENCH.keys)
    first, second = judge(damaged, place, BENCH), judge(damaged, place, shuffled)
    assert judge(damaged, place, BENCH) == first
    assert type(first) is type(second)
    told = sorted(finding.model_dump_json() for finding in first.findings)
    if len(told) < 40:
        assert told == sorted(finding.model_dump_json() for finding in second.findings)


_HINTED = "RES-HINT-ONE-CELL"
_IDENTITIES = next(rule for rule in all_rules() if rule.code == _HINTED).only_after


@given(st.lists(st.tuples(st.sampled_from(BOXES), st.integers(0, 2), st.integers(0, 9)), min_size=1, max_size=2))
def test_a_hint_changes_one_digit_and_repairs_every_identity(misread: list[tuple[str, int, int]]) -> None:
    content = orjson.loads(codec.data_of(LINES[0]))
    for name, place, digit in misread:
        digits = f"{content[name]:03}"
        content[name] = int(f"{digits[:place]}{digit}{digits[place + 1 :]}")
    verdict = judge(a_line(data=codec.canonical_data(content), sequence=2), HASIL, BENCH)
    check(verdict)
    hints = [finding for finding in verdict.findings if finding.code == _HINTED]
    assert len(hints) <= 1
    for hint in hints:
        assert sum(one != two for one, two in zip(f"{hint.seen:>03}", f"{hint.expected:>03}", strict=True)) == 1
        votes = hint.pointer.startswith("/perolehan_suara/")
        boxes = content["perolehan_suara"] if votes else content
        name = hint.pointer.rpartition("/")[2]
        assert boxes[name] == int(hint.seen)
        boxes[name] = int(hint.expected)
        repaired = judge(a_line(data=codec.canonical_data(content), sequence=2), HASIL, BENCH)
        assert not {finding.code for finding in repaired.findings} & _IDENTITIES


# One record ------------------------------------------------------------------------------------------------------

pieces_of_value = st.lists(
    st.sampled_from(["good", "held", "broken", "empty", "tps", "foreign", "wrong number"]), min_size=0, max_size=12
)


def _line(kind: str, sequence: int) -> bytes:
    make: dict[str, Callable[[], bytes]] = {
        "good": lambda: a_line(a_c_hasil(), sequence=sequence),
        "held": lambda: a_line(a_c_hasil(suara_sah=1), sequence=sequence),
        "tps": lambda: a_line(a_tps(), sequence=sequence),
        "foreign": lambda: a_line(a_c_hasil(), source="3204", sequence=sequence),
        "wrong number": lambda: a_line(a_c_hasil(), sequence=sequence + 1),
        "empty": lambda: b"",
        "broken": lambda: b"{broken",
    }
    return make[kind]()


@given(pieces_of_value, st.integers(1, 12), st.integers(1, 1_000), st.sampled_from([b"", b"\n"]))
def test_every_number_of_a_record_has_exactly_one_outcome(
    kinds: list[str], span: int, first: int, ending: bytes
) -> None:
    lines = [_line(kind, first + nth) for nth, kind in enumerate(kinds)]
    value = b"\n".join(lines) + ending
    batch = a_batch(lines, first=first, last=first + span - 1)
    hearing = opened(
        {name: text.encode() for name, text in batch.headers.items()}, value, Desk(OFFICE, "hasil"), "a:0:0"
    )
    assert isinstance(hearing, Hearing)
    for _ in hearing.lines(a_bench()):
        pass
    _check_account(hearing, first, first + span - 1)
    assert sum(hearing.verdicts.values()) == span


@given(st.binary(max_size=400), st.integers(1, 6))
def test_any_value_under_a_good_header_is_accounted_for(value: bytes, span: int) -> None:
    batch = a_batch([b""] * span, first=7)
    hearing = opened(
        {name: text.encode() for name, text in batch.headers.items()}, value, Desk(OFFICE, "hasil"), "a:0:0"
    )
    assert isinstance(hearing, Hearing)
    for _ in hearing.lines(BENCH):
        pass
    _check_account(hearing, 7, 6 + span)


def _check_account(hearing: Hearing, first: int, last: int) -> None:
    next_number = first
    outcomes: list[int] = []
    for piece in hearing.pieces():
        assert piece.header.first == next_number
        next_number = piece.header.last + 1
        lines = piece.value.split(b"\n") if piece.value else []
        assert piece.header.count == len(lines)
        numbers = [orjson.loads(line)["sequence"] for line in lines]
        assert numbers == sorted(numbers)
        assert all(piece.header.first <= number <= piece.header.last for number in numbers)
        outcomes += numbers
        read: list[LineFindings] = findings_from({name: text.encode() for name, text in piece.headers.items()})
        assert {entry.sequence for entry in read} <= set(numbers)
        assert len(piece.value) <= max(BYTES_PER_RECORD_MAX, MESSAGE_BYTES_MAX)
    assert next_number == last + 1
    outcomes += [said.sequence for said in hearing.objections if said.verdict == "rejected" and said.sequence > 0]
    assert sorted(outcomes) == list(range(first, last + 1))
    assert all(len(value) <= MESSAGE_BYTES_MAX for value, _ in chunks_of(hearing.header, hearing.objections))
