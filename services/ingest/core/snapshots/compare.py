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
from services.ingest.core.files.row import ReadRow
from services.ingest.core.refusal import RefusedError
from services.ingest.core.snapshots.seen import Seen
from services.ingest.core.statement import Reader

_VOTER: Final = "pemilih.recorded.v1"
_DIGEST_BYTES: Final = 16


class Row(NamedTuple):
    """One usable row on its way through the comparison."""

    place: str
    key: bytes
    digest: bytes
    """Keyed, over the row as it was read: it may lie beside the token and tells nobody anything."""
    line: bytes
    """The change as it is posted."""


class Problem(NamedTuple):
    """One thing wrong in a file, as its office is told; nothing in it is personal in clear."""

    place: str
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
        self._digest_key = Mac(keys.token_key).digest(b"row")

    def look_at(self, rows: Sequence[ReadRow]) -> Portion:
        """Return what ``rows`` say; every record they name counts as seen, also where the row is unusable."""
        portion = Portion(read=len(rows))
        for row in rows:
            portion.problems += [_told(found) for found in row.problems]
            if row.change is None:
                portion.unusable += 1
                if row.nik is not None:
                    self._seen.add(bytes.fromhex(self._keys.nik_token(row.nik)))
                continue
            self._take(row, row.change, portion)
        return portion

    def _take(self, row: ReadRow, change: dict[str, Any], portion: Portion) -> None:
        line = orjson.dumps(change)
        nik = change["data"].get("nik") if change["type"] == _VOTER else None
        if type(nik) is str:
            key = bytes.fromhex(self._keys.nik_token(nik))
        else:
            try:
                said = self._reader.read(line, 0)
            except RefusedError as error:
                portion.unusable += 1
                place = str(row.place)
                portion.problems += [problem_of(place, refusal.item(0)) for refusal in error.refusals]
                return
            key = said.key
        if not self._seen.add(key):
            portion.unusable += 1
            # The reader of files says so of numbers it can compare; here it keeps one file from saying two things.
            code = "FILE-NIK-TWICE" if type(nik) is str else "FILE-TPS-TWICE"
            twice = problem_item(
                code, index=0, pointer="", seen="a record named before", expected="one row for each record"
            )
            portion.problems.append(problem_of(str(row.place), twice))
            return
        digest = hashlib.blake2b(line, digest_size=_DIGEST_BYTES, key=self._digest_key).digest()
        portion.rows.append(Row(str(row.place), key, digest, line))


def different(rows: Sequence[Row], digests: Mapping[bytes, bytes]) -> list[Row]:
    """Return the rows that are not what the ledger remembers under their keys."""
    known = digests.get
    return [row for row in rows if known(row.key) != row.digest]


def problem_of(place: str, item: ProblemItem) -> Problem:
    """Return what the way of every change found wrong with a row."""
    told = item.model_dump(mode="json", exclude={"index"})
    return Problem(place, item.code, {"place": place, "grave": True, "suggestion": None, "repair": None, **told})


def _told(found: Any) -> Problem:
    place = str(found.place)
    return Problem(
        place,
        found.code,
        {
            "place": place,
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
