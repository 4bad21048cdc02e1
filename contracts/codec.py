"""Bytes to Change and back: reading never raises, and writing is canonical.

A canonical line has the attributes of :class:`contracts.envelope.Change` in their order, ``data``
last, the keys of ``data`` sorted, and no spaces. Services pass accepted lines on byte for byte;
nobody but ingest writes one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import orjson
from pydantic import ValidationError

import contracts.events  # noqa: F401  # registers the event types
from contracts.envelope import EVENT_TYPES, Change, EventType

_TYPE: Final = b'"type":"'
_DATA: Final = b',"data":'
_DIGEST_HEX: Final = 32
_SEEN_LENGTH_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the structure of some bytes."""

    code: str
    pointer: str
    """JSON Pointer (RFC 6901) of the place; empty for the whole."""
    seen: str
    """What stood there, shortened; never a value out of a personal block."""
    expected: str


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Bytes that are no change, with every reason found."""

    faults: tuple[Fault, ...]

    def __post_init__(self) -> None:
        """Refuse a refusal without a reason."""
        assert self.faults, "what cannot be decoded must say why"


def canonical_data(data: dict[str, Any]) -> bytes:
    """Return ``data`` as the bytes that digest and line are made of."""
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS)


def digest_of(event_type: str, data: bytes) -> str:
    """Return the digest of a content: 128 bits of SHA-256 over type and canonical data, in hex."""
    return hashlib.sha256(event_type.encode() + b"\n" + data).hexdigest()[:_DIGEST_HEX]


def line_of(  # noqa: PLR0913  # an event has that many attributes
    *,
    id: str,  # noqa: A002  # the attribute's name in CloudEvents
    source: str,
    type: str,  # noqa: A002  # likewise
    subject: str,
    time: str,
    recordedtime: str,
    epoch: int,
    revision: int,
    sequence: int,
    base: str | None,
    digest: str,
    data: bytes,
    traceparent: str | None = None,
) -> bytes:
    """Return one canonical line, without a line break.

    All strings must satisfy the patterns of :class:`Change`, which admit nothing that JSON escapes.
    """
    lineage = f',"base":"{base}"' if base is not None else ""
    trace = f',"traceparent":"{traceparent}"' if traceparent is not None else ""
    head = (
        f'{{"specversion":"1.0","id":"{id}","source":"{source}","type":"{type}","subject":"{subject}"'
        f',"time":"{time}","recordedtime":"{recordedtime}","datacontenttype":"application/json"'
        f',"epoch":{epoch},"revision":{revision},"sequence":{sequence}{lineage},"digest":"{digest}"{trace}'
    )
    return head.encode() + _DATA + data + b"}"


def data_of(line: bytes) -> bytes:
    """Return the bytes of ``data`` in a canonical line, as they stand there."""
    return line[line.index(_DATA) + len(_DATA) : -1]


def type_of(line: bytes) -> EventType | None:
    """Return the event type a line names, without reading the rest of it."""
    start = line.find(_TYPE) + len(_TYPE)
    if start < len(_TYPE):
        return None
    name = line[start : line.find(b'"', start)]
    try:
        return EVENT_TYPES.get(name.decode("ascii"))
    except UnicodeDecodeError:
        return None


def decode(line: bytes) -> Change[Any] | Undecodable:
    """Return the change that ``line`` states. Never raises, whatever the bytes (invariant I15)."""
    kind = type_of(line)
    if kind is None:
        return Undecodable((Fault("TYPE-UNKNOWN", "/type", _excerpt(line), "a known event type"),))
    try:
        change = kind.change.model_validate_json(line)
    except ValidationError as error:
        return Undecodable(faults_of(error))
    if _DATA not in line or digest_of(kind.name, data_of(line)) != change.digest:
        return Undecodable((Fault("DIGEST-MISMATCH", "/digest", change.digest, "the digest of the data as sent"),))
    return change


def faults_of(error: ValidationError, *, show_input: bool = False) -> tuple[Fault, ...]:
    """Return the faults that pydantic found.

    What was seen is named by type only unless ``show_input``: a value may be personal.
    """
    return tuple(
        Fault(
            code=_code(item["type"], item["loc"]),
            pointer="".join(f"/{_escaped(part)}" for part in item["loc"]),
            seen=_seen(item["input"], show=show_input),
            expected=item["msg"],
        )
        for item in error.errors(include_url=False, include_context=False)
    )


def _code(kind: str, place: tuple[int | str, ...]) -> str:
    if kind == "json_invalid":
        return "JSON-INVALID"
    if kind == "extra_forbidden":
        return "FIELD-UNKNOWN"
    if kind == "missing":
        return "FIELD-MISSING"
    # A figure that is negative, fractional or not a number has a rule of its own (DOMAIN.md 2.2).
    if kind.startswith(("int", "greater_than", "less_than")) and "data" in place:
        return "RES-NONNEG-INT"
    return "FIELD-INVALID"


def _escaped(part: int | str) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _seen(value: object, *, show: bool) -> str:
    if value is None or isinstance(value, bool | int | float) or (show and isinstance(value, str)):
        text = repr(value)
    else:
        text = type(value).__name__
    return text if len(text) <= _SEEN_LENGTH_MAX else text[:_SEEN_LENGTH_MAX] + "…"


def _excerpt(line: bytes) -> str:
    """Describe bytes without showing what might be personal."""
    return f"{len(line)} bytes"
