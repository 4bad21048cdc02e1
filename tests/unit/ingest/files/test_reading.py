"""Laws of reading files: no bytes make it raise, rows stand alone, and how a table is written changes nothing."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from itertools import islice
from pathlib import Path
from random import Random

import orjson
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts.personal import PersonalKeys
from contracts.submission import SUBMISSION_TYPES
from services.ingest.adapters.files.opening import open_file
from services.ingest.core.files.once import Once
from services.ingest.core.files.row import FileRefusedError, ReadRow
from services.ingest.core.statement import Reader
from tests.corpus.tables import HEADERS, OFFICE, as_csv, voter

KEYS = PersonalKeys("uji1", bytes(range(32)), bytes(range(32, 64)))
HEAD = as_csv([HEADERS])
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=40)


def read(raw: bytes, name: str = "daftar.csv") -> list[ReadRow]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        return list(open_file(path, office=OFFICE))


@given(
    st.binary(max_size=600), st.sampled_from([b"", HEAD, HEAD.replace(b";", b","), b"PK\x03\x04", b"\xff\xfe", b"{"])
)
@example(b'"' * 50 + b"\n", HEAD)
@settings(max_examples=300, deadline=None)
def test_no_bytes_make_reading_raise(raw: bytes, before: bytes) -> None:
    with suppress(FileRefusedError):
        assert all(row.change is not None or row.problems for row in read(before + raw))


@given(st.lists(TEXTS, max_size=20), st.sampled_from([";", ",", "\t"]))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_a_row_its_neighbours_are_taken(bad: list[str], delimiter: str) -> None:
    rows = read(as_csv([HEADERS, voter(1), bad, voter(2)], delimiter=delimiter))
    assert [row.change for row in rows if row.place.row in {2, 4}] == [
        row.change for row in read(as_csv([HEADERS, voter(1), voter(2)]))
    ]


@given(st.integers(0, 14), TEXTS)
@settings(max_examples=300, deadline=None)
def test_a_row_that_is_used_is_one_that_the_way_of_every_change_takes(cell: int, text: str) -> None:
    row = voter(7)
    row[cell] = text
    for found in read(as_csv([HEADERS, row])):
        if found.change is not None:
            SUBMISSION_TYPES["pemilih.recorded.v1"].model.model_validate(found.change)


@given(st.randoms(use_true_random=False), st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
@settings(max_examples=50, deadline=None)
def test_any_order_of_columns_in_any_encoding_says_the_same(random: Random, encoding: str) -> None:
    order = list(range(len(HEADERS)))
    random.shuffle(order)
    table = [HEADERS, voter(1, nama="JOS\u00c9"), voter(2, rt="7"), voter(3, ket="1")]
    moved = [[row[at] for at in order] for row in table]
    raw = as_csv(moved, delimiter=random.choice(";,\t"), encoding=encoding, end=random.choice(["\n", "\r\n"]))
    assert [row.change for row in read(raw)] == [row.change for row in read(as_csv(table))]


def test_what_is_read_at_a_glance_is_what_is_read_cell_by_cell() -> None:
    glanced = read(as_csv([HEADERS, *(voter(nth) for nth in range(1, 200))]))
    # A space before the name asks for a second look and is not part of it.
    looked = read(as_csv([HEADERS, *(voter(nth, nama=f" {voter(nth)[2]}") for nth in range(1, 200))]))
    assert [list(row.change["data"].items()) for row in glanced if row.change] == [
        list(row.change["data"].items()) for row in looked if row.change
    ]
    assert len([row for row in looked if row.change]) == 199


def test_what_is_read_is_sealed_like_every_change() -> None:
    reader = Reader(OFFICE, KEYS)
    [row] = read(as_csv([HEADERS, voter(1)]))
    assert row.change is not None
    assert reader.read(orjson.dumps(row.change), 0).subject.startswith(f"pemilih/{OFFICE}/")


def test_kind_and_progress_are_known_while_a_file_is_being_read(tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_bytes(as_csv([HEADERS, *(voter(nth) for nth in range(1, 20_000))]))
    reading = open_file(path, office=OFFICE)
    assert reading.kind == "daftar_pemilih"
    assert reading.scope == ()
    list(islice(reading, 10_000))
    assert 0 < reading.bytes_read < reading.bytes_total


@given(st.lists(st.integers(1, 2**64 - 1), max_size=300))
def test_a_number_is_new_once(numbers: list[int]) -> None:
    once, known = Once(), dict[int, int]()
    for note, number in enumerate(numbers, start=1):
        assert once.first(number, note) == known.get(number, 0)
        known.setdefault(number, note)


def test_a_file_remembers_more_numbers_than_it_began_with() -> None:
    once = Once()
    assert not any(once.first(3279010101010000 + nth, nth) for nth in range(1, 10_000))
    assert all(once.first(3279010101010000 + nth, 1) == nth for nth in range(1, 10_000))
