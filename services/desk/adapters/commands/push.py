"""satupeta push: hands files to the office's ingest, and says what it took."""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from services.desk.adapters.commands.snapshot import kept_of, push_snapshot
from services.desk.adapters.link import RefusedError
from services.desk.adapters.memory import Piece
from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending
from services.desk.core.figures import count
from services.desk.core.portion import Portion, portions
from services.desk.core.tally import Tally, causes_in, nothing_yet, with_answer
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
    if way is None:
        place.screen.remark("file-unknown", path=path)
        return Ending.USAGE, {"error": "file-unknown"}
    if way is Way.SNAPSHOT:
        ending, found = push_snapshot(place, piece, given)
        place.memory.finish(piece, _now(), kept_of(place, found["job"]))
        return ending, {"way": way.value, **found}
    tally = _push_lines(place, piece) if way is Way.LINES else _push_whole(place, piece, way, given)
    _show(place, path, tally, given.problems)
    kept = {name: tally[name] for name in ("accepted", "repeated", "refused", "first", "last")}
    place.memory.finish(piece, _now(), {**kept, "epochs": _epochs(place)})
    return _ending(tally), {"way": way.value, **tally}


def _push_lines(place: Workplace, piece: Piece) -> Tally:
    before = place.memory.under_way(piece)
    tally: Tally = before.get("tally") or nothing_yet()
    begin_bytes, begin_line = before.get("end_bytes", 0), before.get("end_line", 0)
    if begin_line:
        place.screen.remark("push-goes-on", path=piece.path.name, line=begin_line + 1)
    with place.screen.progress(piece.path.name) as bar:
        for portion in portions(_lines(piece.path, begin_bytes), begin_bytes=begin_bytes, begin_line=begin_line):
            tally = with_answer(tally, _send(place, portion), portion.lines)
            # After the answer and not before it: what is noted here is on ingest's disk.
            place.memory.note(piece, {"end_bytes": portion.end_bytes, "end_line": portion.end_line, "tally": tally})
            taken = tally["accepted"] + tally["repeated"]
            bar.show(portion.end_bytes / piece.seen.size_bytes, place.speech("bar-changes", changes=taken))
    return tally


def _send(place: Workplace, portion: Portion) -> dict[str, Any]:
    headers = {"Content-Type": MEDIA_TYPE_OF[Way.LINES], "Content-Encoding": "gzip", "Prefer": "return=minimal"}
    body = gzip.compress(portion.body, compresslevel=6, mtime=0)
    return answered(lambda: place.ingest.post("/v1/changes", body, headers=headers))


def _push_whole(place: Workplace, piece: Piece, way: Way, given: argparse.Namespace) -> Tally:
    body = piece.path.read_bytes()
    headers = {"Prefer": "return=minimal"}
    if way is Way.SIREKAP:
        why = {"alasan": given.reason, "dokumen": given.document, "jabatan": given.role}
        named = {"nama": piece.path.name, "kontes": given.kontes, **why}
        answer = answered(lambda: place.ingest.post("/v1/sirekap", body, headers=headers, **named))
    else:
        headers["Content-Type"] = MEDIA_TYPE_OF[way]
        answer = answered(lambda: place.ingest.post("/v1/changes", body, headers=headers))
    return with_answer(nothing_yet(), answer)


def answered(post: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the answer to a push. That none of its changes could be taken is an answer as well."""
    try:
        return post()
    except RefusedError as error:
        if not error.errors:
            raise
        return {"errors": error.errors}


def _lines(path: Path, begin_bytes: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(begin_bytes)
        yield from file


def _ending(tally: Tally) -> Ending:
    if not tally["refused"]:
        return Ending.DONE
    return Ending.INCOMPLETE if tally["accepted"] or tally["repeated"] else Ending.REFUSED


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _epochs(place: Workplace) -> dict[str, int]:
    lanes = place.ingest.get("/v1/status")["lanes"]
    return {lane: told["epoch"] for lane, told in lanes.items()}


def _show(place: Workplace, path: Path, tally: Tally, problems_max: int) -> None:
    speech, screen = place.speech, place.screen
    counted = {name: tally[name] for name in ("accepted", "repeated", "refused")}
    screen.say(speech("push-result", path=path.name, **counted), "amber" if tally["refused"] else "green")
    if tally["refused"]:
        show_refused(place, tally, problems_max)


def show_refused(place: Workplace, tally: Tally, problems_max: int) -> None:
    """Show why changes were refused, by cause and one by one."""
    speech, screen = place.speech, place.screen
    screen.table(
        speech("push-causes"),
        [speech(key) for key in ("col-code", "col-changes", "col-what", "col-action")],
        [
            (
                cause.code,
                count(cause.changes, speech.language),
                speech.of(cause.example or {}, "judul", "title"),
                speech.of(cause.example or {}, "saran", "fix"),
            )
            for cause in causes_in(tally)
        ],
        figures=frozenset({1}),
    )
    listed = tally["errors"][:problems_max]
    screen.table(
        speech("push-places", shown=len(listed), total=sum(tally["codes"].values())),
        [speech(key) for key in ("col-line", "col-code", "col-field", "col-seen", "col-expected")],
        [
            (
                count(error.get("line", error["index"] + 1), speech.language),
                error["code"],
                error["pointer"],
                error["seen"],
                error["expected"],
            )
            for error in listed
        ],
        figures=frozenset({0}),
    )
