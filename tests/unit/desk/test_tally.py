"""A push is counted in full, however it is cut, and listed as far as anybody reads."""

from __future__ import annotations

from typing import Any

from services.desk.core.tally import ERRORS_LISTED_MAX, causes_in, nothing_yet, with_answer


def an_answer(**fields: Any) -> dict[str, Any]:
    return {"accepted": 0, "repeated": 0, "first": {}, "last": {}, "errors": [], **fields}


def test_four_thousand_refusals_with_one_cause_are_one_cause_and_are_all_counted() -> None:
    tally = nothing_yet()
    for _ in range(4):
        errors = [{"code": "FIELD-MISSING", "index": index} for index in range(1_000)]
        tally = with_answer(tally, an_answer(errors=errors), range(1, 1_001))
    tally = with_answer(tally, an_answer(errors=[{"code": "JSON-INVALID", "index": 0}]), [4_001])
    first, second = causes_in(tally)
    assert (tally["refused"], len(tally["errors"])) == (4_001, ERRORS_LISTED_MAX)
    assert (first.code, first.changes, first.example) == (
        "FIELD-MISSING",
        4_000,
        {"code": "FIELD-MISSING", "index": 0, "line": 1},
    )
    assert (second.code, second.changes, second.example) == ("JSON-INVALID", 1, None)


def test_a_change_with_two_errors_is_refused_once() -> None:
    errors = [{"code": "FIELD-MISSING", "index": 0}, {"code": "FIELD-UNKNOWN", "index": 0}]
    assert with_answer(nothing_yet(), an_answer(errors=errors))["refused"] == 1


def test_numbers_span_all_portions() -> None:
    tally = nothing_yet()
    for first, last in ((None, None), (5, 8), (9, 12), (None, None)):
        tally = with_answer(tally, an_answer(first={"hasil": first}, last={"hasil": last}))
    assert (tally["first"], tally["last"]) == ({"hasil": 5, "pemilih": None}, {"hasil": 12, "pemilih": None})
