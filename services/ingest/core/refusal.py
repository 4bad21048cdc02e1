"""Refusals: why one change of a request is not taken, in the catalogue's codes, showing nothing personal."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from contracts.json_words import json_word
from contracts.problems import ProblemItem, problem_item

_SEEN_LENGTH_MAX: Final = 60
# What may be shown of a key nobody knows: a misspelt field, but no value that slipped into the header row.
_PLAIN_NAME: Final = re.compile(r"[a-z][a-z_]{0,39}")
# As long as a NIK or NKK, or longer: never shown, wherever it stands. A TPS code has thirteen digits.
_LONG_NUMBER: Final = re.compile(r"\d{14,}")
_MASK: Final = "…"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a change is not taken."""

    code: str
    pointer: str
    """JSON Pointer of the place; empty for the whole change."""
    seen: str
    expected: str

    def item(self, nth: int) -> ProblemItem:
        """Return it as it is answered for the change at ``nth`` place of the request."""
        return problem_item(self.code, index=nth, pointer=self.pointer, seen=self.seen, expected=self.expected)


class RefusedError(Exception):
    """A change that is not taken, with every reason found."""

    def __init__(self, *refusals: Refusal) -> None:
        """Refuse for these reasons."""
        assert refusals, "a refusal must say why"
        super().__init__(refusals[0].code)
        self.refusals = refusals


def refuse(*, code: str, pointer: str = "", seen: str, expected: str) -> RefusedError:
    """Return the error that refuses a change for one reason."""
    return RefusedError(Refusal(code, pointer, seen, expected))


def refused_by_shape(error: ValidationError, *, personal: bool) -> RefusedError:
    """Return the refusal for what pydantic found.

    Of a change that may be ``personal`` only the kind of each wrong value is shown.
    """
    return RefusedError(
        *(
            Refusal(
                code=_code(found["type"], found["loc"]),
                pointer="".join(f"/{_part(part, found['type'])}" for part in found["loc"]),
                seen=_seen(found["input"], show=not personal and found["type"] != "extra_forbidden"),
                expected=found["msg"],
            )
            for found in error.errors(include_url=False, include_context=False)
        )
    )


def unreadable(line: bytes) -> RefusedError:
    """Return the refusal for bytes that are no JSON object with a known type, for the first thing wrong with them."""
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        return refuse(code="ENCODING-INVALID", seen=f"byte {error.start} of {len(line)}", expected="UTF-8")
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        where = f"line {error.lineno} column {error.colno}" if isinstance(error, json.JSONDecodeError) else "the value"
        return refuse(code="JSON-INVALID", seen=f"{len(line)} bytes, unreadable at {where}", expected="one JSON object")
    if not isinstance(value, dict):
        return refuse(code="JSON-INVALID", seen=json_word(value), expected="one JSON object")
    if "type" not in value:
        expected = "a type that the gateway lists under /v1/contracts"
        return refuse(code="FIELD-MISSING", pointer="/type", seen="nothing", expected=expected)
    kind = value["type"]
    shown = isinstance(kind, str) and re.fullmatch(r"[a-z_]{1,30}\.[a-z_]{1,20}\.v\d{1,3}", kind) is not None
    return refuse(
        code="TYPE-UNKNOWN", pointer="/type", seen=kind if shown else json_word(kind), expected="a known event type"
    )


def type_named(line: bytes) -> str | None:
    """Return the type that an event names at its top level, reading all of it; ``None`` when there is none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    kind = value.get("type") if isinstance(value, dict) else None
    return kind if isinstance(kind, str) else None


def _no_constant(name: str) -> Any:
    message = f"{name} is no JSON"
    raise ValueError(message)


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


def _part(part: int | str, kind: str) -> str:
    text = str(part)
    if kind == "extra_forbidden" and not _PLAIN_NAME.fullmatch(text):
        return _MASK
    return _shortened(text).replace("~", "~0").replace("/", "~1")


def _seen(value: object, *, show: bool) -> str:
    if show and isinstance(value, str | int | float) and not isinstance(value, bool):
        return _shortened(value if isinstance(value, str) else _digits(value))
    return json_word(value)


def _digits(value: float) -> str:
    # A whole number of thousands of digits cannot even be written out; its size says enough.
    if isinstance(value, int) and value.bit_length() > 64:  # noqa: PLR2004  # bits of any figure there is
        return f"a number of {value.bit_length()} bits"
    return repr(value)


def _shortened(text: str) -> str:
    masked = _LONG_NUMBER.sub(_MASK, text)
    printable = "".join(character if character.isprintable() else "�" for character in masked)
    return printable if len(printable) <= _SEEN_LENGTH_MAX else printable[:_SEEN_LENGTH_MAX] + "…"
