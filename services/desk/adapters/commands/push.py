"""satupeta push: hands files to the office's ingest, and says what it took."""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from contracts.identifiers import LANES
from services.desk.adapters.link import RefusedError
from services.desk.adapters.memory import Piece
from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending
from services.desk.core.figures import count
from services.desk.core.grouping import by_code
from services.desk.core.portion import Portion, portions
from services.desk.core.way import MEDIA_TYPE_OF, Way, way_of

_HEAD_BYTES: Final = 64 * 1024
_WHOLE_BYTES_MAX: Final = 32 * 1024 * 1024
"""What ingest takes in one request; only one change on each line can be cut into several."""


def run(place: Workplace, given: argparse.Namespace) -> Ending:
    """Push every file that is named, in the order in which they are named."""
    ending = Ending.DONE
    answers = []
    for path in given.files:
        of_file, answer = push_file(place, path, given)
        answers.append({"file": str(path), "exit": int(of_file), **answer})
        ending = Ending.gravest(ending, of_file)
    place.screen.answer(answers)
    return ending


def push_file(place: Workplace, path: Path, given: argparse.Namespace) -> tuple[Ending, dict[str, Any]]:
    """Push one file; nothing of it is lost or doubled if it is pushed again, whole or from where it was cut short."""
    try:
        piece = Piece.at(path)
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        if piece.seen.size_bytes <= _WHOLE_BYTES_MAX and head.lstrip().startswith((b"{", b"\xef\xbb\xbf{")):
            head = path.read_bytes()
    except OSError as error:
        place.screen.remark("file-unreadable", path=path, why=error.strerror or type(error).__name__)
        return Ending.USAGE, {"error": "file-unreadable"}
    way = way_of(path.name, head, whole=len(head) == piece.seen.size_bytes)
    if way is None or way is Way.SNAPSHOT:
        place.screen.remark("file-unknown", path=path)
        return Ending.USAGE, {"error": "file-unknown"}
    try:
        match way:
            case Way.LINES:
                ending, summary = _push_lines(place, piece, given)
            case Way.BATCH | Way.SINGLE | Way.SIREKAP:
                ending, summary = _push_whole(place, piece, way, given)
    except RefusedError as error:
        if not error.errors:
            raise
        # The whole file was one change, or none of its changes could be taken.
        summary = {"accepted": 0, "repeated": 0, "errors": error.errors}
        _show(place, path, summary, given.problems)
        ending = Ending.REFUSED
    summary = {"way": way.value, **summary}
    if ending in {Ending.DONE, Ending.INCOMPLETE, Ending.REFUSED}:
        errors = summary.get("errors", [])
        kept = {name: value for name, value in summary.items() if name != "errors"} | {"refused": _refused(errors)}
        kept["epochs"] = _epochs(place)
        place.memory.finish(piece, datetime.now(UTC).isoformat(timespec="seconds"), kept)
    return ending, summary


def _push_lines(place: Workplace, piece: Piece, given: argparse.Namespace) -> tuple[Ending, dict[str, Any]]:
    before = place.memory.under_way(piece)
    begin_bytes, begin_line = before.get("end_bytes", 0), before.get("end_line", 0)
    summary: dict[str, Any] = before.get("summary") or {
        "accepted": 0,
        "repeated": 0,
        "first": dict.fromkeys(LANES),
        "last": dict.fromkeys(LANES),
        "errors": [],
    }
    if begin_line:
        place.screen.remark("push-goes-on", path=piece.path.name, line=begin_line + 1)
    with place.screen.progress(piece.path.name) as bar:
        for portion in portions(_lines(piece.path, begin_bytes), begin_bytes=begin_bytes, begin_line=begin_line):
            _add(summary, _send(place, portion), portion)
            # After the answer and not before it: what is noted here is on ingest's disk.
            place.memory.note(piece, {"end_bytes": portion.end_bytes, "end_line": portion.end_line, "summary": summary})
            taken = summary["accepted"] + summary["repeated"]
            bar.show(portion.end_bytes / piece.seen.size_bytes, place.speech("bar-changes", changes=taken))
    _show(place, piece.path, summary, given.problems)
    return _ending(summary), summary


def _send(place: Workplace, portion: Portion) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = place.ingest.post(
            "/v1/changes",
            gzip.compress(portion.body, compresslevel=6, mtime=0),
            headers={
                "Content-Type": MEDIA_TYPE_OF[Way.LINES],
                "Content-Encoding": "gzip",
                "Prefer": "return=minimal",
            },
        )
    except RefusedError as error:
        if not error.errors:
            raise
        return {"accepted": 0, "repeated": 0, "first": {}, "last": {}, "errors": error.errors}
    return answer


def _add(summary: dict[str, Any], answer: dict[str, Any], portion: Portion) -> None:
    summary["accepted"] += answer["accepted"]
    summary["repeated"] += answer["repeated"]
    for lane in LANES:
        summary["first"][lane] = summary["first"][lane] or answer["first"].get(lane)
        summary["last"][lane] = answer["last"].get(lane) or summary["last"][lane]
    summary["errors"] += [{**error, "line": portion.lines[error["index"]]} for error in answer["errors"]]


def _push_whole(place: Workplace, piece: Piece, way: Way, given: argparse.Namespace) -> tuple[Ending, dict[str, Any]]:
    body = piece.path.read_bytes()
    minimal = {"Prefer": "return=minimal"}
    if way is Way.SIREKAP:
        answer = place.ingest.post("/v1/sirekap", body, headers=minimal, nama=piece.path.name, kontes=given.kontes)
    else:
        answer = place.ingest.post("/v1/changes", body, headers={**minimal, "Content-Type": MEDIA_TYPE_OF[way]})
    summary = {name: answer[name] for name in ("accepted", "repeated", "first", "last", "errors")}
    _show(place, piece.path, summary, given.problems)
    return _ending(summary), summary


def _lines(path: Path, begin_bytes: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(begin_bytes)
        yield from file


def _refused(errors: list[dict[str, Any]]) -> int:
    """Return how many changes have errors: one change may have several."""
    return len({error.get("line", error["index"]) for error in errors})


def _ending(summary: dict[str, Any]) -> Ending:
    if not summary["errors"]:
        return Ending.DONE
    return Ending.INCOMPLETE if summary["accepted"] or summary["repeated"] else Ending.REFUSED


def _epochs(place: Workplace) -> dict[str, int]:
    lanes = place.ingest.get("/v1/status")["lanes"]
    return {lane: told["epoch"] for lane, told in lanes.items()}


def _show(place: Workplace, path: Path, summary: dict[str, Any], problems_max: int) -> None:
    speech, screen = place.speech, place.screen
    errors = summary["errors"]
    screen.say(
        speech(
            "push-result",
            path=path.name,
            accepted=summary["accepted"],
            repeated=summary["repeated"],
            refused=_refused(errors),
        ),
        "amber" if errors else "green",
    )
    if not errors:
        return
    screen.table(
        speech("push-causes"),
        (speech("col-code"), speech("col-changes"), speech("col-what"), speech("col-action")),
        [
            (
                cause.code,
                count(cause.changes, speech.language),
                speech.of(cause.example or {}, "judul", "title"),
                speech.of(cause.example or {}, "saran", "fix"),
            )
            for cause in by_code(errors)
        ],
        figures=frozenset({1}),
    )
    screen.table(
        speech("push-places", shown=min(len(errors), problems_max), total=len(errors)),
        (speech("col-line"), speech("col-code"), speech("col-field"), speech("col-seen"), speech("col-expected")),
        [
            (
                count(error.get("line", error["index"] + 1), speech.language),
                error["code"],
                error["pointer"],
                error["seen"],
                error["expected"],
            )
            for error in errors[:problems_max]
        ],
        figures=frozenset({0}),
    )
