"""Filters in the query of an address; a misspelt one is refused, because ignoring it would answer another question."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contracts.identifiers import KodeKantor, Lane

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{2,60}$")]


class Filters(BaseModel):
    """Which rejections."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    office: Annotated[KodeKantor | None, Field(description="Of this office only, as in 3279.")] = None
    lane: Annotated[Lane | None, Field(description="Of this lane only.")] = None
    code: Annotated[Code | None, Field(description="With this reason only, as in RES-TPS-KNOWN.")] = None
