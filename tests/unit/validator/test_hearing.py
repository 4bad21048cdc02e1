"""One record, every number of it: accepted, held or rejected exactly once, whatever the record looks like (I1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contracts.batch import findings_from
from contracts.objection import Objection
from contracts.topics import CHANGES_PER_RECORD_MAX, MESSAGE_BYTES_MAX
from services.validator.core.hearing import RECORD_BYTES_MAX, Desk, Hearing, chunks_of, opened
from services.validator.core.judge import Bench
from tests.builders import KONTES_GUBERNUR, OFFICE, TPS, Batch, a_batch, a_c_hasil, a_line, a_retraction, a_tps
from tests.unit.validator.courtroom import a_bench

DESK = Desk(OFFICE, "hasil")
PLACE = "submitted-3279-hasil:0:7"


def opened_from(batch: Batch, *, value: bytes | None = None, desk: Desk = DESK) -> Hearing | Objection:
    """Return the hearing of ``batch``, with ``value`` in place of its own."""
    headers = {name: text.encode() for name, text in batch.headers.items()}
    return opened(headers, batch.value if value is None else value, desk, PLACE)


def heard(batch: Batch, *, value: bytes | None = None, bench: Bench | None = None) -> Hearing:
    """Return the hearing of ``batch`` once it is over."""
    hearing = opened_from(batch, value=value)
    assert isinstance(hearing, Hearing)
    for _ in hearing.lines(bench or a_bench()):
        pass
    return hearing


def forms(numbers: Sequence[int], **boxes: Any) -> list[bytes]:
    """Return lines with these numbers."""
    return [a_line(a_c_hasil(**boxes), sequence=number) for number in numbers]


def outcome_of(hearing: Hearing) -> dict[int, str]:
    """Return what became of each number; none may have two outcomes or stand in two pieces."""
    outcome: dict[int, str] = {}
    for piece in hearing.pieces():
        carried = piece.value.split(b"\n") if piece.value else []
        assert len(carried) == piece.header.count
        held = {entry.sequence for entry in piece.findings if entry.held}
        for line in carried:
            number = int(line.split(b'"sequence":')[1].split(b",")[0])
            assert piece.header.first <= number <= piece.header.last
            assert number not in outcome
            outcome[number] = "held" if number in held else "accepted"
    for objection in hearing.objections:
        if objection.sequence == 0:
            continue
        if objection.verdict == "held":
            assert outcome[objection.sequence] == "held"
        else:
            assert objection.sequence not in outcome
            outcome[objection.sequence] = "rejected"
    return outcome


def test_a_clean_record_goes_on_as_it_came() -> None:
    batch = a_batch(forms(range(2, 6)), first=2)
    [piece] = heard(batch).pieces()
    assert piece.value == batch.value
    assert piece.headers == batch.headers
    assert not heard(batch).objections


def test_a_rejected_line_is_left_out_and_its_number_still_counted() -> None:
    lines = forms(range(2, 6))
    lines[1] = b"{"
    hearing = heard(a_batch(lines, first=2))
    [piece] = hearing.pieces()
    assert piece.value == b"\n".join((lines[0], lines[2], lines[3]))
    assert (piece.header.first, piece.header.last, piece.header.count) == (2, 5, 3)
    [objection] = hearing.objections
    assert (objection.sequence, objection.id, objection.type, objection.subject) == (3, "", "", "")
    assert objection.verdict == "rejected"


def test_a_record_of_nothing_but_rejected_lines_still_settles_its_numbers() -> None:
    [piece] = heard(a_batch([b"{", b"["], first=2)).pieces()
    assert (piece.header.first, piece.header.last, piece.header.count, piece.value) == (2, 3, 0, b"")


def test_a_held_line_goes_on_with_its_findings_beside_it() -> None:
    hearing = heard(a_batch(forms([2, 3], suara_sah=1), first=2))
    [piece] = hearing.pieces()
    read = findings_from({name: text.encode() for name, text in piece.headers.items()})
    assert [(entry.sequence, entry.held) for entry in read] == [(2, True), (3, True)]
    assert [(said.sequence, said.verdict) for said in hearing.objections] == [(2, "held"), (3, "held")]


def test_a_rejection_names_what_can_be_read_of_the_change() -> None:
    line = a_line(a_c_hasil(), sequence=2, digest="0" * 32)
    [objection] = heard(a_batch([line], first=2)).objections
    assert objection.id == f"uji-{OFFICE}-1-2"
    assert objection.type == "c_hasil.recorded.v1"
    assert objection.subject == f"c_hasil/{KONTES_GUBERNUR}/{TPS}"


# Numbers and lines -----------------------------------------------------------------------------------------------


def test_a_number_without_a_line_is_rejected_and_the_others_keep_their_places() -> None:
    lines = forms(range(2, 7))
    hearing = heard(a_batch(lines, first=2), value=b"\n".join(lines[:2] + lines[3:]))
    assert outcome_of(hearing) == {2: "accepted", 3: "accepted", 4: "rejected", 5: "accepted", 6: "accepted"}
    [objection] = hearing.objections
    assert [finding.code for finding in objection.findings] == ["LINE-MISSING"]


def test_a_line_broken_in_two_costs_only_itself() -> None:
    lines = forms(range(2, 5))
    hearing = heard(a_batch(lines, first=2), value=b"\n".join((lines[0], lines[1][:80], lines[1][80:], lines[2])))
    assert outcome_of(hearing) == {2: "accepted", 3: "rejected", 4: "accepted"}
    outside = [said for said in hearing.objections if said.sequence == 0]
    assert [(said.id, said.findings[0].code) for said in outside] == [(PLACE, "LINE-SURPLUS")]


def test_surplus_lines_take_no_number() -> None:
    lines = forms([2, 3, 4, 4])
    hearing = heard(a_batch(lines, first=2, last=3))
    assert outcome_of(hearing) == {2: "accepted", 3: "accepted"}
    [objection] = hearing.objections
    assert objection.sequence == 0
    assert objection.findings[0].seen == "2"


def test_two_lines_may_not_claim_one_number() -> None:
    hearing = heard(a_batch(forms([2, 2, 4]), first=2))
    assert outcome_of(hearing) == {2: "accepted", 3: "rejected", 4: "accepted"}


def test_a_record_without_a_value_loses_none_of_its_numbers() -> None:
    headers = {name: text.encode() for name, text in a_batch(forms([2, 3]), first=2).headers.items()}
    hearing = opened(headers, None, DESK, PLACE)
    assert isinstance(hearing, Hearing)
    for _ in hearing.lines(a_bench()):
        pass
    assert outcome_of(hearing) == {2: "rejected", 3: "rejected"}


def test_another_version_of_the_contract_is_refused_number_by_number() -> None:
    batch = a_batch(forms([2, 3]), first=2)
    headers = {"batch": batch.headers["batch"].replace('"contract":1', '"contract":2').encode()}
    hearing = opened(headers, batch.value, DESK, PLACE)
    assert isinstance(hearing, Hearing)
    for _ in hearing.lines(a_bench()):
        pass
    assert outcome_of(hearing) == {2: "rejected", 3: "rejected"}
    assert {finding.code for said in hearing.objections for finding in said.findings} == {"BATCH-CONTRACT"}


# Records that settle nothing -------------------------------------------------------------------------------------


def test_a_record_that_does_not_say_what_it_carries_settles_nothing() -> None:
    for headers in ({}, {"batch": b"{}"}, {"batch": b"\xff"}):
        said = opened(headers, b"x", DESK, PLACE)
        assert isinstance(said, Objection)
        assert (said.office, said.lane, said.sequence, said.id) == (OFFICE, "hasil", 0, PLACE)
        assert said.findings[0].code == "BATCH-HEADER"


def test_a_record_of_another_office_settles_no_number_of_that_office() -> None:
    said = opened_from(a_batch(office="3204"))
    assert isinstance(said, Objection)
    assert (said.office, said.findings[0].code) == (OFFICE, "AUT-TOPIC")
    said = opened_from(a_batch(lane="pemilih"))
    assert isinstance(said, Objection)
    assert said.findings[0].code == "AUT-TOPIC"


def test_a_stretch_that_cannot_be_is_not_walked_through() -> None:
    for first, last in ((5, 4), (1, CHANGES_PER_RECORD_MAX + 1), (1, 2**53 - 1)):
        said = opened_from(a_batch(first=first, last=last))
        assert isinstance(said, Objection)
        assert said.findings[0].code == "BATCH-HEADER"


# Size ------------------------------------------------------------------------------------------------------------


def test_findings_beside_every_line_are_spread_over_several_records() -> None:
    numbers = range(2, 2 + CHANGES_PER_RECORD_MAX)
    broken = {"suara_sah": 1, "suara_total": 999, "pemilih_dpt_j": 700, "pengguna_total_j": 3, "ss_rusak": 800}
    hearing = heard(a_batch(forms(numbers, **broken), first=2))
    pieces = hearing.pieces()
    assert len(pieces) > 1
    assert [piece.header.first for piece in pieces[1:]] == [piece.header.last + 1 for piece in pieces[:-1]]
    assert (pieces[0].header.first, pieces[-1].header.last) == (numbers[0], numbers[-1])
    for piece in pieces:
        size = len(piece.value) + sum(len(name) + len(text.encode()) for name, text in piece.headers.items())
        assert size < MESSAGE_BYTES_MAX
    assert outcome_of(hearing) == dict.fromkeys(numbers, "held")
    chunks = list(chunks_of(hearing.header, hearing.objections))
    assert len(chunks) > 1
    assert all(len(value) <= RECORD_BYTES_MAX for value, _ in chunks)
    said = [Objection.model_validate_json(line) for value, _ in chunks for line in value.split(b"\n")]
    assert said == hearing.objections


# The register ----------------------------------------------------------------------------------------------------


def test_a_tps_counts_from_the_line_after_its_registration_to_its_retraction() -> None:
    lines = [
        a_line(a_c_hasil(), sequence=1),
        a_line(a_tps(), sequence=2),
        a_line(a_c_hasil(), sequence=3),
        a_line(a_retraction(), subject=f"tps/pilkada-2024/{TPS}", sequence=4),
        a_line(a_c_hasil(), sequence=5),
    ]
    expected = {1: "held", 2: "accepted", 3: "accepted", 4: "accepted", 5: "held"}
    bench = a_bench(tps=())
    assert outcome_of(heard(a_batch(lines), bench=bench)) == expected
    # After a crash the same record is heard again, on a register that has seen all of it.
    assert outcome_of(heard(a_batch(lines), bench=bench)) == expected


def test_a_rejected_tps_is_not_registered() -> None:
    bench = a_bench(tps=())
    heard(a_batch([a_line(a_tps(), sequence=1, digest="0" * 32)]), bench=bench)
    assert not bench.register.unsaved()
