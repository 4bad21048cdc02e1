"""Where an office pushes what it has to say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Desk:
    """The ingest of one office."""

    url: str
    """Its base address, without a slash at the end."""
    key: str
    """The office's API key."""
