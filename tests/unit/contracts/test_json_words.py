"""What was seen is told in words of JSON, wherever it was found wrong."""

from __future__ import annotations

from typing import Final

import orjson
import pytest

from contracts.codec import Undecodable, decode
from contracts.json_words import json_word
from services.ingest.core.refusal import RefusedError
from services.ingest.core.statement import Reader
from services.runtime.answers import seen
from tests.builders import KEYS, OFFICE, a_c_hasil, a_line, a_pemilih_submission, a_submission, a_tps

VALUES: Final[list[tuple[object, str]]] = [
    (None, "null"),
    (True, "true"),
    (False, "false"),
    (7, "number"),
    ([], "array"),
    ({}, "object"),
]


@pytest.mark.parametrize(("value", "word"), [*VALUES, (1.5, "number"), ("teks", "string")])
def test_every_value_has_its_word(value: object, word: str) -> None:
    assert json_word(value) == word


@pytest.mark.parametrize(("value", "word"), VALUES)
def test_no_finding_names_a_type_of_the_language_it_was_read_with(value: object, word: str) -> None:
    told = []
    for event in (a_submission(a_pemilih_submission()), a_submission(a_tps())):
        field = "nama" if "nama" in event["data"] else "alamat"
        sent = orjson.dumps({**event, "data": {**event["data"], field: value}})
        if field == "alamat" and value is None:
            continue
        with pytest.raises(RefusedError) as refused:
            Reader(OFFICE, KEYS).read(sent, 0)
        told.append(refused.value.refusals[0].seen)
    line = orjson.loads(a_line(a_c_hasil()))
    decoded = decode(orjson.dumps({**line, "data": {**line["data"], "kontes": value}}))
    assert isinstance(decoded, Undecodable)
    told += [fault.seen for fault in decoded.faults if fault.pointer == "/data/kontes"]
    # A figure that is nobody's may be shown as it stands.
    assert set(told) <= {word, "7"}
    assert word in told


def test_a_line_that_is_no_object_or_names_no_type_is_told_so() -> None:
    for line, word in ((b"[]", "array"), (b"null", "null"), (b'{"type": 7}', "number")):
        with pytest.raises(RefusedError) as refused:
            Reader(OFFICE, KEYS).read(line, 0)
        assert refused.value.refusals[0].seen == word
    assert [seen(value) for value in (None, True, "x")] == ["null", "true", "'x'"]
