"""Thousands of objections with one cause are one line."""

from __future__ import annotations

from services.desk.core.grouping import by_code, causes_of


def test_four_thousand_rejections_with_one_cause_are_one_cause() -> None:
    problems = [{"code": "FIELD-MISSING", "line": 1}] + [{"code": "RES-TPS-KNOWN", "line": n} for n in range(4_000)]
    first, second = by_code(problems)
    assert (first.code, first.changes) == ("RES-TPS-KNOWN", 4_000)
    assert first.example == {"code": "RES-TPS-KNOWN", "line": 0}
    assert (second.code, second.changes) == ("FIELD-MISSING", 1)


def test_a_cause_of_two_lanes_is_one_cause() -> None:
    groups = [
        {"lane": "hasil", "code": "SUBJECT-FOREIGN", "changes": 3, "newest_time": "2026-11-25T09:00:00Z"},
        {"lane": "pemilih", "code": "SUBJECT-FOREIGN", "changes": 5, "newest_time": "2026-11-25T10:00:00Z"},
    ]
    [cause] = causes_of(groups)
    assert (cause.changes, cause.lanes, cause.newest_time) == (8, {"hasil", "pemilih"}, "2026-11-25T10:00:00Z")
