"""satupeta gone: rows that a file no longer names are proposals, and a person decides about them with a reason."""

from __future__ import annotations

import argparse
import json
from typing import Any, Final

from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending
from services.desk.core.figures import count, moment

_SHOWN: Final = 20
_JOBS: Final = 200


def run(place: Workplace, given: argparse.Namespace) -> Ending:
    """Show the files that wait for a decision, or what one of them no longer names, and decide if that is asked for."""
    if given.id is None:
        return _waiting(place)
    job = place.ingest.get(f"/v1/snapshots/{given.id}")
    ending, decided = decide(place, job, given)
    place.screen.answer({"job": job, "decided": decided})
    return ending


def decide(place: Workplace, job: dict[str, Any], given: argparse.Namespace) -> tuple[Ending, dict[str, Any] | None]:
    """Show what has disappeared and decide as the options or the operator say; without either it stays undecided."""
    proposed = job["decisions"].get("proposed", 0)
    if not proposed:
        place.screen.say(place.speech("gone-none"), "green")
        return Ending.DONE, None
    listed = place.ingest.get(f"/v1/snapshots/{job['id']}/disappeared", limit=_SHOWN)["disappeared"]
    _show(place, job, proposed, listed)
    verb, reason = _wish(place, given, proposed)
    if verb is None or not reason:
        place.screen.remark("gone-undecided", id=job["id"], count=str(proposed))
        return Ending.UNDECIDED, None
    told = {"nomor": "semua", "alasan": reason, "dokumen": given.document, "jabatan": given.role}
    body = json.dumps({name: value for name, value in told.items() if value is not None}).encode()
    decided: dict[str, Any] = place.ingest.post(f"/v1/snapshots/{job['id']}/disappeared/{verb}", body)
    if verb == "confirm":
        place.screen.say(
            place.speech("gone-confirmed", retracted=decided["retracted"], outdated=decided["outdated"]), "green"
        )
    else:
        place.screen.say(place.speech("gone-dismissed", dismissed=decided["dismissed"]), "green")
    return Ending.DONE, decided


def _wish(place: Workplace, given: argparse.Namespace, proposed: int) -> tuple[str | None, str | None]:
    """Return what is to be done and why. Silence is no decision, and nothing is taken back without a reason."""
    if given.confirm not in {None, proposed}:
        # A file of one desa under the name of another would take a kabupaten out of its list.
        place.screen.remark("gone-other-count", gone=proposed, told=given.confirm)
        return None, None
    verb = "confirm" if given.confirm is not None else "dismiss" if given.dismiss else None
    if verb is None and given.asks:
        answer = (place.screen.ask("ask-gone", gone=proposed) or "").lower()
        verb = {"c": "confirm", "k": "confirm", "d": "dismiss", "b": "dismiss"}.get(answer[:1])
    if verb is None:
        return None, None
    return verb, given.reason or (place.screen.ask("ask-reason") if given.asks else None)


def _waiting(place: Workplace) -> Ending:
    speech = place.speech
    jobs = [
        job
        for job in place.ingest.get("/v1/snapshots", limit=_JOBS)["snapshots"]
        if job["state"] == "waiting" and job["decisions"].get("proposed")
    ]
    if jobs:
        place.screen.table(
            speech("gone-files"),
            [speech(key) for key in ("col-id", "col-time", "col-file", "col-gone")],
            [
                (
                    job["id"],
                    moment(job["received_time"]),
                    job["nama"],
                    count(job["decisions"]["proposed"], speech.language),
                )
                for job in jobs
            ],
            figures=frozenset({3}),
        )
    else:
        place.screen.say(speech("gone-none"), "green")
    place.screen.answer(jobs)
    return Ending.UNDECIDED if jobs else Ending.DONE


def _show(place: Workplace, job: dict[str, Any], proposed: int, listed: list[dict[str, Any]]) -> None:
    speech = place.speech
    place.screen.table(
        speech("gone", path=job["nama"], gone=proposed, shown=len(listed)),
        [speech(key) for key in ("col-number", "col-name", "col-nik", "col-desa")],
        [
            (
                count(one["nomor"], speech.language),
                # Masked by ingest: enough for her own office to recognise her.
                one["nama"] or "",
                one["nik"] or "",
                one["desa"] or "",
            )
            for one in listed
        ],
        figures=frozenset({0}),
    )
