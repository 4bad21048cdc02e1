"""Thousands of objections with one cause are one line."""

from __future__ import annotations

from services.desk.core.grouping import causes_of


def test_a_cause_of_two_lanes_is_one_cause() -> None:
    groups = [
        {"lane": "hasil", "code": "SUBJECT-FOREIGN", "changes": 3, "newest_time": "2026-11-25T09:00:00Z"},
        {"lane": "pemilih", "code": "SUBJECT-FOREIGN", "changes": 5, "newest_time": "2026-11-25T10:00:00Z"},
    ]
    [cause] = causes_of(groups)
    assert (cause.changes, cause.lanes, cause.newest_time) == (8, {"hasil", "pemilih"}, "2026-11-25T10:00:00Z")
