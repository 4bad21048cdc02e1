"""Topics and the records on them: their names, their partitions, and what a record says of itself."""

from __future__ import annotations

from collections import Counter

import pytest
from pydantic import ValidationError

from contracts.batch import FINDINGS_HEADER, HEADER, BatchHeader, LineFindings, findings_from, header_from, headers_of
from contracts.identifiers import LANES
from contracts.progress import progress_key
from contracts.reference.wilayah import wilayah_of
from contracts.topics import ACCEPTED_PARTITIONS, accepted, all_topics, partition_of, submitted
from contracts.verdict import Tier
from tests.builders import a_finding

OFFICES = wilayah_of("32").offices
HEADER_OF_ONE = BatchHeader(office="3279", lane="hasil", epoch=1, first=1, last=1, count=1)


def test_every_office_has_a_topic_of_its_own_for_each_lane() -> None:
    assert submitted("3279", "hasil") == "submitted-3279-hasil"
    names = {topic.name for topic in all_topics(OFFICES)}
    assert {submitted(office, lane) for office in OFFICES for lane in LANES} <= names
    assert names - {submitted(office, lane) for office in OFFICES for lane in LANES} == {
        "accepted-hasil",
        "accepted-pemilih",
        "rejected",
        "reference",
        "progress",
    }


def test_the_names_of_topics_are_single() -> None:
    topics = list(all_topics(OFFICES))
    assert len({topic.name for topic in topics}) == len(topics) == 28 * 2 + 5


def test_what_an_office_submits_keeps_its_order_in_one_partition() -> None:
    partitions = {topic.name: topic.partitions for topic in all_topics(OFFICES)}
    assert all(partitions[submitted(office, lane)] == 1 for office in OFFICES for lane in LANES)
    assert all(partitions[accepted(lane)] == ACCEPTED_PARTITIONS for lane in LANES)


def test_only_reference_and_progress_are_compacted_and_kept_without_end() -> None:
    for topic in all_topics(OFFICES):
        forever = topic.name in {"reference", "progress"}
        assert topic.config["cleanup.policy"] == ("compact" if forever else "delete")
        assert topic.config["retention.ms"] == ("-1" if forever else str(14 * 24 * 3_600_000))


def test_28_offices_are_spread_evenly_over_the_partitions() -> None:
    spread = Counter(partition_of(office, OFFICES) for office in OFFICES)
    assert set(spread) == set(range(ACCEPTED_PARTITIONS))
    assert max(spread.values()) - min(spread.values()) <= 1


def test_an_office_that_does_not_exist_has_no_partition() -> None:
    with pytest.raises(ValueError, match="not in"):
        partition_of("3101", OFFICES)


def test_a_record_says_whose_it_is_and_what_it_covers() -> None:
    headers = {name: value.encode() for name, value in headers_of(HEADER_OF_ONE).items()}
    assert set(headers) == {HEADER}
    assert header_from(headers) == HEADER_OF_ONE
    assert findings_from(headers) == []


def test_findings_travel_beside_the_lines() -> None:
    found = [LineFindings(sequence=1, held=True, findings=[a_finding(tier=Tier.HOLD)])]
    headers = {name: value.encode() for name, value in headers_of(HEADER_OF_ONE, found).items()}
    assert findings_from(headers) == found


@pytest.mark.parametrize(
    "raw",
    [
        None,
        b"",
        b"{}",
        b"\xff",
        b"null",
        b'{"contract":1,"office":"3279","lane":"hasil","epoch":0,"first":1,"last":1,"count":1}',
        b'{"contract":1,"office":"3279","lane":"surat","epoch":1,"first":1,"last":1,"count":1}',
        b'{"contract":1,"office":"32791","lane":"hasil","epoch":1,"first":1,"last":1,"count":1}',
        b'{"contract":1,"office":"3279","lane":"hasil","epoch":1,"first":1,"last":1,"count":1,"x":1}',
        b'{"contract":1,"office":"3279","lane":"hasil","epoch":1,"first":1,"last":9007199254740992,"count":1}',
    ],
)
def test_a_record_that_does_not_say_what_it_is_is_nobodys(raw: bytes | None) -> None:
    assert header_from({} if raw is None else {HEADER: raw}) is None


@pytest.mark.parametrize("raw", [b"", b"{}", b"[1]", b"\xff", b'[{"sequence":0,"held":true,"findings":[]}]'])
def test_findings_that_no_validator_writes_are_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="validation error"):
        findings_from({FINDINGS_HEADER: raw})


def test_a_header_is_closed() -> None:
    with pytest.raises(ValidationError):
        BatchHeader(office="3279", lane="hasil", epoch=1, first=1, last=1, count=-1)


def test_each_service_speaks_of_an_office_under_a_key_of_its_own() -> None:
    assert progress_key("3279", "hasil", "ingest") == "3279/hasil/ingest"
    keys = {
        progress_key(office, lane, service) for office in OFFICES for lane in LANES for service in ("ingest", "sync")
    }
    assert len(keys) == 28 * 2 * 2
