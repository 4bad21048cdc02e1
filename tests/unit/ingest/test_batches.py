"""Records are cut from what is waiting without losing or doubling a line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from contracts.batch import header_from
from contracts.topics import BYTES_PER_RECORD_MAX, CHANGES_PER_RECORD_MAX
from services.ingest.core.batches import Piece, next_record, pieces_of
from tests.builders import OFFICE


def records_of(pieces: list[Piece]) -> list[list[bytes]]:
    found = []
    while pieces and (record := next_record(OFFICE, "hasil", pieces)) is not None:
        header = header_from({name: value.encode() for name, value in record.headers.items()})
        lines = record.value.split(b"\n")
        assert header is not None
        assert (header.first, header.last, header.count) == (record.first, record.last, len(lines))
        found.append(lines)
        pieces = [piece for piece in pieces if (piece.epoch, piece.first) > (record.epoch, record.last)]
    return found


@given(st.lists(st.lists(st.integers(1, 200_000), min_size=1, max_size=6), max_size=6))
def test_lines_leave_as_they_came(commits: list[list[int]]) -> None:
    pieces: list[Piece] = []
    lines: list[bytes] = []
    for sizes in commits:
        new = [b"x" * size for size in sizes]
        pieces += pieces_of(new, epoch=1, first=len(lines) + 1)
        lines += new
    records = records_of(pieces)
    assert [line for record in records for line in record] == lines
    assert all(len(record) == 1 or sum(map(len, record)) <= BYTES_PER_RECORD_MAX for record in records)


def test_a_trickle_that_has_gathered_leaves_as_one_record() -> None:
    pieces = [Piece(1, number, number, b"{}") for number in range(1, 2_501)]
    assert [len(record) for record in records_of(pieces)] == [CHANGES_PER_RECORD_MAX, CHANGES_PER_RECORD_MAX, 500]


def test_a_record_is_of_one_epoch() -> None:
    pieces = [Piece(1, 9, 9, b"a"), Piece(2, 1, 2, b"b\nc")]
    assert records_of(pieces) == [[b"a"], [b"b", b"c"]]


def test_a_line_larger_than_a_record_goes_alone() -> None:
    huge = b"x" * (BYTES_PER_RECORD_MAX + 1)
    pieces = list(pieces_of([b"a", huge, b"b"], epoch=1, first=1))
    assert [piece.lines for piece in pieces] == [b"a", huge, b"b"]


def test_nothing_waiting_is_no_record() -> None:
    assert next_record(OFFICE, "hasil", []) is None
