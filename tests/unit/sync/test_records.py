"""A Kafka record becomes rows, and whatever is not a line of the validator is set aside alone."""

from __future__ import annotations

import orjson
import pytest

from contracts.batch import BatchHeader, LineFindings
from contracts.identifiers import Lane
from services.sync.core.records import Batch, batch_of, rounds_of
from tests.builders import OFFICE, TPS, a_c_hasil, a_finding, a_line, a_pemilih, a_tps


def read(*lines: bytes, lane: Lane = "hasil", last: int | None = None, count: int | None = None) -> Batch:
    header = BatchHeader(
        office=OFFICE,
        lane=lane,
        epoch=1,
        first=1,
        last=len(lines) if last is None else last,
        count=len(lines) if count is None else count,
    )
    return batch_of(header, b"\n".join(lines), [])


def columns_of(line: bytes, lane: Lane = "hasil") -> list[str]:
    [row] = read(line, lane=lane).rows
    return row.columns.decode().split("\t")


def journal_of(line: bytes, lane: Lane = "hasil") -> list[str]:
    [row] = read(line, lane=lane).rows
    return row.journal.decode().split("\t")


def test_a_row_ends_with_the_bytes_of_its_content() -> None:
    line = a_line(a_c_hasil())
    assert journal_of(line)[-1].encode() in line


def test_null_is_not_zero() -> None:
    columns = columns_of(a_line(a_tps(dpt_l=None, dpt_p=0, alamat="0")))
    assert columns[10:15] == ["\\N", "0", "0", "\\N", "\\N"]


def test_free_text_is_escaped() -> None:
    line = a_line(a_tps(alamat="SD\t1\\N\n2"))
    assert columns_of(line)[12] == "SD\\t1\\\\N\\n2"
    assert journal_of(line)[-1].endswith(
        f'"alamat":"SD\\\\t1\\\\\\\\N\\\\n2","dpt_l":160,"dpt_p":165,"pemilihan":"pilkada-2024","tps":"{TPS}"}}'
    )


@pytest.mark.parametrize("field", ["tms", "disabilitas", "kelas_lahir", "tps"])
def test_a_field_of_a_voter_that_says_null_is_as_good_as_absent(field: str) -> None:
    said = a_pemilih().model_dump(mode="json", exclude_unset=True)
    absent = orjson.dumps({name: value for name, value in said.items() if name != field})
    null = orjson.dumps({**said, field: None})
    voter = a_pemilih()
    one, other = (columns_of(a_line(voter, data=data), lane="pemilih") for data in (absent, null))
    assert one[8:] == other[8:]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b'"text"',
        b"{}",
        b"\xff\xfe",
        a_line(a_tps(), sequence=9),
        a_line(a_tps("3204012001001")),
        a_line(a_tps(), epoch=2),
        a_line(a_pemilih()),
        a_line(a_tps(), subject=f"c_hasil/pkwkp-2024/{TPS}", type="tps.recorded.v1"),
        a_line(a_tps()).replace(b'"sequence":1', b'"sequence":true'),
        a_line(a_tps()).replace(b'"sequence":1', b'"sequence":"1"'),
        a_line(a_tps()).replace(b'"revision":1', b'"revision":1.5'),
        a_line(a_tps()).replace(b'"tps.recorded.v1"', b'"kota.recorded.v1"'),
    ],
)
def test_a_line_that_does_not_belong_is_set_aside_and_its_neighbour_goes_on(line: bytes) -> None:
    batch = read(line, a_line(a_tps("3279011001002"), sequence=2))
    assert [row.sequence for row in batch.rows] == [2]
    assert [(aside.sequence, aside.line) for aside in batch.unreadable] == [(1, line)]


def test_lines_beyond_the_numbers_of_their_record_are_counted() -> None:
    batch = read(a_line(a_tps()), b"more", b"and more", last=2)
    assert (len(batch.rows), len(batch.unreadable), batch.surplus) == (1, 1, 1)


def test_lines_that_were_counted_and_are_not_there_are_set_aside() -> None:
    batch = read(a_line(a_tps()), last=5, count=3)
    assert [aside.line for aside in batch.unreadable] == [b"", b""]


def test_a_line_is_held_when_its_findings_say_so() -> None:
    header = BatchHeader(office=OFFICE, lane="hasil", epoch=1, first=1, last=2, count=2)
    lines = b"\n".join([a_line(a_tps()), a_line(a_tps("3279011001002"), sequence=2)])
    found = [LineFindings(sequence=nth, held=nth == 2, findings=[a_finding()]) for nth in (1, 2)]
    rows = batch_of(header, lines, found).rows
    assert [row.columns.split(b"\t")[6] for row in rows] == [b"f", b"t"]
    assert [row.journal.split(b"\t")[11] for row in rows] == [b"f", b"t"]


@pytest.mark.parametrize("base", [None, "0" * 32])
@pytest.mark.parametrize(
    "left_out", [(), ("tps",), ("kelas_lahir", "disabilitas"), ("disabilitas", "kelas_lahir", "tps")]
)
def test_a_voter_is_read_alike_by_its_bytes_and_by_its_json(base: str | None, left_out: tuple[str, ...]) -> None:
    said = a_pemilih(tps="001", disabilitas="1", dokumen="AK 1/2").model_dump(mode="json", exclude_unset=True)
    data = orjson.dumps({key: said[key] for key in sorted(said) if key not in left_out})
    line = a_line(a_pemilih(), data=data, base=base)
    # A space more, and it is not the line that ingest writes: only a reader of JSON reads it.
    assert read(line, lane="pemilih").rows == read(line[:1] + b" " + line[1:], lane="pemilih").rows


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"k1":"', b'"k1":"\t'),
        (b'"k1":"', b'"k1":"\xff'),
        (b'"revision":1', b'"revision":01'),
        (b'"tps":"001"', b'"tps":"001'),
        (b'"source":"/kpu/3279"', b'"source":"/kpu/3279'),
    ],
)
def test_a_voter_that_is_no_json_is_set_aside(old: bytes, new: bytes) -> None:
    line = a_line(a_pemilih(tps="001"))
    assert old in line
    batch = read(line.replace(old, new), lane="pemilih")
    assert (batch.rows, [aside.sequence for aside in batch.unreadable]) == ([], [1])


def test_two_statements_about_one_subject_go_to_two_rounds_in_their_order() -> None:
    lines = [a_line(a_tps(dpt_l=n), revision=n, sequence=n) for n in (1, 2)]
    other = a_line(a_tps("3279011001002"), sequence=3)
    rounds = rounds_of(read(*lines, other).rows)
    assert [[row.sequence for row in one] for one in rounds] == [[1, 3], [2]]
