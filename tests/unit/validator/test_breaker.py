"""The circuit breaker stops for our mistake, and for nobody else's."""

from __future__ import annotations

from contracts.verdict import Tier
from services.validator.core.breaker import LINES_REMEMBERED, Breaker
from services.validator.core.hearing import Desk, Hearing, opened
from services.validator.core.tiers import NO_STORM, TIERS
from tests.builders import KONTES_GUBERNUR, OFFICE, TPS, a_batch, a_c_hasil, a_line, some_votes
from tests.unit.validator.courtroom import a_bench


def test_a_storm_across_offices_opens_it() -> None:
    breaker = Breaker()
    for office in ("3201", "3202"):
        breaker.count(office, judged=100, stormy=90)
        assert not breaker.is_open
    breaker.count("3203", judged=100, stormy=61)
    assert breaker.is_open
    assert breaker.storming == ("3201", "3202", "3203")


def test_one_office_may_be_wrong_from_top_to_bottom() -> None:
    breaker = Breaker()
    for _ in range(100):
        breaker.count("3201", judged=1_000, stormy=1_000)
    for office in ("3202", "3203", "3204"):
        breaker.count(office, judged=1_000, stormy=100)
    assert not breaker.is_open


def test_three_wrong_offices_among_many_are_their_own_trouble() -> None:
    breaker = Breaker()
    for nth in range(10):
        breaker.count(f"32{nth:02}", judged=500, stormy=0)
    for office in ("3271", "3272", "3273"):
        breaker.count(office, judged=500, stormy=500)
    assert not breaker.is_open


def test_a_handful_of_lines_says_nothing() -> None:
    breaker = Breaker()
    for nth in range(20):
        breaker.count(f"32{nth:02}", judged=10, stormy=10)
    assert not breaker.is_open


def test_yesterdays_good_lines_do_not_hide_a_storm() -> None:
    breaker = Breaker()
    offices = ("3201", "3202", "3203")
    for office in offices:
        for _ in range(100):
            breaker.count(office, judged=1_000, stormy=0)
    sent = 0
    while not breaker.is_open:
        sent += 500
        assert sent <= 3 * LINES_REMEMBERED
        for office in offices:
            breaker.count(office, judged=500, stormy=500)


def test_a_person_may_overrule_it() -> None:
    breaker = Breaker(overridden=True)
    for office in ("3201", "3202", "3203"):
        breaker.count(office, judged=100, stormy=100)
    assert not breaker.is_open


def test_only_what_our_rules_reject_is_a_storm() -> None:
    def stormy(lines: list[bytes], *, tps: tuple[str, ...] = (TPS,)) -> int:
        headers = {name: text.encode() for name, text in a_batch(lines, first=2).headers.items()}
        hearing = opened(headers, b"\n".join(lines), Desk(OFFICE, "hasil"), "x")
        assert isinstance(hearing, Hearing)
        for _ in hearing.lines(a_bench(tps=tps)):
            pass
        return hearing.stormy

    votes = some_votes(KONTES_GUBERNUR, TPS)
    assert stormy([a_line(a_c_hasil(perolehan_suara={**votes, "1": 1}), sequence=2)]) == 1
    assert stormy([b"{"]) == 0
    assert stormy([a_line(a_c_hasil(), sequence=2)], tps=()) == 0, "results may come before their register"
    assert stormy([a_line(a_c_hasil(), sequence=2, source="3204")]) == 0
    assert stormy([a_line(a_c_hasil(suara_sah=1), sequence=2)]) == 0, "what is held is not lost"


def test_what_counts_as_a_storm_is_a_rejection() -> None:
    assert {code for code, tier in TIERS.items() if tier is Tier.REJECT and code not in NO_STORM} == {
        "JUDGE-FAULT", "PRI-OPEN", "PRI-TOKEN", "REF-KONTES", "REF-PEMILIHAN", "REF-WILAYAH", "RES-OPTION-SET",
        "RUP-CHILD-KNOWN", "VTR-NIK-LEN",
    }  # fmt: skip
