"""How much time of the processor some processes take, with all that they have started."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Final

_TICKS_PER_SECOND: Final = os.sysconf("SC_CLK_TCK")
# Fields of /proc/<pid>/stat behind the name of the program: the parent, and from its 12th on the process's own time as
# a user and in the kernel, and that of the children it has waited for.
_PARENT: Final = 1
_TIMES: Final = slice(11, 15)


def seconds(roots: Collection[int]) -> float:
    """Return what the processes ``roots`` and everything below them have taken so far, in seconds of one core."""
    fields = {pid: found for pid in _pids() if (found := _fields(pid))}
    taken = sum(
        sum(map(int, found[_TIMES])) for pid, found in fields.items() if not _line(pid, fields).isdisjoint(roots)
    )
    return taken / _TICKS_PER_SECOND


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _fields(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _line(pid: int, fields: dict[int, list[str]]) -> set[int]:
    """Return a process and all above it."""
    line: set[int] = set()
    while pid in fields and pid not in line:
        line.add(pid)
        pid = int(fields[pid][_PARENT])
    return line
