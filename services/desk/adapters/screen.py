"""The terminal: answers go to standard output, progress and remarks to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from services.desk.core.figures import duration
from services.desk.core.speech import Speech

_COLOURS: Final = {"green": "green", "amber": "yellow", "red": "red", "grey": "bright_black"}
_WIDTH_PIPED: Final = 160
"""Columns when nobody's terminal tells: a table that is sent on by mail keeps its lines."""


class Bar:
    """One progress bar; without a terminal it is silent."""

    def __init__(self, progress: Progress, task: TaskID, speech: Speech) -> None:
        """Move ``task`` of ``progress``."""
        self._progress = progress
        self._task = task
        self._speech = speech

    def show(self, share: float | None, remark: str = "", eta_seconds: float | None = None) -> None:
        """Show how much is done, a remark, and how long the rest will take."""
        said = remark
        if eta_seconds is not None:
            said += self._speech("bar-left", left=duration(eta_seconds, self._speech.language))
        self._progress.update(self._task, completed=min(share or 0.0, 1.0), remark=said)


class Screen:
    """What a command shows; with ``--json`` one object for machines instead."""

    def __init__(self, speech: Speech, *, machine: bool) -> None:
        """Speak as ``speech`` does."""
        self.speech = speech
        self.machine = machine
        width = None if sys.stdout.isatty() else _WIDTH_PIPED
        self._out = Console(file=sys.stdout, highlight=False, emoji=False, markup=False, width=width)
        self._aside = Console(file=sys.stderr, highlight=False, emoji=False, markup=False)

    def answer(self, found: Any) -> None:
        """Give machines what a command found; people have read it already."""
        if self.machine:
            sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
            sys.stdout.flush()

    def say(self, text: str, colour: str | None = None) -> None:
        """Say a line to people."""
        if not self.machine:
            self._out.print(Text(text, style=_COLOURS.get(colour or "", "")), soft_wrap=True)

    def remark(self, key: str, **values: object) -> None:
        """Say on the side what is no answer: it never mixes with what is piped on."""
        self._aside.print(Text(self.speech(key, **values)), soft_wrap=True)

    def table(
        self,
        title: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        figures: frozenset[int] = frozenset(),
    ) -> None:
        """Show a table; the columns in ``figures`` stand to the right."""
        if self.machine:
            return
        table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
        for number, column in enumerate(columns):
            if number in figures:
                table.add_column(column, justify="right", no_wrap=True)
            else:
                table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self._out.print(table)

    @contextmanager
    def progress(self, title: str) -> Iterator[Bar]:
        """Lend a bar on standard error, which is drawn only where somebody looks at it."""
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %", markup=False),
            TextColumn("{task.fields[remark]}", markup=False),
        )
        silent = self.machine or not sys.stderr.isatty()
        with Progress(*columns, console=self._aside, transient=True, disable=silent) as progress:
            yield Bar(progress, progress.add_task(title, total=1.0, remark=""), self.speech)

    def ask(self, key: str, **values: object) -> str | None:
        """Return what a person answers, or ``None`` when nobody sits there."""
        if self.machine or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return None
        self._aside.print(Text(self.speech(key, **values)), end=" ")
        return sys.stdin.readline().strip()
