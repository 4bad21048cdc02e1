"""A table of the office is handed over whole; ingest compares it with what was said and takes the differences."""

from __future__ import annotations

import argparse
import time
from typing import Any, Final

from contracts.identifiers import LANES
from contracts.problems import CATALOGUE
from services.desk.adapters.commands.gone import decide
from services.desk.adapters.memory import Piece
from services.desk.adapters.own_files import write_beside
from services.desk.adapters.screen import Bar
from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending
from services.desk.core.figures import count, share
from services.desk.core.way import marked_name

_LOOK_SECONDS: Final = 0.5
"""Between two looks at a file that is being read."""
_KNOWN_JOBS: Final = 50
_PROBLEMS_PAGE: Final = 1_000
"""What ingest gives on one page."""
_UNFINISHED: Final = frozenset({"received", "reading"})


def push_snapshot(place: Workplace, piece: Piece, given: argparse.Namespace) -> tuple[Ending, dict[str, Any]]:
    """Hand over one file, follow it until it is read, and show what is wrong in it."""
    with place.screen.progress(piece.path.name) as bar:
        job = _followed(place, _handed_over(place, piece, given, bar)["id"], bar)
    if job["state"] == "refused":
        code, _, detail = str(job["reason"]).partition(": ")
        title = place.speech.of(texts_of(code), "judul", "title")
        place.screen.say(place.speech("snapshot-refused", path=piece.path.name, code=code, title=title, detail=detail))
        return Ending.REFUSED, {"job": job, "problems": []}
    groups = place.ingest.get(f"/v1/snapshots/{job['id']}/problems", group=True)["groups"]
    problems = place.ingest.get(
        f"/v1/snapshots/{job['id']}/problems", limit=min(max(given.problems, 1), _PROBLEMS_PAGE)
    )["problems"]
    _show(place, piece.path.name, job, groups, problems)
    used = sum(job["counts"].get(name, 0) for name in ("new", "changed", "same"))
    ending = Ending.DONE if not groups else Ending.INCOMPLETE if used else Ending.REFUSED
    summary: dict[str, Any] = {"job": job, "causes": groups, "problems": problems}
    if groups:
        summary["marked"] = _marked(place, piece, job["id"])
    if job["state"] == "waiting":
        of_gone, summary["decided"] = decide(place, job, given)
        ending = Ending.gravest(ending, of_gone)
    return ending, summary


def kept_of(place: Workplace, job: dict[str, Any]) -> dict[str, Any]:
    """Return what the desk remembers of a file that was handed over."""
    counts = job["counts"]
    lanes = place.ingest.get("/v1/status")["lanes"]
    taken = counts.get("new", 0) + counts.get("changed", 0)
    return {
        "accepted": taken,
        "repeated": counts.get("same", 0),
        "refused": counts.get("unusable", 0),
        # All that the file said has a number up to these.
        "last": {lane: lanes[lane]["stamped"] or None if taken else None for lane in LANES},
        "epochs": {lane: lanes[lane]["epoch"] for lane in LANES},
    }


def texts_of(code: str) -> dict[str, str]:
    """Return the texts of a code in the catalogue, as they stand in an answer."""
    entry = CATALOGUE.get(code)
    return {} if entry is None else {"judul": entry.judul, "title": entry.title}


def _handed_over(place: Workplace, piece: Piece, given: argparse.Namespace, bar: Bar) -> dict[str, Any]:
    """Return the job of ``piece``: a new one, or the one under which an answer that was lost on its way stands.

    A file that arrives twice says nothing twice, but its disappearances would have to be decided twice.
    """
    before = place.memory.under_way(piece)
    is_again = "known" in before
    if not is_again:
        before = {"known": [job["id"] for job in _jobs(place)]}
        place.memory.note(piece, before)

    def sent(left: int) -> None:
        bar.show(left / piece.seen.size_bytes, place.speech("bar-sending"))

    def attempt() -> dict[str, Any]:
        nonlocal is_again
        if is_again:
            for job in place.ingest.once("GET", "/v1/snapshots", params={"limit": _KNOWN_JOBS}).json()["snapshots"]:
                is_ours = job["nama"] == piece.path.name and job["bytes"] == piece.seen.size_bytes
                if is_ours and job["id"] not in before["known"]:
                    return dict(job)
        is_again = True
        named = {"nama": piece.path.name, "jenis": given.kind, "kontes": given.kontes, "cakupan": given.covers}
        return dict(place.ingest.once("POST", "/v1/snapshots", piece.path, params=named, sent=sent).json())

    return place.ingest.patiently(attempt)


def _marked(place: Workplace, piece: Piece, identity: str) -> str | None:
    """Leave the marked copy beside the file, and return where; there is none of a very large file."""
    content = place.ingest.get_file(f"/v1/snapshots/{identity}/marked")
    if content is None:
        return None
    try:
        copy = write_beside(piece.path, marked_name(piece.path.name), content)
    except OSError as error:
        place.screen.remark("marked-unwritable", path=piece.path.parent, why=error.strerror or type(error).__name__)
        return None
    place.screen.say(place.speech("marked", path=copy))
    return str(copy)


def _jobs(place: Workplace) -> list[dict[str, Any]]:
    jobs: list[dict[str, Any]] = place.ingest.get("/v1/snapshots", limit=_KNOWN_JOBS)["snapshots"]
    return jobs


def _followed(place: Workplace, identity: str, bar: Bar) -> dict[str, Any]:
    """Return the job when its file has been read to the end. Not following it any longer would not stop it."""
    while True:
        job: dict[str, Any] = place.ingest.get(f"/v1/snapshots/{identity}")
        if job["state"] not in _UNFINISHED:
            return job
        rows = job["counts"].get("rows", 0)
        bar.show(
            job["progress"],
            place.speech("bar-rows", rows=rows, speed=job["rows_per_second"] or 0),
            eta_seconds=job["eta_seconds"],
        )
        time.sleep(_LOOK_SECONDS)


def _show(
    place: Workplace,
    name: str,
    job: dict[str, Any],
    groups: list[dict[str, Any]],
    problems: list[dict[str, Any]],
) -> None:
    speech, screen = place.speech, place.screen
    counts = {
        key: job["counts"].get(key, 0)
        for key in ("rows", "new", "changed", "same", "unusable", "problems", "disappeared")
    }
    screen.say(speech("snapshot-result", path=name, **counts), "amber" if groups else "green")
    if job["satu_tps"]:
        screen.say(speech("snapshot-one-tps", path=name, desa=", ".join(job["satu_tps"])), "amber")
    if not groups:
        return
    screen.table(
        speech("snapshot-causes"),
        [speech(key) for key in ("col-code", "col-changes", "col-first", "col-what", "col-suggestion")],
        [
            (
                group["code"],
                count(group["count"], speech.language),
                group["place"],
                speech.of(group, "pesan", "message") or speech.of(group, "judul", "title"),
                group["suggestion"] or "",
            )
            for group in groups
        ],
        figures=frozenset({1}),
    )
    screen.table(
        speech("push-places", shown=len(problems), total=counts["problems"]),
        [speech(key) for key in ("col-cell", "col-code", "col-seen", "col-expected", "col-suggestion", "col-row")],
        [
            (
                problem["place"],
                problem["code"],
                problem["seen"],
                problem["expected"],
                problem["suggestion"] or "",
                speech("row-left-out" if problem["grave"] else "row-taken"),
            )
            for problem in problems
        ],
    )
    if counts["rows"]:
        taken = 1 - counts["unusable"] / counts["rows"]
        screen.say(speech("snapshot-share", taken=share(taken, speech.language)))
