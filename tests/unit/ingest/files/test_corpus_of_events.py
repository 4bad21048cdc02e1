"""The kinds of bad input that come as events (FAULTS.md 2) and have no test of their own elsewhere."""

from __future__ import annotations

import orjson
import pytest

from services.ingest.core.refusal import RefusedError
from services.ingest.core.statement import Reader
from tests.builders import KEYS, OFFICE, a_c_hasil, a_submission

GOOD = orjson.dumps(a_submission(a_c_hasil()))
READER = Reader(OFFICE, KEYS)


def with_time(time: str) -> bytes:
    return GOOD.replace(b"{", b'{"time":"%s",' % time.encode(), 1)


@pytest.mark.parametrize(
    "time",
    ["2024-11-27T23:59:60+07:00", "2024-11-27T20:00:00", "0001-01-01T00:00:00Z", "27-11-2024", "2024-11-27T25:00Z"],
)
def test_b27_a_time_that_is_none_or_has_no_zone_is_named_and_its_neighbours_are_read(time: str) -> None:
    lines = [GOOD, with_time(time), GOOD]
    assert READER.read(lines[0], 0) == READER.read(lines[2], 0)
    with pytest.raises(RefusedError) as refused:
        READER.read(lines[1], 1)
    [refusal] = refused.value.refusals
    assert (refusal.code, refusal.pointer) == ("FIELD-INVALID", "/time")


@pytest.mark.parametrize("time", ["1970-01-01T00:00:00Z", "2099-12-31T23:59:59+07:00", "2024-11-27T20:00:00-05:00"])
def test_b27_a_wrong_clock_changes_nothing_of_what_is_said(time: str) -> None:
    said, usual = READER.read(with_time(time), 0), READER.read(GOOD, 0)
    assert (said.subject, said.digest, said.data) == (usual.subject, usual.digest, usual.data)


@pytest.mark.parametrize("kind", ["c_hasil.recorded.v2", "c_hasil.dicabut.v1", "tungsura.recorded.v1"])
def test_b18_a_contract_nobody_here_knows_is_named(kind: str) -> None:
    with pytest.raises(RefusedError) as refused:
        READER.read(GOOD.replace(b"c_hasil.recorded.v1", kind.encode()), 0)
    assert [refusal.code for refusal in refused.value.refusals] == ["TYPE-UNKNOWN"]
