"""What a recapitulation form says: a series of its own, never added to the sums of C.Hasil."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field

from contracts.envelope import ClosedModel
from services.gateway.core.figure import Coverage, Figure
from services.gateway.core.mask import masked
from services.gateway.core.row import Row
from services.gateway.core.summarise.form import RecordState
from services.gateway.core.summarise.perolehan import PerolehanSuara, perolehan_of


class DHasil(ClosedModel):
    """One recapitulation, with the coverage that the form itself states."""

    jalur: Annotated[
        Literal["hitung", "rekap"], Field(description="hitung: the running count; rekap: the plenary, the legal one.")
    ]
    office: Annotated[str, Field(description="Whose statement it is.")]
    state: RecordState
    conflicted: bool
    perolehan_suara: Annotated[
        list[PerolehanSuara] | None, Field(description="Null where the form has no total by candidate.")
    ]
    suara_sah: Figure
    suara_tidak_sah: Figure
    suara_total: Figure
    psu: str | None
    waktu_sumber: Annotated[str | None, Field(description="Time printed by the office's own system; never compared.")]


def d_hasil_of(row: Row, calon: Sequence[Row]) -> DHasil:
    """Return the recapitulation in ``row``; ``calon`` are those on its list."""
    data: dict[str, Any] = {} if row["data"] is None else orjson.loads(row["data"])
    coverage = _coverage(row, data)
    suara = data.get("perolehan_suara")
    return DHasil(
        jalur=row["jalur"],
        office=row["office"],
        state=row["state"],
        conflicted=row["conflicted"],
        perolehan_suara=None if suara is None else perolehan_of(calon, suara, coverage.figure),
        suara_sah=coverage.figure(data.get("suara_sah")),
        suara_tidak_sah=coverage.figure(data.get("suara_tidak_sah")),
        suara_total=coverage.figure(data.get("suara_total")),
        psu=_text(data.get("psu")),
        waktu_sumber=_text(data.get("waktu_sumber")),
    )


def _coverage(row: Row, data: dict[str, Any]) -> Coverage:
    if row["conflicted"]:
        # Two contents, and nobody has chosen one: none is shown (decision 0003).
        return Coverage(reported=0, expected=1, conflict=1, as_of=row["as_of"])
    if row["state"] == "held":
        return Coverage(reported=None, expected=1, held=1, as_of=row["as_of"])
    if row["state"] == "retracted":
        return Coverage(reported=0, expected=None, as_of=row["as_of"])
    return Coverage(reported=data.get("tps_masuk"), expected=data.get("tps_total"), as_of=row["as_of"])


def _text(value: str | None) -> str | None:
    return None if value is None else masked(value)
