"""The published face of the contracts: JSON Schemas and an AsyncAPI document, generated from the models.

They are committed, so that a change of the contract is seen in a diff;
``python -m contracts.schemas`` writes them anew.
"""

from __future__ import annotations

from typing import Any

import orjson

from contracts.schemas.asyncapi import asyncapi
from contracts.schemas.json_schema import schemas

COMMAND = "python -m contracts.schemas"


def documents() -> dict[str, bytes]:
    """Return every generated file by its path below ``contracts/``; always the same bytes for the same models."""
    files = {f"schemas/{name}.json": schema for name, schema in schemas().items()}
    return {path: _text(document) for path, document in {**files, "asyncapi.json": asyncapi()}.items()}


def _text(document: dict[str, Any]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
