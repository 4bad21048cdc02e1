"""Calls a value what JSON calls it: whoever reads a finding wrote JSON, and knows nothing of what it was read with."""

from __future__ import annotations


def json_word(value: object) -> str:
    """Return ``null``, ``true``, ``false``, or the kind of value that this is. Never raises, never shows a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str | bytes):
        return "string"
    return "array" if isinstance(value, list | tuple) else "object"
