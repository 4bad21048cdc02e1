"""The catalogue of rules: everything that is asked of a change or between records, in words, as published.

``rules.json`` is generated from the rules themselves and from :mod:`contracts.rules_elsewhere`, so that whoever shows
or explains a finding needs none of the code that made it.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import Field

from contracts.envelope import ClosedModel
from contracts.verdict import Tier


class RuleEntry(ClosedModel):
    """One rule."""

    code: Annotated[str, Field(description="Stable name, as in RES-SUM-PASLON.")]
    where: Annotated[
        Literal["line", "structure", "sync", "office"],
        Field(
            description="Who asks: the validator, of one line with what it remembers, or of its bytes; the store, "
            "between records; or the office at its desk."
        ),
    ]
    tier: Annotated[Tier, Field(description="What a breach does, where the province has not said otherwise.")]
    tiers_allowed: Annotated[list[Tier], Field(description="What the province may make of it.")]
    asked_of: Annotated[list[str], Field(description="Event types it is asked of; empty: of all.")]
    only_after: Annotated[list[str], Field(description="Asked only when one of these has found something.")]
    basis: Annotated[Literal["law", "form", "source", "logic"], Field(description="Where the demand comes from …")]
    source: Annotated[str, Field(description="… by article, row of the form, document or decision.")]
    judul: Annotated[str, Field(description="What it demands, in Bahasa Indonesia …")]
    title: Annotated[str, Field(description="… and in English.")]
    pesan: Annotated[str, Field(description="Text of a finding, in Bahasa Indonesia, with its places in braces …")]
    message: Annotated[str, Field(description="… and in English.")]


class RuleCatalogue(ClosedModel):
    """Every rule there is."""

    rules: Annotated[list[RuleEntry], Field(description="In order of code.")]


@cache
def rule_catalogue() -> RuleCatalogue:
    """Return the catalogue as it is published."""
    return RuleCatalogue.model_validate_json(resources.files(__package__).joinpath("rules.json").read_bytes())
