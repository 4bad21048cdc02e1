"""Votes by candidate, in the order of the ballot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated

from pydantic import Field

from contracts.envelope import ClosedModel
from services.gateway.core.figure import Figure
from services.gateway.core.row import Row


class PerolehanSuara(ClosedModel):
    """What one candidate has."""

    id: str
    nomor_urut: Annotated[int | None, Field(description="Null for an id that no list of candidates names.")]
    nama: str | None
    suara: Figure


def perolehan_of(
    calon: Iterable[Row], suara: Mapping[str, int | None], figure: Callable[[int | None], Figure]
) -> list[PerolehanSuara]:
    """Return everyone on the list ``calon`` with their votes, and after them whoever else has votes.

    Whoever is on the list and in no form has null, not zero.
    """
    listed = [
        PerolehanSuara(id=row["id"], nomor_urut=row["nomor_urut"], nama=row["nama"], suara=figure(suara.get(row["id"])))
        for row in calon
    ]
    known = {row.id for row in listed}
    return listed + [
        PerolehanSuara(id=calon_id, nomor_urut=None, nama=None, suara=figure(suara[calon_id]))
        for calon_id in sorted(suara.keys() - known)
    ]
