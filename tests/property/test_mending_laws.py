"""Laws of mending: what is said again follows from what was seen before and what is seen now, and from nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contracts.events.jadwal_v1 import MasaV1
from contracts.remembered import ATURAN, CALON, JADWAL, PENETAPAN, CalendarEntry, Edition, Entry, Turn
from services.ingest.core.mending import Cause, concerns, mended, parts_of

NOON = datetime(2024, 11, 28, 12, tzinfo=UTC)
OFFICE = "3279"

digests = st.sampled_from(("a", "b"))
rule_sets = st.dictionaries(st.sampled_from(("KOR-BASE", "RES-SUM-PASLON", "VTR-AGE", "RULE-FAULT")), digests)
lists = st.dictionaries(st.sampled_from(("pkwkp-2024/32", "pkwkk-2024/3279", "ppwp-2024/00")), digests)
moments = st.integers(-4, 4).map(lambda hours: NOON + timedelta(hours=hours))
stretches = st.builds(MasaV1, mulai=moments, sampai=st.none() | moments)
calendars = st.builds(
    CalendarEntry,
    epoch=st.just(1),
    sequence=st.integers(1, 3),
    lajur=st.sampled_from(("hasil", "pemilih", None)),
    masa=st.lists(stretches, max_size=3),
)
keys = st.sampled_from((ATURAN, CALON, f"{JADWAL}dpt/{OFFICE}", f"{PENETAPAN}pkwkp-2024/327901"))
any_parts = st.dictionaries(st.sampled_from(("hasil/1", "pemilih/1", "dicabut", "pkwkp-2024/32")), digests)


@given(keys, any_parts)
def test_the_same_value_mends_nothing(key: str, parts: dict[str, str]) -> None:
    assert mended(key, parts, dict(parts)) == []


@given(st.sampled_from((ATURAN, CALON)), rule_sets)
def test_the_first_value_only_says_where_things_stand(key: str, parts: dict[str, str]) -> None:
    assert mended(key, None, parts) == []


@given(rule_sets, rule_sets)
def test_exactly_the_rules_that_became_others_are_asked_again(before: dict[str, str], now: dict[str, str]) -> None:
    causes = mended(ATURAN, before, now)
    codes = [cause.code for cause in causes]
    assert set(codes) == {code for code in before if (code, before[code]) not in now.items()}
    assert len(codes) == len(set(codes))
    assert all(cause.meets("pemilih", None) for cause in causes)


@given(lists, lists)
def test_exactly_the_lists_that_became_others_are_compared_again(before: dict[str, str], now: dict[str, str]) -> None:
    causes = mended(CALON, before, now)
    changed = {name for name, _ in before.items() ^ now.items()}
    assert {f"{cause.kontes}/{cause.wilayah}" for cause in causes} == changed
    assert {cause.code for cause in causes} == ({"REF-CALON-LIST", "RES-OPTION-SET"} if changed else set())


@given(st.none() | calendars, calendars, moments)
def test_what_was_late_is_asked_again_only_where_it_would_be_in_time(
    earlier: CalendarEntry | None, later: CalendarEntry, now: datetime
) -> None:
    key = f"{JADWAL}dpt/{OFFICE}"
    before = None if earlier is None else parts_of(key, earlier.model_dump_json().encode(), now)
    parts = parts_of(key, later.model_dump_json().encode(), now)
    assert parts is not None
    causes = mended(key, before, parts)
    is_open = any(masa.mulai <= now and (masa.sampai is None or now < masa.sampai) for masa in later.masa)
    if causes:
        [cause] = causes
        assert cause == Cause("VTR-PERIOD-OPEN", later.lajur)
        assert later.lajur is None or is_open
    elif earlier is None:
        assert not is_open or later.masa == []
        assert later.lajur is not None


@given(st.lists(st.booleans(), max_size=8))
def test_only_the_last_turn_taken_back_lifts_the_lock(turns: list[bool]) -> None:
    entry = Entry(turns=[Turn(epoch=1, sequence=nth, registered=turn) for nth, turn in enumerate(turns, start=1)])
    parts = parts_of(f"{PENETAPAN}pkwkp-2024/327901", entry.model_dump_json().encode(), NOON)
    assert parts is not None
    causes = mended(f"{PENETAPAN}pkwkp-2024/327901", None, parts)
    assert bool(causes) == (turns[-1:] == [False])
    for cause in causes:
        assert cause.meets("hasil", "c_hasil/pkwkp-2024/3279011001001")
        assert cause.meets("hasil", "d_hasil/pkwkp-2024/rekap/3279011001")
        assert not cause.meets("hasil", "d_hasil/pkwkp-2024/rekap/327901")
        assert not cause.meets("hasil", "c_hasil/pkwkk-2024/3279011001001")
        assert not cause.meets("hasil", "c_hasil/pkwkp-2024/3279021001001")
        assert not cause.meets("pemilih", None)


@given(keys | st.text(max_size=20), st.binary(max_size=60))
def test_any_bytes_under_any_key_are_taken_or_passed_over(key: str, value: bytes) -> None:
    parts = parts_of(key, value, NOON)
    assert parts is None or isinstance(parts, dict)
    assert concerns(key, OFFICE) in {True, False}


def test_an_edition_is_read_part_by_part() -> None:
    edition = Edition(parts={"KOR-BASE": "a"})
    assert parts_of(ATURAN, edition.model_dump_json().encode(), NOON) == {"KOR-BASE": "a"}
