"""Bytes to Change and back: reading never raises, and writing is canonical.

A canonical line has the attributes of :class:`contracts.envelope.Change` in their order, ``data``
last, the keys of ``data`` sorted, and no spaces. Services pass accepted lines on byte for byte;
nobody but ingest writes one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson
from pydantic import ValidationError

import contracts.events  # noqa: F401  # registers the event types
from contracts.envelope import EVENT_TYPES, Change, EventType
from contracts.json_words import json_word

_TYPE: Final = b'"type":"'
_DATA: Final = b',"data":'
_KINDS: Final = {kind.name.encode(): kind for kind in EVENT_TYPES}
_DIGEST_HEX: Final = 32
_SEEN_LENGTH_MAX: Final = 60
# All that stands before ``data`` in a canonical line; what the values are, the model has said already. A backslash,
# which has no place there either, is looked for by itself: a text that ends at the next quote is found twice as fast.
_HEAD: Final = re.compile(
    rb'\{"specversion":"1\.0","id":"[^"]++","source":"[^"]++","type":"[^"]++","subject":"[^"]++"'
    rb',"time":"[^"]++","recordedtime":"[^"]++","datacontenttype":"application/json"'
    rb',"epoch":[1-9][0-9]*+,"revision":[1-9][0-9]*+,"sequence":[1-9][0-9]*+(?:,"base":"[^"]++")?'
    rb',"digest":"[^"]++"(?:,"traceparent":"[^"]++")?,"data":'
)
# What may be shown of a key nobody knows: a misspelt field, but no value that slipped into its place.
_PLAIN_NAME: Final = re.compile(r"[A-Za-z][A-Za-z_]{0,39}")
_FIGURE_MAX: Final = 10**13
"""Numbers below this are shown: a TPS code has thirteen digits, a NIK sixteen."""
_MASK: Final = "…"
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")


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
    return _KINDS.get(line[start : line.find(b'"', start)])


def decode(line: bytes) -> Change[Any] | Undecodable:
    """Return the change that ``line`` states. Never raises, whatever the bytes (invariant I15)."""
    kind = type_of(line)
    if kind is None:
        return Undecodable((Fault("TYPE-UNKNOWN", "/type", _excerpt(line), "a known event type"),))
    try:
        # The validator itself: the method of the model that calls it costs a tenth of what it does.
        change: Change[Any] = kind.change.__pydantic_validator__.validate_json(line)
    except ValidationError as error:
        return Undecodable(faults_of(error))
    faults = _faults_in_bytes(line, kind.name, change.digest)
    return Undecodable(faults) if faults else change


def faults_of(error: ValidationError, *, show_input: bool = False) -> tuple[Fault, ...]:
    """Return the faults that pydantic found.

    What was seen is named by type only unless ``show_input``: a value may be personal.
    """
    return tuple(
        Fault(
            code=_code(item["type"], item["loc"]),
            pointer="".join(f"/{_escaped(part, item['type'])}" for part in item["loc"]),
            seen=_seen(item["input"], show=show_input),
            expected=item["msg"],
        )
        for item in error.errors(include_url=False, include_context=False)
    )


def _faults_in_bytes(line: bytes, event_type: str, digest: str) -> tuple[Fault, ...]:
    """Return what is wrong with how a line is written, if anything; its values are known to be right.

    The same content must always be the same bytes: a key that stands twice, a -0 or a space would give it two
    digests, and readers that differ in which of two keys they take would see two contents.
    """
    head = _HEAD.match(line)
    if head is None or line.find(b"\\", 0, head.end()) >= 0:
        return (Fault("NOT-CANONICAL", "", _excerpt(line), "the attributes in their order, data last"),)
    data = line[head.end() : -1]
    if digest_of(event_type, data) != digest:
        return (Fault("DIGEST-MISMATCH", "/digest", digest, "the digest of the data as sent"),)
    try:
        read = orjson.loads(data)
        written = canonical_data(read)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        written = b""
    if written != data:
        return (Fault("NOT-CANONICAL", "/data", _excerpt(data), "sorted keys, each once, no spaces"),)
    # Data without escapes, DEL or other than ASCII can hold no control characters.
    if data.isascii() and b"\\" not in data and b"\x7f" not in data:
        return ()
    return tuple(_unprintable(read))


def _unprintable(data: Any) -> Iterator[Fault]:
    """Yield a fault for every text with control characters: PostgreSQL cannot hold a NUL, people see none of them."""
    for pointer, text in _texts(data, "/data"):
        if _CONTROL.search(text):
            yield Fault("TEXT-CONTROL", pointer, "a control character", "printable text")


def _code(kind: str, place: tuple[int | str, ...]) -> str:
    if kind == "json_invalid":
        return "JSON-INVALID"
    if kind == "extra_forbidden":
        return "FIELD-UNKNOWN"
    if kind == "missing":
        return "FIELD-MISSING"
    # A figure that is negative, fractional or not a number has a rule of its own (DOMAIN.md 2.2).
    if kind.startswith(("int_", "finite_number", "greater_than", "less_than")) and "data" in place:
        return "RES-NONNEG-INT"
    return "FIELD-INVALID"


def _escaped(part: int | str, kind: str) -> str:
    text = str(part)
    if kind == "extra_forbidden" and not _PLAIN_NAME.fullmatch(text):
        return _MASK
    return _shortened(text).replace("~", "~0").replace("/", "~1")


def _seen(value: object, *, show: bool) -> str:
    if show and isinstance(value, str):
        return _shortened(repr(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        # A longer number may be somebody's NIK, and one of thousands of digits cannot even be written out.
        return "a long number" if abs(value) >= _FIGURE_MAX else repr(value)
    return json_word(value)


def _shortened(text: str) -> str:
    return text if len(text) <= _SEEN_LENGTH_MAX else text[:_SEEN_LENGTH_MAX] + _MASK


def _texts(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Yield every text in ``value``, keys too, with its place."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield pointer, key
            yield from _texts(inner, f"{pointer}/{key}")
    elif isinstance(value, list):
        for nth, inner in enumerate(value):
            yield from _texts(inner, f"{pointer}/{nth}")


def _excerpt(line: bytes) -> str:
    """Describe bytes without showing what might be personal."""
    return f"{len(line)} bytes"
