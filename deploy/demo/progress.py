"""What a person sees while the demo runs: one line that moves, and the books of every office at the end."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TextIO

_RATE_SECONDS: Final = 5.0
_PLAIN_SECONDS: Final = 10.0
"""Between two lines where nobody watches a terminal, such as in a log."""
_COLUMNS: Final = (
    "submitted",
    "accepted",
    "held",
    "rejected",
    "in_flight",
    "applied",
    "duplicate",
    "stale",
    "conflict",
)
_OUTCOMES: Final = ("applied", "duplicate", "stale", "conflict", "parked")


@dataclass(frozen=True, slots=True)
class Reading:
    """The state of the whole province at one moment, both lanes together."""

    seconds: float
    """Since the demo began."""
    submitted: int
    accepted: int
    held: int
    rejected: int
    merged: int
    in_flight: int
    behind_seconds: float | None
    """Of the lane that is furthest behind; ``None`` as long as nothing is proven of any."""


def reading_of(status: Mapping[str, Any], seconds: float) -> Reading:
    """Return what the gateway's ``/v1/status`` says."""
    books = list(status["neraca"].values())
    behind = [lane["seconds_behind"] for office in status["offices"] for lane in office["lanes"]]
    known = [one for one in behind if one is not None]
    total = {column: sum(book[column] for book in books) for column in (*_COLUMNS, "parked")}
    return Reading(
        seconds=seconds,
        submitted=total["submitted"],
        accepted=total["accepted"],
        held=total["held"],
        rejected=total["rejected"],
        merged=sum(total[outcome] for outcome in _OUTCOMES),
        in_flight=total["in_flight"],
        behind_seconds=max(known, default=None),
    )


class Progress:
    """The line that moves. In a terminal it is written over; elsewhere a line is added now and then."""

    def __init__(self, out: TextIO = sys.stderr) -> None:
        """Write to ``out``."""
        self._out = out
        self._moves = out.isatty()
        self._readings: deque[Reading] = deque()
        self._width = 0
        self._shown = -_PLAIN_SECONDS

    def show(self, reading: Reading, pushed: int, share: float) -> None:
        """Show ``reading``; ``pushed`` statements have left the offices, which is ``share`` of what is planned."""
        self._readings.append(reading)
        while reading.seconds - self._readings[0].seconds > _RATE_SECONDS:
            self._readings.popleft()
        if not self._moves and reading.seconds - self._shown < _PLAIN_SECONDS:
            return
        self._shown = reading.seconds
        self._write(line_of(reading, pushed=pushed, share=share, rate=self._rate()))

    def say(self, text: str) -> None:
        """Write a line that stays, above the one that moves."""
        if self._width:
            self._out.write("\r" + " " * self._width + "\r")
            self._width = 0
        self._out.write(f"{text}\n")
        self._out.flush()

    def _write(self, text: str) -> None:
        if self._moves:
            self._out.write("\r" + text.ljust(self._width))
            self._width = len(text)
        else:
            self._out.write(f"{text}\n")
        self._out.flush()

    def _rate(self) -> float:
        first, last = self._readings[0], self._readings[-1]
        passed = last.seconds - first.seconds
        return 0.0 if passed <= 0 else max(0, last.merged + last.rejected - first.merged - first.rejected) / passed


def line_of(reading: Reading, *, pushed: int, share: float, rate: float) -> str:
    """Return the line."""
    behind = "-" if reading.behind_seconds is None else f"{reading.behind_seconds:.1f} s"
    minutes, seconds = divmod(int(reading.seconds), 60)
    return (
        f"{minutes}:{seconds:02} {share:4.0%} | pushed {pushed:,} | accepted {reading.accepted:,} | "
        f"held {reading.held:,} | rejected {reading.rejected:,} | merged {reading.merged:,} | "
        f"{rate:,.0f} events/s | {behind} behind"
    )


def books_of(status: Mapping[str, Any]) -> str:
    """Return the neraca of every office and lane as a table, the whole province below it."""
    rows = [
        ("kantor", "lajur", *_COLUMNS, "seimbang"),
        *(
            (f"{office['office']} {office['nama']}", lane["lane"], *_figures(lane["neraca"]))
            for office in status["offices"]
            for lane in office["lanes"]
        ),
        *((f"{status['province']} seluruh kantor", lane, *_figures(books)) for lane, books in status["neraca"].items()),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < len(("kantor", "lajur")) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def _figures(books: Mapping[str, Any]) -> tuple[str, ...]:
    return (*(f"{books[column]:,}" for column in _COLUMNS), "ya" if books["balanced"] else "TIDAK")
