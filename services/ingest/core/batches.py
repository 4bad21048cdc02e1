"""Cuts what is waiting into Kafka records: up to 1,000 changes and 512 KiB, in order, none twice and none left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from contracts.batch import BatchHeader, headers_of
from contracts.identifiers import Lane
from contracts.topics import BYTES_PER_RECORD_MAX, CHANGES_PER_RECORD_MAX

NEWLINE = b"\n"


class Piece(NamedTuple):
    """Lines that follow one another in the numbering, from ``first`` to ``last``, as NDJSON without a last break."""

    epoch: int
    first: int
    last: int
    lines: bytes


class Record(NamedTuple):
    """One Kafka record to write."""

    value: bytes
    headers: dict[str, str]
    epoch: int
    first: int
    last: int


def pieces_of(lines: Sequence[bytes], *, epoch: int, first: int) -> Iterator[Piece]:
    """Yield ``lines`` in pieces that fit into a record, numbered from ``first`` on.

    A line that is larger than a record goes alone: the topic admits more than a record should have.
    """
    start, size = 0, 0
    for nth, line in enumerate(lines):
        grown = size + len(line) + 1
        if nth > start and (grown > BYTES_PER_RECORD_MAX or nth - start == CHANGES_PER_RECORD_MAX):
            yield Piece(epoch, first + start, first + nth - 1, NEWLINE.join(lines[start:nth]))
            start, grown = nth, len(line) + 1
        size = grown
    if lines:
        yield Piece(epoch, first + start, first + len(lines) - 1, NEWLINE.join(lines[start:]))


def next_record(office: str, lane: Lane, pieces: Iterable[Piece]) -> Record | None:
    """Return the record made of as many of the ``pieces`` as fit, or ``None`` when none is waiting.

    Pieces must come in the order of their numbering; the record ends before a piece of another epoch.
    """
    taken: list[Piece] = []
    size = 0
    for piece in pieces:
        if taken:
            count = piece.last - taken[0].first + 1
            grown = size + len(piece.lines) + 1
            if piece.epoch != taken[0].epoch or count > CHANGES_PER_RECORD_MAX or grown > BYTES_PER_RECORD_MAX:
                break
            assert piece.first == taken[-1].last + 1, "what is waiting has no gaps"
        taken.append(piece)
        size += len(piece.lines) + 1
    if not taken:
        return None
    epoch, first, last = taken[0].epoch, taken[0].first, taken[-1].last
    header = BatchHeader(office=office, lane=lane, epoch=epoch, first=first, last=last, count=last - first + 1)
    return Record(NEWLINE.join(piece.lines for piece in taken), headers_of(header), epoch, first, last)
