"""An office with a file of its own and a clerk, without Kafka."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from contracts.identifiers import Lane
from services.ingest.adapters.clerk import Clerk, Outcome
from services.ingest.adapters.spool import Spool, SpoolReader
from services.ingest.core.framing import Framing
from tests.builders import KEYS, OFFICE, ndjson


class Office:
    """What one office's ingest does with what is pushed, asked from outside."""

    def __init__(self, folder: Path, clerk: Clerk, reader: SpoolReader) -> None:
        """Serve from the file in ``folder``."""
        self.folder = folder
        self.clerk = clerk
        self.reader = reader

    async def push(self, *events: dict[str, Any]) -> Outcome:
        return await self.clerk.take(ndjson(events), Framing.LINES, urgent=False, wants_receipts=True)

    def lines(self, lane: Lane) -> list[dict[str, Any]]:
        """Return every line of a lane, in order."""
        pieces = self.reader.waiting(lane, 1, 0)
        return [orjson.loads(line) for piece in pieces for line in piece.lines.split(b"\n")]


@asynccontextmanager
async def an_office(folder: Path, office: str = OFFICE) -> AsyncIterator[Office]:
    """Lend an office whose file lies in ``folder``; it may be opened again there."""
    path = folder / f"{office}.sqlite3"
    clerk = Clerk(office, partial(Spool, path), KEYS, turn=threading.Lock(), on_commit=lambda: None)
    await clerk.start()
    reader = SpoolReader(path)
    try:
        yield Office(folder, clerk, reader)
    finally:
        reader.close()
        await clerk.stop()
