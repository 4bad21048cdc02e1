"""Watches a folder: a file that has stopped growing is taken, and moved beside its answer when it has been read.

The name of a job follows from name, size and time of the file, so after a kill at any point the same file is the same
job: it is not taken twice, and it leaves the folder only when its answer lies beside where it goes.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import os
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from services.ingest.adapters.clerk import milliseconds
from services.ingest.adapters.snapshots.book import Job, a_new_job
from services.ingest.adapters.snapshots.worker import Worker
from services.runtime import clock
from services.runtime.patience import until_done

DONE: Final = "selesai"
REFUSED: Final = "ditolak"

_LOOK_SECONDS: Final = 2.0
"""How often one looks; a file that is the same twice has stopped growing."""
_ID_DIGITS: Final = 32
_PAGE: Final = 1_000
_PRIVATE: Final = 0o600
_COLUMNS: Final = ("place", "code", "seen", "expected", "suggestion", "pesan", "judul", "saran", "message")


class _Look(NamedTuple):
    """A file as it was seen."""

    name: str
    size: int
    modified_ns: int

    @property
    def identity(self) -> str:
        """Name of the job that this file is, and no other."""
        return hashlib.sha256(repr(tuple(self)).encode()).hexdigest()[:_ID_DIGITS]


class Watched:
    """The folder of one office."""

    def __init__(self, folder: Path, worker: Worker) -> None:
        """Watch ``folder`` for ``worker``."""
        self._folder = folder
        self._worker = worker
        self._before: set[_Look] = set()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await until_done("look into a watched folder", self.look)
            await asyncio.sleep(_LOOK_SECONDS)

    async def look(self) -> None:
        """Take what has stopped growing, oldest first, and move away what has been read."""
        found = await asyncio.to_thread(self._files)
        for look in found:
            job = self._worker.book.job(look.identity)
            if job is None:
                if look in self._before:
                    await self._take(look)
            elif job.ended_ms is not None:
                await asyncio.to_thread(self._put_away, look, job, self._problems(job))
        self._before = set(found)

    def _files(self) -> list[_Look]:
        self._folder.mkdir(parents=True, exist_ok=True)
        found = []
        for path in self._folder.iterdir():
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                seen = path.stat()
                found.append(_Look(path.name, seen.st_size, seen.st_mtime_ns))
        return sorted(found, key=lambda look: (look.modified_ns, look.name))

    async def _take(self, look: _Look) -> None:
        identity = look.identity
        size = await asyncio.to_thread(partial(self._worker.shelf.put_copy, identity, self._folder / look.name))
        if size != look.size:
            # It has grown after all: another look will find another file.
            self._worker.shelf.remove(identity)
            return
        now_ms = milliseconds(clock.now())
        await self._worker.add(a_new_job(identity, look.name, None, None, size=size, now_ms=now_ms))

    def _problems(self, job: Job) -> list[dict[str, object]]:
        listed: list[dict[str, object]] = []
        after = -1
        while found := self._worker.book.problems(job.number, after=after, limit=_PAGE):
            listed += [problem for _, problem in found]
            after = found[-1][0]
        return listed

    def _put_away(self, look: _Look, job: Job, problems: list[dict[str, object]]) -> None:
        """Write the answer, then move the file: killed between the two, both are done again with the same end."""
        folder = self._folder / (REFUSED if job.state == "refused" else DONE)
        folder.mkdir(exist_ok=True)
        name = f"{job.id[:8]}-{look.name}"
        answer = {"nama": job.name, "id": job.id, "state": job.state, "reason": job.reason, "counts": job.counts}
        _write(folder / f"{name}.jawaban.json", orjson.dumps(answer, option=orjson.OPT_INDENT_2))
        if problems:
            text = io.StringIO()
            table = csv.DictWriter(text, _COLUMNS, extrasaction="ignore", restval="")
            table.writeheader()
            table.writerows({name: _harmless(value) for name, value in problem.items()} for problem in problems)
            _write(folder / f"{name}.masalah.csv", text.getvalue().encode("utf-8-sig"))
        if (copy := self._worker.shelf.copy_of(job.id)).exists():
            _write(folder / f"{name}.ditandai.xlsx", copy.read_bytes())
        (self._folder / look.name).rename(folder / name)


def _harmless(value: object) -> object:
    """Return ``value`` so that no spreadsheet runs it as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _PRIVATE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
