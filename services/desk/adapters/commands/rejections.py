"""satupeta rejections: what stands rejected of this office, one line for each cause with the one thing to do."""

from __future__ import annotations

import argparse
from typing import Any

from services.desk.adapters.link import RefusedError, UnreachableError
from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending
from services.desk.core.figures import count, moment
from services.desk.core.grouping import Cause, causes_of


def run(place: Workplace, given: argparse.Namespace) -> Ending:
    """Show the causes by the office's own books; the province's add what was said, and with ``--code`` the changes."""
    answer = place.ingest.get("/v1/rejections")
    causes = causes_of(
        cause
        for cause in answer["causes"]
        if cause["verdict"] == "rejected"
        and given.lane in {None, cause["lane"]}
        and given.code in {None, cause["code"]}
    )
    office = str(answer["office"])
    rows = _ask_province(place, office, causes, given) if causes else []
    _show(place, office, causes, rows, given.code)
    place.screen.answer(
        {
            "office": office,
            "causes": [
                {
                    "code": cause.code,
                    "lanes": sorted(cause.lanes),
                    "changes": cause.changes,
                    "example": cause.example,
                    "action": f"satupeta resend {cause.code}",
                }
                for cause in causes
            ],
            "rejections": rows,
        }
    )
    return Ending.INCOMPLETE if causes else Ending.DONE


def _ask_province(
    place: Workplace, office: str, causes: list[Cause], given: argparse.Namespace
) -> list[dict[str, Any]]:
    """Give every cause one finding as an example, and return the newest rejections when one cause was asked for.

    Without the province the causes stay without words, and they are shown all the same.
    """
    if place.gateway_url is None:
        return []
    try:
        for cause in causes:
            found = _page(place, office, cause.code, given.lane, 1)
            cause.example = next((one for row in found for one in row["findings"] if one["code"] == cause.code), None)
        return _page(place, office, given.code, given.lane, given.limit) if given.code is not None else []
    except UnreachableError:
        place.screen.remark("gateway-away", url=place.gateway.url)
    except RefusedError as error:
        place.screen.remark("gateway-refused", code=error.code or str(error.status))
    return []


def _page(place: Workplace, office: str, code: str, lane: str | None, limit: int) -> list[dict[str, Any]]:
    page: dict[str, Any] = place.gateway.get("/v1/rejections", office=office, lane=lane, code=code, limit=limit)
    rows: list[dict[str, Any]] = page["rejections"]
    return rows


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
                f"satupeta {speech('name-resend')} {cause.code}",
            )
            for cause in causes
        ],
        figures=frozenset({1}),
    )
    place.screen.say(speech("rejections-action"))
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
