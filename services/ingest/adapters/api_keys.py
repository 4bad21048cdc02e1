"""API keys: which office a request speaks for. Only hashes are kept, and comparing them takes the same time always."""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path
from typing import Final

from services.runtime.errors import FatalError

_LINE: Final = re.compile(r"(\d{2}(?:\d{2})?)\s+([0-9a-f]{64})", re.ASCII)


class ApiKeys:
    """The keys of the offices, as SHA-256."""

    def __init__(self, hashes: list[tuple[str, bytes]]) -> None:
        """Take (office, hash) pairs; an office may have several keys while one replaces another."""
        self._hashes = hashes

    def office_of(self, key: str) -> str | None:
        """Return the office whose key this is, if it is anybody's."""
        given = hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
        found = None
        for office, known in self._hashes:
            # No way out before the end: how long it takes must not tell how far one got.
            if hmac.compare_digest(given, known):
                found = office
        return found

    @property
    def offices(self) -> frozenset[str]:
        """The offices that have a key."""
        return frozenset(office for office, _ in self._hashes)


def read_api_keys(path: Path) -> ApiKeys:
    """Return the keys in a file with a line ``<office> <sha256 in hex>`` for each; ``#`` begins a comment.

    Raises:
        FatalError: the file cannot be read, or a line in it is something else.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: the API keys cannot be read ({error})"
        raise FatalError(message) from error
    hashes: list[tuple[str, bytes]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        entry = line.partition("#")[0].strip()
        if not entry:
            continue
        match = _LINE.fullmatch(entry.lower())
        if match is None:
            message = f"{path}, line {number}: expected an office and the SHA-256 of its key in hex"
            raise FatalError(message)
        hashes.append((match[1], bytes.fromhex(match[2])))
    return ApiKeys(hashes)
