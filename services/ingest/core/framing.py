"""Cuts the body of a request into the bytes of its changes, before any of them is read."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from services.ingest.core.refusal import Refusal, RefusedError, refuse

CHANGES_MAX: Final = 50_000
"""Changes in one request: as many as one desa cluster has voters, and a second and a half of work."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_JSON_SPACE: Final = b" \t\r\n"
# Strings are swallowed whole, so that brackets and commas inside them do not count.
_TOKEN: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},]', re.DOTALL)
_DEPTH_MAX: Final = 100


class Framing(Enum):
    """How the changes of a body are kept apart."""

    SINGLE = "single"
    BATCH = "batch"
    """A JSON array, as CloudEvents batches are."""
    LINES = "lines"
    """One change on each line."""


FRAMING_OF: Final = {
    "application/json": Framing.SINGLE,
    "application/cloudevents+json": Framing.SINGLE,
    "application/cloudevents-batch+json": Framing.BATCH,
    "application/x-ndjson": Framing.LINES,
    "application/ndjson": Framing.LINES,
}


def changes_in(body: bytes, framing: Framing) -> list[bytes]:
    """Return the bytes of each change in ``body``, in order.

    Only what keeps the changes apart is looked at: a change that is broken in itself is found when it is read.

    Raises:
        RefusedError: the body is empty, has too many changes, or cannot be taken apart.
    """
    text = body.removeprefix(_BYTE_ORDER_MARK)
    if framing is Framing.SINGLE:
        found = [text] if text.strip(_JSON_SPACE) else []
    elif framing is Framing.LINES:
        found = [line for line in text.split(b"\n") if line and not line.isspace()]
    else:
        found = _elements(text)
    if not found:
        raise refuse(code="BODY-EMPTY", seen=f"{len(body)} bytes without a change", expected="at least one change")
    if len(found) > CHANGES_MAX:
        raise refuse(code="TOO-MANY-CHANGES", seen=f"{len(found)} changes", expected=f"at most {CHANGES_MAX}")
    return found


def _elements(text: bytes) -> list[bytes]:
    """Return the elements of a JSON array as they stand there."""
    body = text.strip(_JSON_SPACE)
    if not body:
        return []
    if not (body.startswith(b"[") and body.endswith(b"]")):
        raise RefusedError(_broken("no array", body))
    elements: list[bytes] = []
    depth, start = 0, 1
    for token in _TOKEN.finditer(body):
        mark = token.group()
        if mark in {b"[", b"{"}:
            depth += 1
            if depth > _DEPTH_MAX:
                raise RefusedError(_broken(f"more than {_DEPTH_MAX} levels", body))
        elif mark in {b"]", b"}"}:
            depth -= 1
        if depth == 0 or (depth == 1 and mark == b","):
            elements.append(body[start : token.start()].strip(_JSON_SPACE))
            start = token.end()
        if depth == 0:
            break
    if depth != 0 or body[start:].strip(_JSON_SPACE):
        raise RefusedError(_broken("brackets that do not match", body))
    return [] if elements == [b""] else elements


def _broken(seen: str, body: bytes) -> Refusal:
    return Refusal("JSON-INVALID", "", f"{len(body)} bytes with {seen}", "a JSON array of changes")
