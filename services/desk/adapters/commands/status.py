"""satupeta status: where the office stands, by its own books and by the province's."""

from __future__ import annotations

import argparse
from typing import Any

from contracts.identifiers import LANES
from services.desk.adapters.link import RefusedError, UnreachableError
from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending
from services.desk.core.figures import count, duration, size


def run(place: Workplace, given: argparse.Namespace) -> Ending:
    """Show both halves; one that does not answer does not hide the other."""
    del given
    ours = place.ingest.get("/v1/status")
    ending = Ending.DONE
    theirs: dict[str, Any] | None = None
    if place.gateway_url is not None:
        try:
            theirs = place.gateway.get(f"/v1/offices/{ours['office']}")
        except UnreachableError:
            place.screen.remark("gateway-away", url=place.gateway.url)
            ending = Ending.UNREACHABLE
        except RefusedError as error:
            place.screen.remark("gateway-refused", code=error.code or error.status)
            ending = Ending.REFUSED
    _show_ours(place, ours)
    if theirs is not None:
        _show_theirs(place, theirs)
    place.screen.answer({"ingest": ours, "gateway": theirs})
    return ending


def _show_ours(place: Workplace, ours: dict[str, Any]) -> None:
    speech = place.speech
    place.screen.table(
        speech("status-ours", office=ours["office"]),
        [
            speech(key)
            for key in ("col-lane", "col-stamped", "col-waiting", "col-merged", "col-held", "col-rejected", "col-spool")
        ],
        [
            (
                speech(f"lane-{lane}"),
                count(told["stamped"], speech.language),
                count(told["stamped"] - told["published"], speech.language),
                count(told["merged_through"], speech.language),
                count(told["held"], speech.language),
                count(told["rejected"], speech.language),
                size(told["spool_bytes"], speech.language),
            )
            for lane in LANES
            for told in (ours["lanes"][lane],)
        ],
        figures=frozenset(range(1, 7)),
    )


def _show_theirs(place: Workplace, theirs: dict[str, Any]) -> None:
    speech = place.speech
    place.screen.table(
        speech("status-theirs", name=theirs["nama"]),
        [
            speech(key)
            for key in (
                "col-lane", "col-colour", "col-behind", "col-submitted", "col-accepted", "col-held-now", "col-rejected",
                "col-flight", "col-balanced",
            )
        ],
        [
            (
                speech(f"lane-{lane['lane']}"),
                speech.of(lane["state"], "warna", "colour"),
                duration(lane["seconds_behind"], speech.language),
                count(lane["neraca"]["submitted"], speech.language),
                count(lane["neraca"]["accepted"], speech.language),
                count(lane["held_now"], speech.language),
                count(lane["neraca"]["rejected"], speech.language),
                count(lane["neraca"]["in_flight"], speech.language),
                speech("yes" if lane["neraca"]["balanced"] else "no"),
            )
            for lane in theirs["lanes"]
        ],
        figures=frozenset({2, 3, 4, 5, 6, 7}),
    )  # fmt: skip
    for lane in theirs["lanes"]:
        state = lane["state"]
        place.screen.say(
            speech(
                "status-reason",
                lane=speech(f"lane-{lane['lane']}"),
                reason=speech.of(state, "alasan", "reason"),
                actor=speech.of(state, "pelaku", "actor"),
                code=state["code"],
            ),
            state["colour"],
        )
