"""The table of results: what was asked, what was seen, and what limits it."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure beside what was asked of it."""

    name: str
    seen: str
    asked: str
    reached: bool | None
    """``None`` where nothing was asked: a limit of the machine, or an explanation."""
    remark: str = ""


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the smallest sample that at least ``share`` of all samples do not exceed."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def median(samples: Sequence[float]) -> float:
    """Return the middle sample."""
    return statistics.median(samples)


def table(figures: Sequence[Figure]) -> str:
    """Return ``figures`` as a Markdown table."""
    words = {True: "yes", False: "**no**", None: ""}
    rows = [f"| {row.name} | {row.seen} | {row.asked} | {words[row.reached]} | {row.remark} |" for row in figures]
    return "\n".join(["| What | Seen | Asked | Reached | Remark |", "|---|---|---|---|---|", *rows])


def write(path: Path, figures: Sequence[Figure]) -> None:
    """Write ``figures`` to ``path`` with what they were measured on."""
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    kernel = ".".join(platform.release().split(".")[:2])
    path.write_text(
        "# Results of `make bench`\n\n"
        f"{os.cpu_count()} cores, {memory_gib:.0f} GiB, {platform.system()} {kernel}, "
        f"Python {platform.python_version()}. Kafka, PostgreSQL (fsync and synchronous_commit on), all services and "
        "the load generator share these cores. Absolute figures move with the machine; compare ratios of one run.\n\n"
        f"{table(figures)}\n",
        "utf-8",
    )
