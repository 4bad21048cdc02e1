"""The submission: what an office may send, before ingest stamps it.

It is a CloudEvents 1.0 event as well, but the sender leaves out what only ingest can know (order,
digest, times of receipt), may leave out what follows from the data (``subject``), and sends a
voter in clear: ingest seals it before anything is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from pydantic import AwareDatetime, StringConstraints

import contracts.events  # noqa: F401  # registers the event types
from contracts.envelope import EVENT_TYPES, ChangeId, ClosedModel, EventType, Source, SubjectText, TraceParent, for_type
from contracts.events.pemilih_v1 import Kode
from contracts.events.retracted_v1 import RetractedV1
from contracts.identifiers import Digest, KodeDesa, NomorTps
from contracts.personal import DataPribadi

DataT_co = TypeVar("DataT_co", bound=ClosedModel, covariant=True)


class Submission(ClosedModel, Generic[DataT_co]):
    """One change as an office sends it."""

    specversion: Literal["1.0"] = "1.0"
    id: ChangeId | None = None
    """Stable name of this statement: sending it twice is one change. Derived by ingest when absent."""
    source: Source | None = None
    """May be left out; when present it must be the office that the API key belongs to."""
    type: str
    subject: SubjectText | None = None
    """May be left out except for a retraction; when present it must be what the data is about."""
    time: AwareDatetime | None = None
    datacontenttype: Literal["application/json"] = "application/json"
    base: Digest | None = None
    """Digest of the version this was made from. A correction of anything else is refused."""
    traceparent: TraceParent | None = None
    data: DataT_co


class PemilihSubmissionV1(DataPribadi):
    """A voter in clear: the 13 elements of Model A with their place and status (DOMAIN.md 1.2)."""

    jenis_kelamin: Literal["L", "P"]
    disabilitas: Kode | None = None
    desa: KodeDesa
    tps: NomorTps | None = None
    status: Literal["aktif", "tms", "ditangguhkan"] = "aktif"
    tms: Kode | None = None
    dokumen: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None


class PemilihRetractionV1(RetractedV1):
    """A voter's entry taken back, named by NIK: the office does not know tokens."""

    nik: Annotated[str, StringConstraints(min_length=1, max_length=32)]


PRIBADI_FIELDS: Final = frozenset(DataPribadi.model_fields)
"""What goes into the sealed block; all else of a submitted voter stays beside it."""


@dataclass(frozen=True, slots=True)
class SubmissionType:
    """The shape in which an event type is sent."""

    event: EventType
    model: type[Submission[Any]]


def _submission_type(kind: EventType) -> SubmissionType:
    sent: dict[str, type[ClosedModel]] = {
        "pemilih.recorded.v1": PemilihSubmissionV1,
        "pemilih.retracted.v1": PemilihRetractionV1,
    }
    data = sent.get(kind.name, kind.data)
    return SubmissionType(kind, for_type(Submission, kind.name, data, f"{data.__name__}Submission"))


SUBMISSION_TYPES: Final = {kind.name: _submission_type(kind) for kind in EVENT_TYPES}
