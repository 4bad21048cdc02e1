"""satupeta gone: rows that a file no longer names are proposals, and a person decides about them with a reason."""

from __future__ import annotations

import argparse
import json
from typing import Any, Final, NamedTuple

from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending
from services.desk.core.figures import count, moment
from services.desk.core.misuse import MisuseError
from services.desk.core.numbers import numbers_in

_JOBS: Final = 200
_VERBS: Final = {"c": "confirm", "k": "confirm", "d": "dismiss", "b": "dismiss"}
_STATES: Final = ("confirmed", "dismissed", "outdated", "proposed")


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
    _show(place, job, proposed, given)
    wish = _wish(place, given, proposed)
    if wish is None:
        place.screen.remark("gone-undecided", id=job["id"], count=str(proposed))
        return Ending.UNDECIDED, None
    told = {"nomor": wish.rows or "semua", "alasan": wish.reason, "dokumen": given.document, "jabatan": given.role}
    body = json.dumps({name: value for name, value in told.items() if value is not None}).encode()
    decided: dict[str, Any] = place.ingest.post(f"/v1/snapshots/{job['id']}/disappeared/{wish.verb}", body)
    if wish.verb == "confirm":
        place.screen.say(
            place.speech("gone-confirmed", retracted=decided["retracted"], outdated=decided["outdated"]), "green"
        )
    else:
        place.screen.say(place.speech("gone-dismissed", dismissed=decided["dismissed"]), "green")
    standing = {state: decided["decisions"].get(state, 0) for state in _STATES}
    place.screen.say(place.speech("gone-standing", **standing))
    if not standing["proposed"]:
        return Ending.DONE, decided
    place.screen.remark("gone-undecided", id=job["id"], count=str(standing["proposed"]))
    return Ending.UNDECIDED, decided


class _Wish(NamedTuple):
    """What is to be done, about which rows (all of them when none is named), and why."""

    verb: str
    rows: list[int] | None
    reason: str


def _wish(place: Workplace, given: argparse.Namespace, proposed: int) -> _Wish | None:
    """Return what is to be done. Silence is no decision, and nothing is taken back without a reason."""
    rows = _rows_in(given.rows)
    verb = "confirm" if given.confirm is not None else "dismiss" if given.dismiss else None
    if verb is None and given.asks:
        answer = (place.screen.ask("ask-gone", gone=proposed) or "").lower()
        verb = _VERBS.get(answer[:1])
        rows = rows or _rows_in(answer.lstrip("abcdefghijklmnopqrstuvwxyz ") or None)
    meant = len(rows) if rows is not None else proposed
    if given.confirm not in {None, meant}:
        # A file of one desa under the name of another would take a kabupaten out of its list.
        place.screen.remark("gone-other-count", gone=meant, told=given.confirm)
        return None
    if verb is None:
        return None
    reason = given.reason or (place.screen.ask("ask-reason") if given.asks else None)
    return _Wish(verb, rows, reason) if reason else None


def _rows_in(written: str | None) -> list[int] | None:
    if written is None:
        return None
    rows = numbers_in(written)
    if rows is None:
        raise MisuseError(text="gone-rows-invalid", seen=written[:40])
    return rows


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


def _show(place: Workplace, job: dict[str, Any], proposed: int, given: argparse.Namespace) -> None:
    speech = place.speech
    where = f"/v1/snapshots/{job['id']}/disappeared"
    page = place.ingest.get(where, after=given.after, limit=given.limit)
    listed = page["disappeared"]
    place.screen.table(
        speech("gone", path=job["nama"], gone=proposed, shown=len(listed)),
        [speech(key) for key in ("col-number", "col-name", "col-nik", "col-desa", "col-state")],
        [
            (
                str(one["nomor"]),
                # Masked by ingest: enough for her own office to recognise her.
                one["nama"] or "",
                one["nik"] or "",
                one["desa"] or "",
                speech(f"proposal-{one['state']}"),
            )
            for one in listed
        ],
        figures=frozenset({0}),
    )
    if page["next"] is not None:
        place.screen.say(speech("gone-further", id=job["id"], after=str(page["next"])))
