"""Compares rows of a file with what the ledger remembers of them.

The law: a row whose digest is the ledger's is done; any other goes the way of every change, which recognises
repetition by content. So comparing saves work and decides nothing: forgetting every digest would emit nothing more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson

from contracts.personal import Mac, PersonalKeys
from contracts.problems import ProblemItem
from services.ingest.core.files.row import CellProblem, Place, ReadRow
from services.ingest.core.refusal import RefusedError
from services.ingest.core.statement import Reader

_VOTER: Final = "pemilih.recorded.v1"
DIGEST_BYTES: Final = 16

Known = tuple[int, int, int, int]
"""What the ledger says of a record: its place among those asked for; epoch and sequence of a voter's newest version,
zeros for any other record; 1 when it vouches for the digest that was asked for, else 0."""


class Row(NamedTuple):
    """One usable row on its way through the comparison."""

    place: Place
    key: bytes
    digest: bytes
    """Keyed, over the row as it was read: it may lie beside the token and tells nobody anything."""
    line: bytes
    """The change as it is posted."""


class Problem(NamedTuple):
    """One thing wrong in a file, as its office is told; nothing in it is personal in clear."""

    code: str
    told: dict[str, Any]


@dataclass
class Portion:
    """Some rows of a file, looked at as far as the file alone can tell."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    read: int = 0
    unusable: int = 0
    named: list[bytes] = field(default_factory=list)
    """Keys of voters who are named by rows that cannot be used: they have not disappeared."""


class Comparer:
    """Compares one file of one office."""

    def __init__(self, office: str, keys: PersonalKeys) -> None:
        """Compare for ``office``."""
        self._keys = keys
        self._reader = Reader(office, keys)
        # Of its own use, so that a digest of a row is never a token of anything.
        self._hash = hashlib.blake2b(digest_size=DIGEST_BYTES, key=Mac(keys.token_key).digest(b"row"))

    def look_at(self, rows: Iterable[ReadRow]) -> Portion:
        """Return what ``rows`` say, no two usable ones of which name one record.

        They are taken one by one: what was made of a row is let go of before the next one is read.
        """
        portion = Portion()
        # Every row of a province passes here: what is looked up once need not be looked up for each.
        dumps, token, fresh, take = orjson.dumps, self._keys.nik_token, self._hash.copy, portion.rows.append
        from_hex, read = bytes.fromhex, 0
        for place, change, problems, nik in rows:
            read += 1
            if problems:
                portion.problems += [_told(found) for found in problems]
            if change is None:
                portion.unusable += 1
                if nik is not None:
                    portion.named.append(from_hex(token(nik)))
                continue
            line = dumps(change)
            own = change["data"].get("nik") if change["type"] == _VOTER else None
            key = from_hex(token(own)) if type(own) is str else self._key_of(place, line, portion)
            if key is None:
                continue
            digest = fresh()
            digest.update(line)
            take(Row(place, key, digest.digest(), line))
        portion.read = read
        return portion

    def _key_of(self, place: Place, line: bytes, portion: Portion) -> bytes | None:
        """Return the key of what is no voter; ``None`` when no change can be made of it, which is then told."""
        try:
            return self._reader.read(line, 0).key
        except RefusedError as error:
            portion.unusable += 1
            portion.problems += [problem_of(place, refusal.item(0)) for refusal in error.refusals]
            return None


def different(rows: Sequence[Row], known: Iterable[Known]) -> list[Row]:
    """Return the rows for whose digests the ledger does not vouch."""
    same = {nth for nth, _, _, is_same in known if is_same}
    return [row for nth, row in enumerate(rows) if nth not in same] if len(same) < len(rows) else []


def problem_of(place: Place, item: ProblemItem) -> Problem:
    """Return what the way of every change found wrong with a row."""
    told = item.model_dump(mode="json", exclude={"index"})
    return Problem(item.code, {"place": str(place), "grave": True, "suggestion": None, "repair": None, **told})


def _told(found: CellProblem) -> Problem:
    return Problem(
        found.code,
        {
            "place": str(found.place),
            "code": found.code,
            "group": found.group,
            "grave": found.grave,
            "seen": found.seen,
            "expected": found.expected,
            "suggestion": found.suggestion,
            "repair": found.repair,
            "pesan": found.pesan,
            "message": found.message,
        },
    )
