"""One C.Hasil: whether it counts, and what therefore stands behind its figures."""

from __future__ import annotations

from typing import Literal

from services.gateway.core.figure import Coverage
from services.gateway.core.row import Row

RecordState = Literal["accepted", "held", "retracted"]


def coverage_of(row: Row, *, registered: bool) -> Coverage:
    """Return the coverage of the figures on the form in ``row``; there is none while its ``state`` is null.

    It is the share of this form in ``rekap_hasil``, so that the children of a desa add up to it (invariant I10).
    """
    counts = row["state"] == "accepted" and not row["conflicted"]
    return Coverage(
        reported=int(counts and row["terbaca"]),
        expected=int(registered),
        held=int(row["state"] == "held" and not row["conflicted"]),
        conflict=int(row["conflicted"]),
        as_of=row["as_of"],
    )
