"""satupeta held: what stands held of this office, one line for each cause; with ``--code`` the records and why."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator
from typing import Any, Final

from services.desk.adapters.paging import rows_of
from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending
from services.desk.core.figures import count, moment

_VOTER: Final = "pemilih.recorded.v1"


def run(place: Workplace, given: argparse.Namespace) -> Ending:
    """Show what waits for a correction of the office or for a person; of voters only how many there are."""
    owner = place.whose(given.owner)
    office = owner or place.office()
    asked = {"office": owner, "lane": given.lane, "code": given.code}
    groups: list[dict[str, Any]] = place.gateway.get("/v1/held", group=True, **asked)["groups"]
    records: list[dict[str, Any]] = []
    if given.code is not None and any(group["lane"] == "hasil" for group in groups):
        page = place.gateway.get("/v1/held", office=owner, code=given.code, limit=given.limit)
        records = page["held"]
    voters: list[dict[str, Any]] = []
    if owner is not None and given.code is not None and any(group["lane"] == "pemilih" for group in groups):
        voters = list(itertools.islice(voters_held(place, owner, given.code), given.limit))
    _show(place, office, groups, records, given.code)
    _show_voters(place, voters, given.code)
    place.screen.answer({"office": office, "groups": groups, "held": records, "voters": voters})
    return Ending.INCOMPLETE if groups else Ending.DONE


def voters_held(place: Workplace, owner: str, code: str) -> Iterator[dict[str, Any]]:
    """Yield held voters as this office's own ingest knows them; those of another office only it can name."""
    if place.ingest_url is None or place.decider() != owner:
        return iter(())
    return rows_of(place.ingest, "/v1/held", "held", code=code, type=_VOTER)


def _show_voters(place: Workplace, voters: list[dict[str, Any]], code: str | None) -> None:
    speech = place.speech
    if not voters:
        return
    place.screen.table(
        speech("held-voters", code=str(code), shown=len(voters)),
        [speech(key) for key in ("col-target", "col-name", "col-nik", "col-desa", "col-what")],
        [
            (
                voter["digest"],
                # Masked by ingest: enough for her own office to recognise her.
                voter["nama"] or "",
                voter["nik"] or "",
                voter["desa"] or "",
                "; ".join(speech.of(one, "pesan", "message") for one in voter["findings"] if one["code"] == code),
            )
            for voter in voters
        ],
    )


def _show(
    place: Workplace, office: str, groups: list[dict[str, Any]], records: list[dict[str, Any]], code: str | None
) -> None:
    speech = place.speech
    if not groups:
        place.screen.say(speech("held-none", office=office), "green")
        return
    place.screen.table(
        speech("held", office=office),
        [speech(key) for key in ("col-code", "col-office", "col-lane", "col-changes", "col-since")],
        [
            (
                group["code"],
                group["office"],
                speech(f"lane-{group['lane']}"),
                count(group["records"], speech.language),
                moment(group["since"]),
            )
            for group in groups
        ],
        figures=frozenset({3}),
    )
    if records:
        place.screen.table(
            speech("held-records", code=str(code), shown=len(records)),
            [speech(key) for key in ("col-record", "col-code", "col-field", "col-seen", "col-expected", "col-what")],
            [
                (
                    record["subject"] or "",
                    one["code"],
                    one["pointer"],
                    one["seen"],
                    one["expected"],
                    speech.of(one, "pesan", "message"),
                )
                for record in records
                # All of them: what is found beside the cause may name the one box that explains it.
                for one in record["findings"]
            ],
        )
        place.screen.table(
            speech("held-targets"),
            [speech(key) for key in ("col-target", "col-record", "col-putusan")],
            [
                (
                    record["digest"],
                    record["subject"] or "",
                    "; ".join(f"{said['putusan']} ({said['oleh']}): {said['alasan']}" for said in record["keputusan"]),
                )
                for record in records
            ],
        )
    place.screen.say(speech("held-action"))
