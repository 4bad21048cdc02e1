"""Thousands of objections with one cause are one line."""

from __future__ import annotations

from services.desk.core.grouping import causes_of


def test_a_cause_of_two_lanes_is_one_cause() -> None:
    groups = [
        {"lane": "hasil", "type": "c_hasil.recorded.v1", "code": "SUBJECT-FOREIGN", "changes": 3},
        {"lane": "hasil", "type": "tps.recorded.v1", "code": "SUBJECT-FOREIGN", "changes": 1},
        {"lane": "pemilih", "type": "pemilih.recorded.v1", "code": "SUBJECT-FOREIGN", "changes": 4},
        {"lane": "hasil", "type": "c_hasil.recorded.v1", "code": "RES-TPS-KNOWN", "changes": 4_000},
    ]
    first, second = causes_of(groups)
    assert (first.code, first.changes, first.lanes) == ("RES-TPS-KNOWN", 4_000, {"hasil"})
    assert (second.code, second.changes, second.lanes) == ("SUBJECT-FOREIGN", 8, {"hasil", "pemilih"})
