"""A Kafka record becomes rows: bytes in, text for COPY out, each line parsed once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson

from contracts.batch import BatchHeader, LineFindings
from contracts.codec import data_of
from contracts.identifiers import Lane, parse_subject
from services.sync.core.merge import version_number

NOUNS: Final[dict[Lane, tuple[str, ...]]] = {
    "hasil": ("tps", "c_hasil", "d_hasil", "pernyataan"),
    "pemilih": ("pemilih",),
}
"""Kinds of record by lane; each has its own table, staging table and merge statement."""

PERNYATAAN: Final = frozenset({"rekap_pdpb", "jadwal", "keputusan"})
"""Nouns that are few and kept as they are said, all in the table ``pernyataan``."""

JOURNAL: Final[dict[str, tuple[str, ...]]] = {
    lane: (
        *("outcome", "office", "epoch", "sequence", "id", "type", record, "version", "base", "digest", "time"),
        *("recorded_time", "held", "data"),
    )
    for lane, record in (("hasil", "subject"), ("pemilih", "nik_token"))
}
"""Columns of the journal of a lane as they are copied: the outcome first, because it is known last."""

Books = tuple[str, str, int]
"""Office, lane and epoch: whose numbering a sequence belongs to."""


class Row(NamedTuple):
    """One line, ready to be staged."""

    books: Books
    sequence: int
    noun: str
    subject: str
    """What the merge orders by; two rows of one subject never meet in one statement."""
    columns: bytes
    """Text of the staged columns, in the order of ``sql/stage_<noun>.sql``."""
    journal: bytes
    """Text of the columns that follow the outcome, in the order of :data:`JOURNAL`."""


class Unreadable(NamedTuple):
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
    surplus: int = 0
    """Unreadable lines for which the stretch has no number left: nobody can have accepted them."""

    @property
    def books(self) -> Books:
        """The books it belongs to."""
        return books_of(self.header)


def books_of(header: BatchHeader) -> Books:
    """Return whose numbering a record is about."""
    return header.office, header.lane, header.epoch


def batch_of(header: BatchHeader, value: bytes, findings: Iterable[LineFindings]) -> Batch:
    """Return what a record says. Never raises, whatever stands in ``value``.

    A line that cannot be read, and one that the header counts but the value lacks, is unreadable and will be
    parked: only what is missing from the stretch *and* from the count has been rejected.
    """
    by_sequence = {entry.sequence: entry for entry in findings}
    held = {sequence for sequence, entry in by_sequence.items() if entry.held}
    books = books_of(header)
    rows: list[Row] = []
    broken: list[bytes] = []
    claimed: set[int] = set()
    lines = value.split(b"\n") if value else []
    read = _reader_of_voters(header, books, held) if header.lane == "pemilih" else None
    for line in lines:
        try:
            row = (read and read(line)) or _row(line, header, books, held)
        except (KeyError, ValueError, TypeError, AttributeError):
            broken.append(line)
            continue
        if row.sequence in claimed:
            broken.append(line)
        else:
            claimed.add(row.sequence)
            rows.append(row)
    broken += [b""] * (header.count - len(lines))
    if not broken:
        return Batch(header, rows, [], by_sequence)
    # A line nobody can read has no number of its own: it takes one that the record settles and no other line claims.
    free = (number for number in range(header.first, header.last + 1) if number not in claimed)
    unreadable = [Unreadable(books, number, line) for line, number in zip(broken, free, strict=False)]
    return Batch(header, rows, unreadable, by_sequence, surplus=len(broken) - len(unreadable))


_TEXT: Final = rb'"([ !#-\[\]-~]+)"'
_UNREAD: Final = rb'"[ !#-\[\]-~]+"'
_NUMBER: Final = rb"([1-9][0-9]{0,15})"
# A recorded voter as ingest writes her: attributes and fields in their order, nothing that JSON or COPY would escape.
_VOTER: Final = re.compile(
    rb'\{"specversion":"1\.0","id":%(text)b,"source":%(unread)b,"type":"(pemilih\.recorded\.v1)"'
    rb',"subject":"(pemilih/([0-9]{4})/([0-9a-f]{32}))","time":%(text)b,"recordedtime":%(text)b'
    rb',"datacontenttype":"application/json","epoch":%(number)b,"revision":%(number)b,"sequence":%(number)b'
    rb'(?:,"base":%(text)b)?,"digest":%(text)b(?:,"traceparent":%(unread)b)?'
    rb',"data":(\{"desa":%(text)b(?:,"disabilitas":%(text)b)?(?:,"dokumen":%(unread)b)?,"jenis_kelamin":%(text)b'
    rb'(?:,"kelas_lahir":%(number)b)?,"match":\{"k1":%(unread)b,"k2":%(unread)b,"k3":%(unread)b,"k4":%(unread)b\}'
    rb',"nik_token":%(unread)b,"pribadi":%(unread)b,"status":%(text)b(?:,"tms":%(text)b)?(?:,"tps":%(text)b)?\})\}'
    % {b"text": _TEXT, b"unread": _UNREAD, b"number": _NUMBER}
)
_DATA: Final = 12
"""Which of its groups is all of ``data``: those before are attributes, those after the fields that are staged."""


def _reader_of_voters(header: BatchHeader, books: Books, held: set[int]) -> Callable[[bytes], Row | None]:
    """Return what reads recorded voters of one record as :func:`_row` does, faster, and leaves other lines to it."""
    first, last, its_epoch = header.first, header.last, header.epoch
    own_office, own_epoch = header.office.encode(), b"%d" % its_epoch
    # Most voters of a record are in the same revision.
    versions: dict[bytes, bytes] = {}
    fullmatch, tabbed = _VOTER.fullmatch, b"\t".join

    def read(line: bytes) -> Row | None:
        match = fullmatch(line)
        if match is None:
            return None
        said = match.groups(_NULL_BYTES)
        id_, kind, subject, office, token, time, recorded_time, epoch, revision, number, base, digest = said[:_DATA]
        sequence = int(number)
        if office != own_office or epoch != own_epoch or not first <= sequence <= last:
            return None
        version = versions.get(revision)
        if version is None:
            version = versions[revision] = b"%d" % version_number(its_epoch, int(revision))
        is_held = b"t" if sequence in held else b"f"
        staged = (office, epoch, number, version, digest, recorded_time, is_held, b"f", token, *said[_DATA + 1 :])
        journal = (
            office,
            epoch,
            number,
            id_,
            kind,
            token,
            version,
            base,
            digest,
            time,
            recorded_time,
            is_held,
            said[_DATA],
        )
        return Row(books, sequence, "pemilih", subject.decode(), tabbed(staged), tabbed(journal))

    return read


def _row(line: bytes, header: BatchHeader, books: Books, held: set[int]) -> Row:
    change = orjson.loads(line)
    sequence: int = change["sequence"]
    noun, _, kind = change["type"].partition(".")
    text: str = change["subject"]
    # The second guard of I9, and of the numbering: a line speaks for the office, lane and epoch of its record only.
    table = "pernyataan" if noun in PERNYATAAN else noun
    if (
        not _is_own(text, noun, header.office)
        or table not in NOUNS[header.lane]
        or change["epoch"] != header.epoch
        or type(sequence) is not int
        or not header.first <= sequence <= header.last
    ):
        message = "a line that does not belong into its record"
        raise ValueError(message)
    retracted = kind.startswith("retracted")
    epoch, number = str(header.epoch), str(sequence)
    version = str(version_number(header.epoch, change["revision"]))
    is_held = "t" if sequence in held else "f"
    columns = [
        header.office,
        epoch,
        number,
        version,
        change["digest"],
        change["recordedtime"],
        is_held,
        "t" if retracted else "f",
        *_COLUMNS[table](text, {} if retracted else change["data"]),
    ]
    data = data_of(line)
    journal = [
        header.office,
        epoch,
        number,
        change["id"],
        change["type"],
        text[_TOKEN] if noun == "pemilih" else text,
        version,
        change.get("base"),
        change["digest"],
        change["time"],
        change["recordedtime"],
        is_held,
    ]
    if b"\\" in data:
        data = data.replace(b"\\", b"\\\\")
    return Row(books, sequence, table, text, _joined(columns), _joined(journal) + b"\t" + data)


def _joined(columns: list[Any]) -> bytes:
    # Ids, codes, tokens and times match patterns that admit nothing COPY would have to escape; what is free text is
    # escaped where it is taken. Should one not match after all, COPY refuses the line and it is parked.
    return "\t".join([_NULL if column is None else column for column in columns]).encode()


def _is_own(subject: str, noun: str, office: str) -> bool:
    """Return whether ``subject`` names a record of ``office`` that is a ``noun``."""
    if noun == "pemilih":
        # The hot path; that the rest is a token is for the column's type to say.
        return subject.startswith(f"pemilih/{office}/")
    parsed = parse_subject(subject)
    return parsed is not None and parsed.noun == noun and parsed.office == office


def _pemilih(subject: str, data: dict[str, Any]) -> tuple[str, ...]:
    get = data.get
    kelas_lahir = get("kelas_lahir")
    return (
        subject[_TOKEN],
        get("desa", _NULL),
        get("disabilitas", _NULL),
        get("jenis_kelamin", _NULL),
        _NULL if kelas_lahir is None else str(kelas_lahir),
        get("status", _NULL),
        get("tms", _NULL),
        get("tps", _NULL),
    )


def _tps(subject: str, data: dict[str, Any]) -> list[str]:
    names = ("dpt_l", "dpt_p", "alamat", "berlaku_mulai", "berlaku_sampai")
    return [*subject.split("/")[1:], *(_text(data.get(name)) for name in names)]


def _c_hasil(subject: str, data: dict[str, Any]) -> list[str]:
    names = ("suara_sah", "suara_tidak_sah", "suara_total", "pemilih_dpt_j", "pengguna_total_j", "jenis_kejadian")
    votes = data.get("perolehan_suara")
    by_party: dict[str, Any] | None = data.get("perolehan_partai")
    if by_party is not None:
        # A vote for a party and a vote for one of its candidates are two options of one ballot.
        votes = dict(votes or {})
        for party, rows in by_party.items():
            votes[party] = rows["suara_partai"]
            votes.update(rows["suara_calon"])
    text = None if votes is None else orjson.dumps(votes).decode()
    return [*subject.split("/")[1:], _text(text), *(_text(data.get(name)) for name in names)]


def _d_hasil(subject: str, data: dict[str, Any]) -> list[str]:
    return [*subject.split("/")[1:], _text(orjson.dumps(data).decode() if data else None)]


def _pernyataan(subject: str, data: dict[str, Any]) -> list[str]:
    return [subject, _text(orjson.dumps(data).decode() if data else None)]


_COLUMNS: Final[dict[str, Callable[[str, dict[str, Any]], Iterable[str]]]] = {
    "pemilih": _pemilih,
    "tps": _tps,
    "c_hasil": _c_hasil,
    "d_hasil": _d_hasil,
    "pernyataan": _pernyataan,
}
_NULL: Final = "\\N"
_NULL_BYTES: Final = _NULL.encode()
_TOKEN: Final = slice(len("pemilih/3279/"), None)
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _text(value: object) -> str:
    """Return a value as COPY reads it."""
    return _NULL if value is None else str(value).translate(_ESCAPES)


def rounds_of(rows: Iterable[Row]) -> list[list[Row]]:
    """Return ``rows`` in rounds: the n-th statement about a subject goes to the n-th round.

    The merge is set-based, and a set has no order: within one round each subject stands once, and
    the rounds are merged one after the other.
    """
    rows = list(rows)
    if len({row.subject for row in rows}) == len(rows):
        return [rows] if rows else []
    count: dict[str, int] = {}
    rounds: list[list[Row]] = []
    for row in rows:
        nth = count.get(row.subject, 0)
        count[row.subject] = nth + 1
        if nth == len(rounds):
            rounds.append([])
        rounds[nth].append(row)
    return rounds
