"""satupeta receipts: how far a change, or what was pushed from this desk, has come."""

from __future__ import annotations

import argparse
from typing import Any, Final
from urllib.parse import quote

from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending
from services.desk.core.figures import count, moment
from services.desk.core.standing import standing_of

_SHOWN: Final = 20


def run(place: Workplace, given: argparse.Namespace) -> Ending:
    """Show the receipt of one change, or the newest pushes."""
    return _one(place, given.id) if given.id is not None else _pushes(place)


def _one(place: Workplace, identity: str) -> Ending:
    speech = place.speech
    receipt = place.ingest.get(f"/v1/receipts/{quote(identity, safe='')}")
    state = receipt["state"]
    colour = {"merged": "green", "held": "amber", "rejected": "red"}.get(state)
    place.screen.say(
        speech(
            "receipt",
            id=receipt["id"],
            state=speech(f"state-{state}"),
            lane=speech(f"lane-{receipt['lane']}"),
            sequence=receipt["sequence"],
            time=moment(receipt["recorded_time"]),
        ),
        colour,
    )
    if receipt["findings"]:
        place.screen.table(
            speech("receipt-findings"),
            [speech(key) for key in ("col-code", "col-field", "col-seen", "col-expected", "col-what")],
            [
                (one["code"], one["pointer"], one["seen"], one["expected"], speech.of(one, "pesan", "message"))
                for one in receipt["findings"]
            ],
        )
    place.screen.answer(receipt)
    return Ending.DONE


def _pushes(place: Workplace) -> Ending:
    speech = place.speech
    lanes: dict[str, Any] = place.ingest.get("/v1/status")["lanes"]
    pushes = [{**push, "state": standing_of(push, lanes)} for push in place.memory.newest(_SHOWN)]
    if not pushes:
        place.screen.say(speech("pushes-none"))
    else:
        place.screen.table(
            speech("pushes"),
            [speech(key) for key in ("col-time", "col-file", "col-taken", "col-repeated", "col-refused", "col-state")],
            [
                (
                    moment(push["time"]),
                    push["path"].rpartition("/")[2],
                    count(push.get("accepted"), speech.language),
                    count(push.get("repeated"), speech.language),
                    count(push.get("refused"), speech.language),
                    speech(f"state-{push['state']}"),
                )
                for push in pushes
            ],
            figures=frozenset({2, 3, 4}),
        )
    place.screen.answer(pushes)
    return Ending.DONE
