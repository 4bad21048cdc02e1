"""satupeta cases: contradictions between records that concern this office, and what became of one of them."""

from __future__ import annotations

import argparse
import itertools
import json
from typing import Any

from services.desk.adapters.paging import rows_of
from services.desk.adapters.workplace import Workplace
from services.desk.core.decision import case_id_of, sasaran_in
from services.desk.core.ending import Ending
from services.desk.core.figures import count, moment
from services.desk.core.misuse import MisuseError


def run(place: Workplace, given: argparse.Namespace) -> Ending:
    """Show how many there are by cause, the newest of them, or one with all that became of it."""
    if given.id is not None:
        return _one(place, given.id)
    asked = {"code": given.code, "office": place.whose(given.owner)}
    state = None if given.case_state == "all" else given.case_state
    counts: list[dict[str, Any]] = place.gateway.get("/v1/perkara/counts", **asked, state=state)["counts"]
    found = rows_of(place.gateway, "/v1/perkara", "cases", **asked, state=state)
    cases = list(itertools.islice(found, given.limit)) if counts else []
    _show(place, counts, cases)
    place.screen.answer({"counts": counts, "cases": cases})
    return Ending.INCOMPLETE if any(case["state"] == "open" for case in cases) else Ending.DONE


def _one(place: Workplace, written: str) -> Ending:
    sasaran = sasaran_in(written)
    if sasaran is None:
        raise MisuseError(text="target-invalid", seen=written[:40])
    answer = place.gateway.get(f"/v1/perkara/{case_id_of(sasaran)}")
    case, speech = answer["case"], place.speech
    state = speech(f"case-{case['state']}")
    place.screen.say(speech("case", id=case["id"], code=case["code"], about=case["about"], state=state))
    place.screen.say(speech("case-says", seen=case["seen"], expected=case["expected"]))
    place.screen.say(speech("case-offices", offices=", ".join(case["offices"])))
    place.screen.say(speech("case-evidence", evidence=json.dumps(case["evidence"], ensure_ascii=False)))
    place.screen.table(
        speech("case-trail"),
        [speech(key) for key in ("col-time", "col-event", "col-offices", "col-seen", "col-putusan", "col-reason")],
        [
            (
                moment(step["time"]),
                speech(f"trail-{step['action']}"),
                ", ".join(step["offices"]),
                step["seen"],
                step["putusan"] or "",
                ": ".join(part for part in (step["jabatan"], step["alasan"]) if part),
            )
            for step in answer["trail"]
        ],
    )
    place.screen.answer(answer)
    return Ending.INCOMPLETE if case["state"] == "open" else Ending.DONE


def _show(place: Workplace, counts: list[dict[str, Any]], cases: list[dict[str, Any]]) -> None:
    speech = place.speech
    if not counts:
        place.screen.say(speech("cases-none"), "green")
        return
    place.screen.table(
        speech("cases-counts"),
        [speech(key) for key in ("col-code", "col-office", "col-state", "col-changes")],
        [
            (one["code"], one["office"], speech(f"case-{one['state']}"), count(one["cases"], speech.language))
            for one in counts
        ],
        figures=frozenset({3}),
    )
    place.screen.table(
        speech("cases", shown=len(cases)),
        [
            speech(key)
            for key in ("col-id", "col-code", "col-about", "col-offices", "col-since", "col-seen", "col-state")
        ],
        [
            (
                case["id"],
                case["code"],
                case["about"] if case["about"] != case["id"] else "",
                ", ".join(case["offices"]),
                moment(case["opened_time"]),
                case["seen"],
                speech(f"case-{case['state']}"),
            )
            for case in cases
        ],
    )
    place.screen.say(speech("cases-action"))
