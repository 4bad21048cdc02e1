"""Laws of the plain voter: whom a glance clears, reading against the contract and asking every rule clears too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import orjson
from hypothesis import example, given
from hypothesis import strategies as st

from contracts import codec
from contracts.events.jadwal_v1 import MasaV1
from contracts.identifiers import jadwal_subject, pemilih_subject, source_of
from contracts.remembered import CalendarEntry
from contracts.verdict import Accepted
from services.validator.core.case import Place
from services.validator.core.judge import bench_of, judge
from services.validator.core.plain_pemilih import KIND, SETTLED, is_plain
from services.validator.core.rules import all_rules
from tests.builders import KEYS, MOMENT, OFFICE, TPS, a_line, a_nik, a_pemilih, a_pemilih_submission
from tests.unit.validator.courtroom import a_bench

HERE: Final = Place(OFFICE, "pemilih", 1, 2)
BENCH: Final = a_bench()
ASKING: Final = replace(BENCH, glance=None)
"""The same bench, on which every line is decoded and every rule is asked."""

ALONE: Final = replace(bench_of((), BENCH.reference, BENCH.register, BENCH.keys), glance=None)
"""One on which nothing is judged but the structure."""

SEALED: Final = {
    "nik": a_nik(),
    "nkk": "3279010101150001",
    "nama": "SITI AMINAH",
    "tempat_lahir": "BANJAR",
    "tanggal_lahir": "1990-04-15",
    "status_kawin": "B",
    "alamat": "JL. LETJEN SUWARTO",
    "rt": "003",
    "rw": "007",
    "ktp_el": "S",
    "keterangan": "UBAH",
}
BESIDE: Final = {
    "desa": TPS[:10],
    "disabilitas": "0",
    "dokumen": "474.3/12/2024",
    "jenis_kelamin": "P",
    "kelas_lahir": 1990,
    "status": "aktif",
    "tps": "001",
}
HEAD: Final = {
    "id": "uji-3279-1-2",
    "source": source_of(OFFICE),
    "time": MOMENT,
    "recordedtime": MOMENT,
    "base": "0123456789abcdef" * 2,
    "traceparent": f"00-{'0af7651916cd43dd8448eb211c80319c'}-b7ad6b7169203331-01",
}
ABSENT: Final = object()

DAYS: Final = ["1990-02-29", "1992-02-29", "1990-04-31", "1990-00-10", "1990-4-15", "19900415", "0090-04-15", ""]
OTHER: Final = ["É", "\\", '"', "\x7f", "\x9f", "\n", ""]
MOMENTS: Final = [
    "2024-02-29T13:30:00Z",
    "2023-02-29T13:30:00Z",
    "2024-11-31T13:30:00Z",
    "2024-11-27T24:00:00Z",
    "2024-11-27T13:30:60Z",
    "2024-11-27T13:30:00.1234567Z",
    "2024-11-27T20:30:00+07:00",
    "2024-11-27T20:30:00+24:00",
    "2024-11-27T20:30:00-00:00",
    "2024-11-27T13:30:00",
    "2024-11-27 13:30:00Z",
    "2024-11-27T13:30:00z",
    "1732714200",
]
IN_BLOCK: Final[dict[str, list[Any]]] = {
    "nik": ["3279015504900000", "9979015504900001", "3279010229900001", "3279011504900001", "3279015604900001",
            "3279017204900001", "3279015513900001", "327901550490001", "32790155049000011", "327901550490000A"],
    "nkk": [None, ABSENT, "327901010115000", "32790101011500011", "x", ""],
    "nama": [None, ABSENT, "A" * 120, "A" * 121, *OTHER],
    "tempat_lahir": [None, ABSENT, "A" * 80, "A" * 81, *OTHER],
    "tanggal_lahir": [*DAYS, "1990-04-16", "2090-04-15", None, ABSENT],
    "status_kawin": [None, ABSENT, "S", "P", "s", "X"],
    "alamat": [None, ABSENT, "A" * 200, "A" * 201, *OTHER],
    "rt": [None, ABSENT, "1234", *OTHER],
    "rw": [None, ABSENT, "1234", *OTHER],
    "ktp_el": [None, ABSENT, "B", "T"],
    "keterangan": [None, ABSENT, "A" * 40, "A" * 41, *OTHER],
    "lain": ["X"],
}  # fmt: skip
BESIDE_IT: Final[dict[str, list[Any]]] = {
    "desa": ["3204011001", "3279019999", "327901100", "९२७९०११००१", None],
    "disabilitas": [None, ABSENT, "1", "Z9", "00000", ""],
    "dokumen": [None, ABSENT, "A" * 120, "A" * 121, *OTHER],
    "jenis_kelamin": ["L", "X", None, ABSENT],
    "kelas_lahir": [None, ABSENT, 1845, 1850, 1805, 1992, 2100, 2105, -1990, 1990.0, True, "1990"],
    "status": ["tms", "ditangguhkan", "AKTIF", None],
    "tms": [None, "1", "6", "99"],
    "tps": [None, ABSENT, "1", "0001", "९९९"],
    "nik_token": ["0" * 32, "F" * 32, KEYS.nik_token("0" * 16)],
    "match": [{"k1": "0" * 32}, {"k1": "G" * 32, "k2": "0" * 32, "k3": "0" * 32, "k4": "0" * 32}, None],
    "pribadi": ["uji1.", f"uji1.{'A' * 60}", f"uji2.{'A' * 60}", f"uji1.{'A' * 39}", f"uji1.{'A' * 60}==="],
    "lain": [1],
}
BEFORE_IT: Final[dict[str, list[Any]]] = {
    "id": ["A" * 128, "A" * 129, "é", 'a"', "a b", ""],
    "source": [source_of("3204"), source_of("32"), "/kpu/32791", "/KPU/3279"],
    "subject": [pemilih_subject("3204", "0" * 32), pemilih_subject(OFFICE, "0" * 32), "pemilih/3279/0"],
    "time": MOMENTS,
    "recordedtime": MOMENTS,
    "epoch": [0, 2, 2**31],
    "revision": [0, 2, 2**32 - 1, 2**32, "01"],
    "sequence": [0, 1, 3, 2**53],
    "base": [None, "0" * 31, "F" * 32],
    "digest": ["0" * 32, "0" * 31],
    "traceparent": [None, "00-0-0-00"],
}

texts = st.text(max_size=4) | st.text("AZ az09.,'/-", max_size=12)
dates = st.dates(date(1909, 1, 1), date(2010, 12, 31))
moments = st.one_of(
    st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.isoformat().replace("+00:00", "Z")),
    st.datetimes(timezones=st.timezones()).map(datetime.isoformat),
    st.from_regex(
        r"20[0-9]{2}-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,9})?(Z|[+-][0-2][0-9]:[0-6][0-9])",
        fullmatch=True,
    ),
)


def changed(table: dict[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return what draws some fields of ``table`` to write over, most often none or one."""
    few = st.lists(st.sampled_from(sorted(table)), max_size=2, unique=True)
    return few.flatmap(
        lambda names: st.fixed_dictionaries({name: st.sampled_from(table[name]) | texts for name in names})
    )


def written(sealed: dict[str, Any], beside: dict[str, Any], head: dict[str, Any]) -> bytes:
    """Return the line of a voter as ingest writes it, with fields written over that ingest may never write."""
    clear = {name: value for name, value in {**SEALED, **sealed}.items() if value is not ABSENT}
    token = KEYS.nik_token(str(clear["nik"]))
    fields = {
        **BESIDE,
        "nik_token": token,
        "match": dict.fromkeys(("k1", "k2", "k3", "k4"), "0" * 32),
        **beside,
    }
    subject = head.get("subject", pemilih_subject(OFFICE, token))
    fields.setdefault("pribadi", KEYS.seal(str(subject), orjson.dumps(clear)))
    data = codec.canonical_data({name: value for name, value in fields.items() if value is not ABSENT})
    stamped = {"epoch": 1, "revision": 1, "sequence": 2, "digest": codec.digest_of(KIND, data)}
    return codec.line_of(type=KIND, data=data, **{**HEAD, **stamped, "subject": subject, **head})


def agree(line: bytes, place: Place = HERE) -> None:
    """Assert that a bench with the glance and one without it say the same, and that a glance clears no more."""
    assert judge(line, place, BENCH) == judge(line, place, ASKING)
    bare = bench_of((), BENCH.reference, BENCH.register, BENCH.keys)
    assert judge(line, place, bare) == judge(line, place, ALONE)


def test_every_rule_that_is_asked_of_voters_is_settled() -> None:
    docket = BENCH.dockets[KIND]
    assert {rule.code for _, rule, _ in (*docket.book, *docket.personal)} == SETTLED, (
        "all voters would be judged slowly"
    )
    assert BENCH.glance is is_plain


def test_where_another_rule_is_asked_nobody_is_cleared_at_a_glance() -> None:
    other = replace(next(rule for rule in all_rules() if rule.code == "VTR-TNI-POLRI"), code="RES-COMPLETE")
    assert bench_of((*all_rules(), other), BENCH.reference, BENCH.register, BENCH.keys).glance is None


@given(
    st.sampled_from([None, "B", "S", "P"]),
    st.sampled_from("LP"),
    dates.filter(lambda day: (day.month, day.day) != (2, 29)),
)
@example("B", "L", date(2007, 11, 27))
@example("B", "P", date(2007, 11, 28))
@example("S", "L", date(1913, 11, 27))
@example("S", "L", date(1913, 11, 28))
def test_the_usual_voter_is_plain_exactly_when_no_rule_finds_anything(kawin: str | None, sex: str, lahir: date) -> None:
    voter = a_pemilih_submission(status_kawin=kawin, jenis_kelamin=sex, tanggal_lahir=lahir.isoformat())
    line = a_line(a_pemilih(voter), sequence=2)
    plain = is_plain(line, HERE, BENCH.reference, BENCH.register, BENCH.keys)
    assert plain is (judge(line, HERE, ASKING) == Accepted())


def test_a_voter_with_all_that_can_be_said_of_her_is_plain() -> None:
    assert is_plain(written({}, {}, {}), HERE, BENCH.reference, BENCH.register, BENCH.keys)


def test_whatever_stands_in_one_place_the_verdict_is_that_of_the_rules() -> None:
    for nth, table in enumerate((IN_BLOCK, BESIDE_IT, BEFORE_IT)):
        for name, values in table.items():
            for value in values:
                over: list[dict[str, Any]] = [{}, {}, {}]
                over[nth] = {name: value}
                agree(written(*over))


@given(changed(IN_BLOCK), changed(BESIDE_IT), changed(BEFORE_IT))
def test_whatever_stands_in_several_places_the_verdict_is_that_of_the_rules(
    sealed: dict[str, Any], beside: dict[str, Any], head: dict[str, Any]
) -> None:
    agree(written(sealed, beside, head))


def test_a_block_that_opens_and_holds_another_nik_than_the_token_says_is_left_to_the_rules() -> None:
    token = KEYS.nik_token(a_nik(2))
    agree(written({}, {"nik_token": token}, {"subject": pemilih_subject(OFFICE, token)}))


def test_sixteen_times_one_digit_is_no_nik_though_it_carries_a_date() -> None:
    agree(
        written(
            {"nik": "1" * 16, "tanggal_lahir": "2011-11-11", "status_kawin": "S"},
            {"jenis_kelamin": "L", "kelas_lahir": 2010},
            {},
        )
    )


@given(st.sampled_from(["time", "recordedtime"]), moments)
def test_whatever_is_written_for_a_time_the_verdict_is_that_of_the_contract(name: str, moment: str) -> None:
    agree(written({}, {}, {name: moment}))


@given(st.integers(0), st.integers(0, 8), st.binary(max_size=8))
def test_whatever_happens_to_the_bytes_the_verdict_is_that_of_the_rules(at: int, length: int, put: bytes) -> None:
    line = written({}, {}, {})
    start = at % len(line)
    agree(line[:start] + put + line[start + length :])


def test_a_line_in_another_place_is_judged_by_the_rules() -> None:
    for place in (
        HERE._replace(office="3204"),
        HERE._replace(lane="hasil"),
        HERE._replace(epoch=2),
        HERE._replace(sequence=3),
    ):
        agree(written({}, {}, {}), place)


@given(
    st.dictionaries(st.sampled_from(sorted(SEALED)), st.sampled_from(sorted(SEALED)), max_size=3),
    st.sampled_from([OFFICE, "3204"]),
)
def test_a_block_in_another_order_or_of_another_voter_is_left_to_the_rules(moved: dict[str, str], office: str) -> None:
    names = list(SEALED)
    for one, other in moved.items():
        names[names.index(one)], names[names.index(other)] = other, one
    subject = pemilih_subject(office, KEYS.nik_token(SEALED["nik"]))
    block = KEYS.seal(subject, orjson.dumps({name: SEALED[name] for name in names}))
    agree(written({}, {"pribadi": block}, {}))


@given(st.integers(-3, 3), st.none() | st.integers(-3, 3))
def test_a_calendar_binds_the_plain_voter_as_it_binds_everybody(begin: int, end: int | None) -> None:
    moment = datetime.fromisoformat(MOMENT)
    masa = MasaV1(
        mulai=moment + timedelta(seconds=begin), sampai=None if end is None else moment + timedelta(seconds=end)
    )
    bench = a_bench()
    entry = CalendarEntry(epoch=1, sequence=1, lajur="pemilih", masa=[masa])
    bench.register.note_calendar(jadwal_subject("pdpb-2025-tw4", OFFICE), entry)
    line = written({}, {}, {})
    asking = judge(line, HERE, replace(bench, glance=None))
    assert judge(line, HERE, bench) == asking
    assert is_plain(line, HERE, bench.reference, bench.register, bench.keys) is (asking == Accepted())
