"""A Kafka record becomes rows: bytes in, text for COPY out, each line parsed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from contracts.batch import BatchHeader, LineFindings
from contracts.codec import data_of
from services.sync.core.merge import version_number

NOUNS: Final = ("tps", "c_hasil", "d_hasil", "pemilih")
"""Kinds of record; each has its own staging table and merge statement."""


Books = tuple[str, str, int]
"""Office, lane and epoch: whose numbering a sequence belongs to."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line, ready to be staged."""

    books: Books
    sequence: int
    noun: str
    subject: str
    """What the merge orders by; two rows of one subject never meet in one statement."""
    columns: bytes
    """Text of the staged columns, in the order of ``sql/stage_<noun>.sql``."""
    held: bool
    recorded_time: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that is not what the validator lets through; it is parked and keeps nobody waiting."""

    books: Books
    sequence: int
    line: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """One accepted record: which numbers it settles, and the rows for those that were not rejected."""

    header: BatchHeader
    rows: list[Row]
    unreadable: list[Unreadable]
    findings: dict[int, LineFindings] = field(default_factory=dict)

    @property
    def books(self) -> Books:
        """The books it belongs to."""
        return books_of(self.header)


def books_of(header: BatchHeader) -> Books:
    """Return whose numbering a record is about."""
    return header.office, header.lane, header.epoch


def batch_of(header: BatchHeader, value: bytes, findings: Iterable[LineFindings]) -> Batch:
    """Return what a record says. Never raises, whatever stands in ``value``."""
    by_sequence = {entry.sequence: entry for entry in findings}
    books = books_of(header)
    rows: list[Row] = []
    broken: list[bytes] = []
    for line in value.splitlines():
        try:
            rows.append(_row(line, header, books, by_sequence))
        except (orjson.JSONDecodeError, KeyError, ValueError, TypeError, AttributeError):
            broken.append(line)
    # A line nobody can read has no number of its own: it takes one that the record settles and no other line claims.
    claimed = {row.sequence for row in rows}
    free = (number for number in range(header.first, header.last + 1) if number not in claimed)
    return Batch(
        header,
        rows,
        [Unreadable(books, number, line) for line, number in zip(broken, free, strict=False)],
        by_sequence,
    )


def _row(line: bytes, header: BatchHeader, books: Books, findings: dict[int, LineFindings]) -> Row:
    change = orjson.loads(line)
    sequence: int = change["sequence"]
    if not header.first <= sequence <= header.last:
        message = "a number outside the stretch of its record"
        raise ValueError(message)
    noun, _, kind = change["type"].partition(".")
    subject: str = change["subject"]
    recorded: str = change["recordedtime"]
    found = findings.get(sequence)
    held = found is not None and found.held
    retracted = kind.startswith("retracted")
    # An id, a subject and a time match patterns that admit nothing COPY would have to escape.
    columns = "\t".join(
        (
            header.office,
            str(header.epoch),
            str(sequence),
            change["id"],
            change["type"],
            subject,
            str(version_number(change["epoch"], change["revision"])),
            change.get("base") or "\\N",
            change["digest"],
            change["time"],
            recorded,
            "t" if held else "f",
            "t" if retracted else "f",
            data_of(line).decode().replace("\\", "\\\\"),
            _COLUMNS[noun](subject.split("/"), {} if retracted else change["data"]),
        )
    )
    return Row(books, sequence, noun, subject, columns.encode(), held, recorded)


def _pemilih(subject: list[str], data: dict[str, Any]) -> str:
    return "\t".join(
        (
            subject[2],
            _text(data.get("desa")),
            _text(data.get("tps")),
            _text(data.get("jenis_kelamin")),
            _text(data.get("kelas_lahir")),
            _text(data.get("status")),
            _text(data.get("tms")),
            _text(data.get("disabilitas")),
        )
    )


def _tps(subject: list[str], data: dict[str, Any]) -> str:
    names = ("dpt_l", "dpt_p", "alamat", "berlaku_mulai", "berlaku_sampai")
    return "\t".join((subject[1], subject[2], *(_text(data.get(name)) for name in names)))


def _c_hasil(subject: list[str], data: dict[str, Any]) -> str:
    names = ("suara_sah", "suara_tidak_sah", "suara_total", "pemilih_dpt_j", "pengguna_total_j", "jenis_kejadian")
    votes = data.get("perolehan_suara")
    by_party: dict[str, Any] | None = data.get("perolehan_partai")
    if by_party is not None:
        # A vote for a party and a vote for one of its candidates are two options of one ballot.
        votes = dict(votes or {})
        for party, rows in by_party.items():
            votes[party] = rows["suara_partai"]
            votes.update(rows["suara_calon"])
    text = "\\N" if votes is None else orjson.dumps(votes).decode()
    return "\t".join((subject[1], subject[2], text, *(_text(data.get(name)) for name in names)))


def _d_hasil(subject: list[str], _data: dict[str, Any]) -> str:
    return "\t".join(subject[1:4])


_COLUMNS: Final[dict[str, Callable[[list[str], dict[str, Any]], str]]] = {
    "pemilih": _pemilih,
    "tps": _tps,
    "c_hasil": _c_hasil,
    "d_hasil": _d_hasil,
}


def _text(value: object) -> str:
    """Return a value as COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, str) and not value.isalnum():
        return value.translate(_ESCAPES)
    return str(value)


_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def rounds_of(rows: Iterable[Row]) -> list[list[Row]]:
    """Return ``rows`` in rounds: the n-th statement about a subject goes to the n-th round.

    The merge is set-based, and a set has no order: within one round each subject stands once, and
    the rounds are merged one after the other.
    """
    count: dict[str, int] = {}
    rounds: list[list[Row]] = []
    for row in rows:
        nth = count.get(row.subject, 0)
        count[row.subject] = nth + 1
        if nth == len(rounds):
            rounds.append([])
        rounds[nth].append(row)
    return rounds
