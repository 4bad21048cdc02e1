"""Compares rows of a file with what the ledger remembers of them.

The law: a row whose digest is the ledger's is done; any other goes the way of every change, which recognises
repetition by content. So comparing saves work and decides nothing: forgetting every digest would emit nothing more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson

from contracts.personal import Mac, PersonalKeys
from contracts.problems import ProblemItem, problem_item
from services.ingest.core.files.row import CellProblem, Place, ReadRow
from services.ingest.core.refusal import RefusedError
from services.ingest.core.snapshots.seen import Seen
from services.ingest.core.statement import Reader

_VOTER: Final = "pemilih.recorded.v1"
_DIGEST_BYTES: Final = 16


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


class Comparer:
    """Compares one file of one office."""

    def __init__(self, office: str, keys: PersonalKeys, seen: Seen) -> None:
        """Compare for ``office``; ``seen`` learns which records the file names."""
        self._keys = keys
        self._reader = Reader(office, keys)
        self._seen = seen
        # Of its own use, so that a digest of a row is never a token of anything.
        self._hash = hashlib.blake2b(digest_size=_DIGEST_BYTES, key=Mac(keys.token_key).digest(b"row"))

    def look_at(self, rows: Sequence[ReadRow]) -> Portion:
        """Return what ``rows`` say; every record they name counts as seen, also where the row is unusable."""
        portion = Portion(read=len(rows))
        # Every row of a province passes here: what is looked up once need not be looked up for each.
        dumps, token, fresh, take = orjson.dumps, self._keys.nik_token, self._hash.copy, portion.rows.append
        add, from_hex = self._seen.add, bytes.fromhex
        for row in rows:
            place, change, problems, nik = row
            if problems:
                portion.problems += [_told(found) for found in problems]
            if change is None:
                portion.unusable += 1
                if nik is not None:
                    add(from_hex(token(nik)))
                continue
            line = dumps(change)
            nik = change["data"].get("nik") if change["type"] == _VOTER else None
            key = from_hex(token(nik)) if type(nik) is str else self._key_of(place, line, portion)
            if key is None:
                continue
            if not add(key):
                portion.unusable += 1
                # The reader of files says so of numbers it can compare; here it keeps one file from saying two things.
                code = "FILE-NIK-TWICE" if type(nik) is str else "FILE-TPS-TWICE"
                twice = problem_item(
                    code, index=0, pointer="", seen="a record named before", expected="one row for each record"
                )
                portion.problems.append(problem_of(place, twice))
                continue
            digest = fresh()
            digest.update(line)
            take(Row(place, key, digest.digest(), line))
        return portion

    def _key_of(self, place: Place, line: bytes, portion: Portion) -> bytes | None:
        """Return the key of what is no voter; ``None`` when no change can be made of it, which is then told."""
        try:
            return self._reader.read(line, 0).key
        except RefusedError as error:
            portion.unusable += 1
            portion.problems += [problem_of(place, refusal.item(0)) for refusal in error.refusals]
            return None


def different(rows: Sequence[Row], digests: Mapping[bytes, bytes]) -> list[Row]:
    """Return the rows that are not what the ledger remembers under their keys."""
    known = digests.get
    return [row for row in rows if known(row.key) != row.digest]


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
