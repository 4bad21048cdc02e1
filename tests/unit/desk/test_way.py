"""A file is recognised by what it is."""

from __future__ import annotations

import pytest

from services.desk.core.way import Way, is_taken_from_folder, marked_name, way_of

_EVENT = b'{"type": "tps.recorded.v1", "data": {}}'


@pytest.mark.parametrize(
    ("name", "head", "way"),
    [
        ("pemilih.csv", b"NKK;NIK;Nama\n", Way.SNAPSHOT),
        ("pemilih.CSV", b"\xef\xbb\xbfNKK;NIK;Nama\n", Way.SNAPSHOT),
        ("pemilih.xlsx", b"PK\x03\x04....", Way.SNAPSHOT),
        ("pemilih.csv", b"PK\x03\x04....", Way.SNAPSHOT),
        ("3279011001001.json", b'{"administrasi": {}, "chart": {}}', Way.SIREKAP),
        ("3279.json", b'{\n "tungsura": {},\n "chart": {}}', Way.SIREKAP),
        ("kiriman.json", b"[" + _EVENT + b"]", Way.BATCH),
        ("satu.json", _EVENT, Way.SINGLE),
        ("satu.json", b"\xef\xbb\xbf" + _EVENT + b"\n", Way.SINGLE),
        ("kiriman.ndjson", _EVENT + b"\n" + _EVENT, Way.LINES),
        ("kiriman.json", _EVENT + b"\n" + _EVENT, Way.LINES),
        ("foto.jpg", b"\xff\xd8\xff\xe0", None),
        ("surat", b"Dengan hormat", None),
    ],
)
def test_a_file_goes_the_way_of_its_content(name: str, head: bytes, way: Way | None) -> None:
    assert way_of(name, head, whole=True) is way


def test_the_beginning_of_many_lines_is_enough() -> None:
    assert way_of("besar.ndjson", _EVENT + b"\n" + _EVENT[:10], whole=False) is Way.LINES


@pytest.mark.parametrize("name", ["pemilih.csv", "Pemilih Desa Balokang.XLSX", "kiriman.ndjson", "3279011001001.json"])
def test_a_watched_folder_takes_what_offices_have(name: str) -> None:
    assert is_taken_from_folder(name)


@pytest.mark.parametrize(
    "name", [".pemilih.csv", "~$pemilih.xlsx", "pemilih.csv.part", "foto.jpg", "pemilih.ditandai.xlsx", "csv"]
)
def test_a_watched_folder_leaves_what_is_half_written_or_our_own(name: str) -> None:
    assert not is_taken_from_folder(name)


def test_a_marked_copy_lies_beside_its_file_and_is_never_pushed() -> None:
    assert marked_name("pemilih.xlsx") == "pemilih.ditandai.xlsx"
    assert marked_name("pemilih.csv") == "pemilih.ditandai.xlsx"
    assert not is_taken_from_folder(marked_name("pemilih.xlsx"))
