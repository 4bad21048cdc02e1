"""The change: one statement of one office about one record, as a CloudEvents 1.0 event.

On the wire a change is one line of JSON in *canonical form*: attributes in the order of
:class:`Change`, ``data`` last and with sorted keys, no spaces. ``digest`` is computed from the
bytes of ``data``, so whoever holds a line can prove that nothing in it was altered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, create_model

from contracts.identifiers import Digest, Lane

EPOCH_MAX: Final = 2**31 - 1
REVISION_MAX: Final = 2**32 - 1
SEQUENCE_MAX: Final = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly."""

# Printable, without a quote or backslash, so that an id can stand in a line, a log and a URL as it is.
ChangeId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~:/-]{1,128}$")]
Source = Annotated[str, StringConstraints(pattern=r"^/kpu/\d{2}(\d{2})?$")]
SubjectText = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_/-]{1,120}$")]
TraceParent = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")]


class ClosedModel(BaseModel):
    """A shape that admits nothing it does not name, and that nobody alters once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


DataT_co = TypeVar("DataT_co", bound=ClosedModel, covariant=True)


class Change(ClosedModel, Generic[DataT_co]):
    """One change, stamped by ingest: what was said, by whom, about what, and in which order.

    ``epoch`` and ``revision`` order the statements about one subject; ``sequence`` numbers all
    changes of one office and lane within an epoch, without gaps, so that the province can prove
    that it has every one of them (invariants I1 and I2). No decision reads ``time`` or ``recordedtime``.
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
class EventType:
    """One kind of statement that an office can make."""

    name: str
    lane: Lane
    data: type[ClosedModel]
    change: type[Change[Any]]

    @property
    def noun(self) -> str:
        """The kind of record it is about, as in ``c_hasil``."""
        return self.name.partition(".")[0]

    @property
    def is_retraction(self) -> bool:
        """Whether it takes the record back instead of stating it."""
        return self.name.split(".")[1] == "retracted"


class EventTypes:
    """The event types that exist, by name."""

    def __init__(self) -> None:
        """Start with none."""
        self._by_name: dict[str, EventType] = {}

    def add(self, name: str, lane: Lane, data: type[ClosedModel]) -> None:
        """Register ``name``; each name has one shape for ever."""
        assert name not in self._by_name, f"{name} has a shape already"
        change: type[Change[Any]] = create_model(
            f"{data.__name__}Change",
            __base__=Change[data],  # type: ignore[valid-type]  # the parameter is known at run time only
            type=(Literal[name], ...),
        )
        self._by_name[name] = EventType(name, lane, data, change)

    def get(self, name: str) -> EventType | None:
        """Return the event type called ``name``, if there is one."""
        return self._by_name.get(name)

    def __iter__(self) -> Iterator[EventType]:
        """Yield every event type in order of registration."""
        return iter(self._by_name.values())


EVENT_TYPES: Final = EventTypes()


def event(name: str, lane: Lane) -> Callable[[type[DataT_co]], type[DataT_co]]:
    """Register the decorated model as the data of event type ``name``."""

    def register(data: type[DataT_co]) -> type[DataT_co]:
        EVENT_TYPES.add(name, lane, data)
        return data

    return register
