"""The Kafka record: up to 1,000 changes of one office and lane, one canonical line each.

The value is NDJSON. Headers say whose it is and which stretch of the office's numbering it
covers; findings ride in a header, beside lines that pass through unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Final

from pydantic import Field, TypeAdapter, ValidationError

from contracts.envelope import EPOCH_MAX, SEQUENCE_MAX, ClosedModel
from contracts.identifiers import KodeKantor, Lane
from contracts.verdict import Finding

HEADER: Final = "batch"
FINDINGS_HEADER: Final = "findings"
CONTRACT_VERSION: Final = 1


class BatchHeader(ClosedModel):
    """Whose changes a record carries and which of them.

    ``first`` and ``last`` are sequence numbers of the office's lane in ``epoch``. The stretch has
    no gaps when ingest writes it; behind the validator the rejected lines are missing from the
    value while the stretch still counts them, so that "seen up to here" needs no list.
    """

    contract: int = CONTRACT_VERSION
    office: KodeKantor
    lane: Lane
    epoch: Annotated[int, Field(ge=1, le=EPOCH_MAX)]
    first: Annotated[int, Field(ge=1, le=SEQUENCE_MAX)]
    last: Annotated[int, Field(ge=1, le=SEQUENCE_MAX)]
    count: Annotated[int, Field(ge=0, le=100_000)]
    """Lines in the value."""


class LineFindings(ClosedModel):
    """What the rules found about one line of an accepted record."""

    sequence: Annotated[int, Field(ge=1, le=SEQUENCE_MAX)]
    held: bool
    findings: list[Finding]


_FINDINGS: Final = TypeAdapter(list[LineFindings])


def headers_of(header: BatchHeader, findings: Iterable[LineFindings] = ()) -> dict[str, str]:
    """Return the record headers to publish."""
    headers = {HEADER: header.model_dump_json()}
    listed = list(findings)
    if listed:
        headers[FINDINGS_HEADER] = _FINDINGS.dump_json(listed).decode()
    return headers


def header_from(headers: Mapping[str, bytes]) -> BatchHeader | None:
    """Return what a record says about itself, or ``None`` when it does not say it. Never raises."""
    try:
        return BatchHeader.model_validate_json(headers.get(HEADER, b""))
    except ValidationError:
        return None


def findings_from(headers: Mapping[str, bytes]) -> list[LineFindings]:
    """Return the findings beside an accepted record.

    Raises:
        ValueError: the header is not what a validator writes.
    """
    raw = headers.get(FINDINGS_HEADER)
    return [] if raw is None else _FINDINGS.validate_json(raw)
