"""The objection: what the validator tells an office about a change it held or rejected.

Objections travel on the topic ``rejected`` as NDJSON records of one office and lane, under the
same headers as the batch they are about. Ingest shows them to the operator; sync keeps the
rejected ones (the held ones reach it beside the accepted batch).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from contracts.envelope import EPOCH_MAX, SEQUENCE_MAX, ClosedModel
from contracts.identifiers import KodeKantor, Lane
from contracts.verdict import Finding


class Objection(ClosedModel):
    """One change that was held or rejected, and why."""

    office: KodeKantor
    lane: Lane
    epoch: Annotated[int, Field(ge=1, le=EPOCH_MAX)]
    sequence: Annotated[int, Field(ge=0, le=SEQUENCE_MAX)]
    """Place in the office's numbering; known from the line's place in its record even if the line is unreadable.

    0 for what stands outside the numbering: a record without a readable header, or surplus lines.
    """
    id: Annotated[str, StringConstraints(max_length=128)]
    """Empty when the line could not be read; outside the numbering ``<topic>:<partition>:<offset>``."""
    type: Annotated[str, StringConstraints(max_length=80)]
    subject: Annotated[str, StringConstraints(max_length=120)]
    verdict: Literal["held", "rejected"]
    findings: list[Finding]
