"""satupeta resend: has everything that was rejected for one cause said again, once the cause is gone."""

from __future__ import annotations

import argparse

from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending


def run(place: Workplace, given: argparse.Namespace) -> Ending:
    """Ask ingest, which still has every line that stands rejected: no file is read and nothing is typed anew."""
    answer = place.ingest.post("/v1/rejections/resend", code=given.code, type=given.type, held=given.held)
    place.screen.say(place.speech("resend-done", code=answer["code"], resent=answer["resent"]), "green")
    if answer["not_kept"]:
        place.screen.say(place.speech("resend-gone", gone=answer["not_kept"]), "amber")
    place.screen.answer(answer)
    return Ending.INCOMPLETE if answer["not_kept"] else Ending.DONE
