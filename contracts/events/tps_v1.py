"""TPS, version 1: one polling station in the register of a pemilihan."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from contracts.envelope import ClosedModel, event
from contracts.identifiers import TPS_LOKASI_KHUSUS_MIN, KodeTps


@event("tps.recorded.v1", lane="hasil")
class TpsV1(ClosedModel):
    """A TPS that the office has set up; results are accepted only from a registered TPS."""

    pemilihan: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
    tps: KodeTps
    dpt_l: Annotated[int, Field(ge=0)] | None = None
    dpt_p: Annotated[int, Field(ge=0)] | None = None
    alamat: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    """Where it stands; a public place, so not personal data."""
    berlaku_mulai: Annotated[date, Field(strict=False)] | None = None
    berlaku_sampai: Annotated[date, Field(strict=False)] | None = None

    @property
    def lokasi_khusus(self) -> bool:
        """Whether it serves a closed place such as a prison (number 901 and above)."""
        return int(self.tps[10:]) >= TPS_LOKASI_KHUSUS_MIN
