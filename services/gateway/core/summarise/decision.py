"""What a person decided about a version, as it may be shown to everybody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from contracts.envelope import ClosedModel
from contracts.identifiers import KodeKantor
from services.gateway.core.mask import masked
from services.gateway.core.row import Row


class Decision(ClosedModel):
    """One decision that stands: neither taken back nor contradicted."""

    oleh: Annotated[KodeKantor, Field(description="Office that decided.")]
    putusan: Literal["dilepas", "dikembalikan", "selesai"]
    alasan: str
    dokumen: str | None
    jabatan: Annotated[str, Field(description="Role of the officer; never a name.")]
    time: Annotated[AwareDatetime, Field(description="When it was taken, by that office's word.")]
    merged_time: AwareDatetime


def decisions_by_version(rows: Iterable[Row]) -> dict[tuple[str, Any], list[Decision]]:
    """Return decisions by office and digest of the version that they are about."""
    found: dict[tuple[str, Any], list[Decision]] = {}
    for row in rows:
        decision = Decision(
            oleh=row["decider"],
            putusan=row["putusan"],
            alasan=masked(row["alasan"]),
            dokumen=None if row["dokumen"] is None else masked(row["dokumen"]),
            jabatan=masked(row["jabatan"]),
            time=row["time"],
            merged_time=row["merged_time"],
        )
        found.setdefault((row["office"], row["digest"]), []).append(decision)
    return found
