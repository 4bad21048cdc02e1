"""satupeta held: what stands held of this office, one line for each cause."""

from __future__ import annotations

import argparse

from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending
from services.desk.core.figures import count


def run(place: Workplace, given: argparse.Namespace) -> Ending:
    """Show how many records each cause holds at this moment, and how many it ever held."""
    speech = place.speech
    office = place.office()
    groups = [
        group
        for group in place.gateway.get(f"/v1/offices/{office}")["held_by_code"]
        if given.lane in {None, group["lane"]}
    ]
    # A cause that holds nothing any more is history; of voters nobody knows how many still stand.
    standing = [group for group in groups if group["standing"] != 0]
    if standing:
        place.screen.table(
            speech("held", office=office),
            [speech(key) for key in ("col-code", "col-lane", "col-held-now", "col-held-ever")],
            [
                (
                    group["code"],
                    speech(f"lane-{group['lane']}"),
                    count(group["standing"], speech.language),
                    count(group["changes"], speech.language),
                )
                for group in standing
            ],
            figures=frozenset({2, 3}),
        )
        place.screen.say(speech("held-action"))
    else:
        place.screen.say(speech("held-none", office=office), "green")
    place.screen.answer({"office": office, "held": groups})
    return Ending.INCOMPLETE if standing else Ending.DONE
