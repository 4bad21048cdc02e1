"""satupeta rejections: what the province refused of this office, one line for each cause with the one thing to do."""

from __future__ import annotations

import argparse
from typing import Any

from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending
from services.desk.core.figures import count, moment
from services.desk.core.grouping import Cause, causes_of


def run(place: Workplace, given: argparse.Namespace) -> Ending:
    """Show the causes; with ``--code`` the changes of one of them, newest first."""
    office = place.office()
    asked = {"office": office, "lane": given.lane, "code": given.code}
    causes = causes_of(place.gateway.get("/v1/rejections/by-code", **asked)["groups"])
    if given.code is not None:
        # The question filters changes; one that was refused for two reasons would bring its other reason along.
        causes = [cause for cause in causes if cause.code == given.code]
    for cause in causes:
        page = place.gateway.get("/v1/rejections", office=office, lane=given.lane, code=cause.code, limit=1)
        cause.example = _finding(page["rejections"], cause.code)
    rows: list[dict[str, Any]] = []
    if given.code is not None and causes:
        rows = place.gateway.get("/v1/rejections", **asked, limit=given.limit)["rejections"]
    _show(place, office, causes, rows, given.code)
    place.screen.answer(
        {
            "office": office,
            "causes": [
                {
                    "code": cause.code,
                    "lanes": sorted(cause.lanes),
                    "changes": cause.changes,
                    "newest_time": cause.newest_time,
                    "example": cause.example,
                }
                for cause in causes
            ],
            "rejections": rows,
        }
    )
    return Ending.INCOMPLETE if causes else Ending.DONE


def _finding(rows: list[dict[str, Any]], code: str) -> dict[str, Any] | None:
    return next((one for row in rows for one in row["findings"] if one["code"] == code), None)


def _show(place: Workplace, office: str, causes: list[Cause], rows: list[dict[str, Any]], code: str | None) -> None:
    speech = place.speech
    if not causes:
        place.screen.say(speech("rejections-none", office=office), "green")
        return
    place.screen.table(
        speech("rejections", office=office),
        [speech(key) for key in ("col-code", "col-changes", "col-lane", "col-what", "col-action")],
        [
            (
                cause.code,
                count(cause.changes, speech.language),
                ", ".join(speech(f"lane-{lane}") for lane in sorted(cause.lanes)),
                speech.of(cause.example or {}, "pesan", "message"),
                speech("rejection-action", code=cause.code),
            )
            for cause in causes
        ],
        figures=frozenset({1}),
    )
    if rows and code is not None:
        place.screen.table(
            speech("rejections-newest", code=code, shown=len(rows)),
            [speech(key) for key in ("col-time", "col-id", "col-field", "col-seen", "col-expected")],
            [
                (moment(row["received_time"]), row["id"], one["pointer"], one["seen"], one["expected"])
                for row in rows
                for one in row["findings"]
                if one["code"] == code
            ],
        )
