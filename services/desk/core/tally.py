"""What became of a push, portion after portion: counted in full, and listed as far as anybody reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from contracts.identifiers import LANES
from services.desk.core.grouping import Cause

ERRORS_LISTED_MAX: Final = 1_000
"""Of one push: nobody mends more by hand, and what is listed is remembered after every portion."""

Tally = dict[str, Any]
"""accepted, repeated and refused changes; first and last number by lane; how often each code; the first errors."""


def nothing_yet() -> Tally:
    """Return the tally of a push that has only begun."""
    return {
        "accepted": 0,
        "repeated": 0,
        "refused": 0,
        "first": dict.fromkeys(LANES),
        "last": dict.fromkeys(LANES),
        "codes": {},
        "errors": [],
    }


def with_answer(tally: Tally, answer: Mapping[str, Any], lines: Sequence[int] | None = None) -> Tally:
    """Return ``tally`` with what ingest answered to one more request.

    ``lines`` are the numbers of the lines that its changes stand on; a file of another kind has none.
    """
    errors = list(answer["errors"])
    if lines is not None:
        errors = [{**error, "line": lines[error["index"]]} for error in errors]
    codes = dict(tally["codes"])
    for error in errors:
        codes[error["code"]] = codes.get(error["code"], 0) + 1
    first, last = answer.get("first") or {}, answer.get("last") or {}
    return {
        "accepted": tally["accepted"] + answer.get("accepted", 0),
        "repeated": tally["repeated"] + answer.get("repeated", 0),
        # One change may have several errors.
        "refused": tally["refused"] + len({error["index"] for error in errors}),
        "first": {lane: tally["first"][lane] or first.get(lane) for lane in LANES},
        "last": {lane: last.get(lane) or tally["last"][lane] for lane in LANES},
        "codes": codes,
        "errors": (tally["errors"] + errors)[:ERRORS_LISTED_MAX],
    }


def causes_in(tally: Tally) -> list[Cause]:
    """Return one cause for each code, the most frequent first; its example is missing when it came late."""
    examples = {error["code"]: error for error in reversed(tally["errors"])}
    causes = [Cause(code, changes=often, example=examples.get(code)) for code, often in tally["codes"].items()]
    return sorted(causes, key=lambda cause: (-cause.changes, cause.code))
