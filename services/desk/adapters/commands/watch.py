"""satupeta watch: pushes what appears in a folder and has stopped growing, each file once."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from services.desk.adapters.commands.push import push_file
from services.desk.adapters.link import RefusedError, UnreachableError
from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending
from services.desk.core.settled import Seen, settled
from services.desk.core.way import is_taken_from_folder


def run(place: Workplace, given: argparse.Namespace) -> Ending:
    """Watch until asked to stop; with ``--once`` until everything in the folder has been pushed."""
    folder: Path = given.folder
    if not folder.is_dir():
        place.screen.remark("folder-missing", path=folder)
        return Ending.USAGE
    place.screen.remark("watch-begins", path=folder, seconds=given.every)
    ending = Ending.DONE
    before = _look(folder)
    tried: set[tuple[str, Seen]] = set()
    while True:
        time.sleep(given.every)
        now = _look(folder)
        ready = settled(before, now, place.memory.done_in(folder) | tried)
        before = now
        for name in ready:
            seen = now[name]
            of_file, answer = _push(place, folder / name, given)
            ending = Ending.gravest(ending, of_file)
            place.screen.answer({"file": str(folder / name), "exit": int(of_file), **answer})
            if of_file is not Ending.UNREACHABLE or given.once:
                # As it is it will not come out otherwise; changed, it is another file.
                tried.add((name, seen))
        growing = any(now[name] != seen for name, seen in _look(folder).items() if name in now)
        if given.once and not growing and not settled(now, now, place.memory.done_in(folder) | tried):
            return ending


def _push(place: Workplace, path: Path, given: argparse.Namespace) -> tuple[Ending, dict[str, Any]]:
    """Push one file; that it cannot be pushed does not end the watch."""
    try:
        return push_file(place, path, given)
    except UnreachableError:
        place.screen.remark("ingest-away", url=place.ingest.url)
        return Ending.UNREACHABLE, {"error": "unreachable"}
    except RefusedError as error:
        if error.code in {"KEY-MISSING", "KEY-UNKNOWN"}:
            raise
        place.screen.remark("file-refused", path=path.name, why=place.speech.of(error.problem, "judul", "title"))
        return Ending.REFUSED, {"error": error.code, "problem": dict(error.problem)}


def _look(folder: Path) -> dict[str, Seen]:
    found: dict[str, Seen] = {}
    for path in folder.iterdir():
        if not is_taken_from_folder(path.name):
            continue
        try:
            told = path.stat()
        except FileNotFoundError:
            # Renamed between the two looks, as whoever writes it does at the end.
            continue
        if path.is_file():
            found[path.name] = Seen(told.st_size, told.st_mtime_ns)
    return found
