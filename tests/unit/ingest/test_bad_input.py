"""The corpus of bad input (FAULTS.md 2): every piece ends in a catalogued answer, and its neighbours are taken."""

from __future__ import annotations

from typing import Final

import orjson
import pytest

from contracts.problems import CATALOGUE
from services.ingest.core.framing import CHANGES_MAX, Framing, changes_in
from services.ingest.core.refusal import RefusedError
from services.ingest.core.statement import Reader
from tests.builders import KEYS, OFFICE, TPS, a_c_hasil, a_pemilih_submission, a_submission

GOOD: Final = orjson.dumps(a_submission(a_c_hasil()))
VOTER: Final = orjson.dumps(a_submission(a_pemilih_submission()))


def form(fragment: bytes) -> bytes:
    """Return a form in which ``fragment`` stands among the boxes."""
    return b'{"type":"c_hasil.recorded.v1","data":{"kontes":"pkwkp-2024","tps":"%s",%s}}' % (TPS.encode(), fragment)


def voter(old: bytes, new: bytes) -> bytes:
    """Return a voter with one thing replaced."""
    assert old in VOTER
    return VOTER.replace(old, new, 1)


CORPUS: Final = {
    "nothing but a bracket": (b"{", "JSON-INVALID"),
    "no object": (b"[1]", "JSON-INVALID"),
    "a number": (b"17", "JSON-INVALID"),
    "HTML from a captive portal": (b"<html><body>login</body></html>", "JSON-INVALID"),
    "an empty object": (b"{}", "FIELD-MISSING"),
    "a type nobody knows": (b'{"type":"caleg.recorded.v1","data":{}}', "TYPE-UNKNOWN"),
    "a type that is a number": (b'{"type":17,"data":{}}', "TYPE-UNKNOWN"),
    "a newer version": (b'{"type":"c_hasil.recorded.v9","data":{}}', "TYPE-UNKNOWN"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "ENCODING-INVALID"),
    "CP1252": (voter(b"BANJAR", "CAFÉ".encode("cp1252")), "ENCODING-INVALID"),
    "a lone surrogate": (voter(b"BANJAR", b"\\ud800"), "JSON-INVALID"),
    "NUL as it is": (voter(b"BANJAR", b"BAN\x00JAR"), "JSON-INVALID"),
    "NUL escaped": (voter(b"BANJAR", b"BAN\\u0000JAR"), "TEXT-CONTROL"),
    "a line break in an address": (voter(b"BANJAR", b"BAN\\nJAR"), "TEXT-CONTROL"),
    "DEL": (voter(b"BANJAR", b"BAN\x7fJAR"), "TEXT-CONTROL"),
    "a C1 control character": (voter(b"BANJAR", "BAN\x85JAR".encode()), "TEXT-CONTROL"),
    "a key twice in the data": (form(b'"suara_sah":1,"suara_sah":2'), "JSON-KEY-TWICE"),
    "a key twice in a voter": (voter(b'"rt":', b'"rw":"007","rt":'), "JSON-KEY-TWICE"),
    "a key twice, with a space": (voter(b'"rt":', b'"rw" :"007","rt":'), "JSON-KEY-TWICE"),
    "a key twice, with a carriage return": (voter(b'"rt":', b'"rw"\r:"007","rt":'), "JSON-KEY-TWICE"),
    "a key twice in the event": (GOOD.replace(b"{", b'{"specversion":"1.0",', 1), "JSON-KEY-TWICE"),
    "a candidate twice": (form(b'"perolehan_suara":{"1":1,"1":2}'), "JSON-KEY-TWICE"),
    "deep nesting": (form(b'"suara_sah":' + b"[" * 5_000), "JSON-INVALID"),
    "deep and closed": (form(b'"suara_sah":' + b"[" * 5_000 + b"]" * 5_000), "JSON-INVALID"),
    "1e400": (form(b'"suara_sah":1e400'), "RES-NONNEG-INT"),
    "NaN": (form(b'"suara_sah":NaN'), "RES-NONNEG-INT"),
    "Infinity": (form(b'"suara_sah":-Infinity'), "RES-NONNEG-INT"),
    "a fraction": (form(b'"suara_sah":1.5'), "RES-NONNEG-INT"),
    "a whole number as a fraction": (form(b'"suara_sah":12.0'), "RES-NONNEG-INT"),
    "negative": (form(b'"suara_sah":-1'), "RES-NONNEG-INT"),
    "beyond 2^53": (form(b'"suara_sah":9007199254740993'), "RES-NONNEG-INT"),
    "beyond 2^64": (form(b'"suara_sah":' + b"9" * 30), "RES-NONNEG-INT"),
    "five thousand digits": (form(b'"suara_sah":' + b"9" * 5_000), "JSON-INVALID"),
    "a figure in quotes": (form(b'"suara_sah":"12"'), "RES-NONNEG-INT"),
    "true for a figure": (form(b'"suara_sah":true'), "RES-NONNEG-INT"),
    "a TPS with its zero eaten": (form(b'"suara_sah":1').replace(TPS.encode(), TPS[1:].encode()), "FIELD-INVALID"),
    "a field nobody knows": (form(b'"jumlah_suara":1'), "FIELD-UNKNOWN"),
    "an order the sender may not give": (GOOD.replace(b"{", b'{"sequence":7,', 1), "FIELD-UNKNOWN"),
    "trailing garbage": (GOOD + b" x", "JSON-INVALID"),
    "two objects on one line": (GOOD + GOOD, "JSON-INVALID"),
    "a NIK as a number": (
        voter(b'"nik":"%s"' % a_pemilih_submission().nik.encode(), b'"nik":3.2E+15'),
        "FIELD-INVALID",
    ),
    "a long text": (voter(b"BANJAR", b"B" * 200_000), "FIELD-INVALID"),
    "a change beyond the limit": (voter(b"BANJAR", b"B" * 300_000), "LINE-TOO-LARGE"),
    "an id with a space": (GOOD.replace(b"{", b'{"id":"satu dua",', 1), "FIELD-INVALID"),
    "a time without a zone": (GOOD.replace(b"{", b'{"time":"2024-11-27T20:00:00",', 1), "FIELD-INVALID"),
    "a time that is a number": (GOOD.replace(b"{", b'{"time":1732712400,', 1), "FIELD-INVALID"),
    "another version of CloudEvents": (GOOD.replace(b'"1.0"', b'"0.3"', 1), "FIELD-INVALID"),
}


@pytest.mark.parametrize("name", CORPUS)
def test_every_corruption_has_an_answer_of_the_catalogue(name: str) -> None:
    line, expected = CORPUS[name]
    with pytest.raises(RefusedError) as refused:
        Reader(OFFICE, KEYS).read(line, 0)
    codes = {refusal.code for refusal in refused.value.refusals}
    assert codes <= CATALOGUE.keys()
    assert expected in codes, refused.value.refusals


@pytest.mark.parametrize("name", CORPUS)
def test_neighbours_of_a_corruption_are_read(name: str) -> None:
    line, _ = CORPUS[name]
    if b"\n" in line:
        pytest.skip("it would be two lines")
    first, middle, last = changes_in(b"\n".join([GOOD, line, VOTER]), Framing.LINES)
    reader = Reader(OFFICE, KEYS)
    assert reader.read(first, 0)
    assert middle == line
    assert reader.read(last, 2)


def test_minus_zero_is_zero() -> None:
    statement = Reader(OFFICE, KEYS).read(form(b'"suara_sah":-0'), 0)
    assert orjson.loads(statement.data)["suara_sah"] == 0


@pytest.mark.parametrize(
    "fragment", ["O'NEIL", '=cmd()|"x"', "emoji 🗳", "r\u0131ght \u200d zero-width", "\u202eRTL", "back\\slash"]
)
def test_odd_but_printable_names_are_taken_as_they_are(fragment: str) -> None:
    event = a_submission(a_pemilih_submission(alamat=fragment))
    assert Reader(OFFICE, KEYS).read(orjson.dumps(event), 0)


def test_a_batch_is_cut_where_its_elements_end() -> None:
    body = b' [ %s ,\n%s, {"a":"],[","b":[1,{"c":"\\""}]} ] ' % (GOOD, VOTER)
    assert changes_in(body, Framing.BATCH) == [GOOD, VOTER, b'{"a":"],[","b":[1,{"c":"\\""}]}']


@pytest.mark.parametrize("body", [b"[", b"[{]", b"[}", b"[1]]", b"{}", b"[1] x", b'["', b"[" * 200 + b"]" * 200])
def test_an_array_that_is_none_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        changes_in(body, Framing.BATCH)
    assert refused.value.refusals[0].code == "JSON-INVALID"


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("body", [b"", b" \r\n\n", b"\xef\xbb\xbf"])
def test_an_empty_body_says_so(framing: Framing, body: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        changes_in(body, framing)
    assert refused.value.refusals[0].code == "BODY-EMPTY"


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm() -> None:
    assert [line.strip() for line in changes_in(b"\xef\xbb\xbf" + GOOD + b"\r\n" + GOOD, Framing.LINES)] == [GOOD, GOOD]


def test_a_request_may_have_fifty_thousand_changes() -> None:
    assert len(changes_in(b"1\n" * CHANGES_MAX, Framing.LINES)) == CHANGES_MAX
    with pytest.raises(RefusedError) as refused:
        changes_in(b"1\n" * (CHANGES_MAX + 1), Framing.LINES)
    assert refused.value.refusals[0].code == "TOO-MANY-CHANGES"
