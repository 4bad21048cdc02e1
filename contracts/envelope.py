"""The change: one statement of one office about one record, as a CloudEvents 1.0 event.

On the wire a change is one line of JSON in *canonical form*: attributes in the order of
:class:`Change`, ``data`` last and with sorted keys, no spaces. ``digest`` is computed from the
bytes of ``data``, so whoever holds a line can prove that nothing in it was altered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, create_model

from contracts.identifiers import Digest, Lane

EPOCH_MAX: Final = 2**31 - 1
REVISION_MAX: Final = 2**32 - 1
SEQUENCE_MAX: Final = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly."""

# Printable, without a quote or backslash, so that an id can stand in a line, a log and a URL as it is.
ChangeId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~:/-]{1,128}$")]
Source = Annotated[str, StringConstraints(pattern=r"^/kpu/[0-9]{2}([0-9]{2})?$")]
SubjectText = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_/-]{1,120}$")]
TraceParent = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")]


class ClosedModel(BaseModel):
    """A shape that admits nothing it does not name, and that nobody alters once it is read."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,  # what stands below a field is its description in the published schema
    )


DataT_co = TypeVar("DataT_co", bound=ClosedModel, covariant=True)
ModelT = TypeVar("ModelT", bound=ClosedModel)


class Change(ClosedModel, Generic[DataT_co]):
    """One change, stamped by ingest: what was said, by whom, about what, and in which order.

    ``epoch`` and ``revision`` order the statements about one subject; ``sequence`` numbers all
    changes of one office and lane within an epoch, without gaps, so that the province can prove
    that it has every one of them (invariants I1 and I2). Which statement stands is never decided by ``time`` or
    ``recordedtime``; whether it came while its period was open is asked of ``recordedtime`` (VTR-PERIOD-OPEN).
    """

    specversion: Literal["1.0"]
    id: ChangeId
    source: Source
    type: str
    subject: SubjectText
    time: AwareDatetime
    recordedtime: AwareDatetime
    datacontenttype: Literal["application/json"]
    epoch: Annotated[int, Field(ge=1, le=EPOCH_MAX)]
    revision: Annotated[int, Field(ge=1, le=REVISION_MAX)]
    sequence: Annotated[int, Field(ge=1, le=SEQUENCE_MAX)]
    base: Digest | None = None
    """Digest of the revision this one was made from; absent for the first."""
    digest: Digest
    traceparent: TraceParent | None = None
    data: DataT_co


@dataclass(frozen=True, slots=True)
class StandarData:
    """What Satu Data Indonesia wants to know of a set of data (Perpres 39/2019; DOMAIN.md 6.2).

    It is published with the schema, for whoever reads the data without knowing this project.
    """

    judul: str
    definisi: str
    """In Bahasa Indonesia, complete in itself."""
    satuan: Mapping[str, str]
    """Unit of every figure, by the beginning of its field's name (``ss_``: lembar)."""
    berlaku_mulai: date
    """The day from which the standard is used."""
    berlaku_sampai: date | None = None
    pemilik: str = "KPU Provinsi Jawa Barat"
    """Who answers for the meaning of the fields."""


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of statement that an office can make."""

    name: str
    lane: Lane
    data: type[ClosedModel]
    change: type[Change[Any]]
    standar: StandarData

    @property
    def noun(self) -> str:
        """The kind of record it is about, as in ``c_hasil``."""
        return self.name.partition(".")[0]

    @property
    def is_retraction(self) -> bool:
        """Whether it takes the record back instead of stating it."""
        return self.name.split(".")[1] == "retracted"

    @property
    def version(self) -> int:
        """Version of its shape."""
        return int(self.name.rpartition(".v")[2])


class EventTypes:
    """The event types that exist, by name."""

    def __init__(self) -> None:
        """Start with none."""
        self._by_name: dict[str, EventType] = {}

    def add(self, name: str, lane: Lane, data: type[ClosedModel], standar: StandarData) -> None:
        """Register ``name``; each name has one shape for ever."""
        assert name not in self._by_name, f"{name} has a shape already"
        change = for_type(Change, name, data, f"{data.__name__}Change")
        self._by_name[name] = EventType(name, lane, data, change, standar)

    def get(self, name: str) -> EventType | None:
        """Return the event type called ``name``, if there is one."""
        return self._by_name.get(name)

    def __iter__(self) -> Iterator[EventType]:
        """Yield every event type in order of registration."""
        return iter(self._by_name.values())


def for_type(generic: type[ModelT], name: str, data: type[ClosedModel], title: str) -> type[ModelT]:
    """Return ``generic`` with ``data`` as its data, for the event type ``name`` alone."""
    # Parameter and literal are known at run time only, so the type checker is told what comes out.
    parametrised: Any = generic
    literal: Any = Literal
    make: Any = create_model
    model: type[ModelT] = make(title, __base__=parametrised[data], type=(literal[name], ...))
    return model


EVENT_TYPES: Final = EventTypes()


def event(name: str, lane: Lane, standar: StandarData) -> Callable[[type[DataT_co]], type[DataT_co]]:
    """Register the decorated model as the data of event type ``name``."""

    def register(data: type[DataT_co]) -> type[DataT_co]:
        EVENT_TYPES.add(name, lane, data, standar)
        return data

    return register
