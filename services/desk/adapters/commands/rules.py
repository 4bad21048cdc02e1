"""satupeta rules: what is asked of the office's data, in words, with what a breach does and where it comes from."""

from __future__ import annotations

import argparse
from typing import Any
from urllib.parse import quote

from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending


def run(place: Workplace, given: argparse.Namespace) -> Ending:
    """Show all rules, or one of them in full."""
    if given.code is None:
        _all(place)
    else:
        _one(place, place.gateway.get(f"/v1/rules/{quote(given.code.upper(), safe='')}"))
    return Ending.DONE


def _all(place: Workplace) -> None:
    speech = place.speech
    rules = place.gateway.get("/v1/rules")["rules"]
    place.screen.table(
        speech("rules"),
        [speech(key) for key in ("col-code", "col-tier", "col-demand", "col-source")],
        [
            (rule["code"], speech(f"tier-{rule['tier']}"), speech.of(rule, "judul", "title"), rule["source"])
            for rule in rules
        ],
    )
    place.screen.answer(rules)


def _one(place: Workplace, rule: dict[str, Any]) -> None:
    speech, screen = place.speech, place.screen
    screen.say(f"{rule['code']}: {speech.of(rule, 'judul', 'title')}")
    screen.say(speech("rule-tier", tier=speech(f"tier-{rule['tier']}"), source=rule["source"]))
    screen.say(speech("rule-says", text=speech.of(rule, "pesan", "message")))
    if rule["asked_of"]:
        screen.say(speech("rule-asked", types=", ".join(rule["asked_of"])))
    screen.answer(rule)
