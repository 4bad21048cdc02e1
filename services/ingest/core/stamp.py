"""Stamps: gives each statement its place in the numbering of its office, or recognises that it has one.

Pure: what the ledger knows about the statements at hand comes in, what has to be written goes out. The
law: the same content as the newest one of a subject is no change; other content is the next revision, made from the
newest one; an id stands for one statement for ever. A statement that was rejected has had no effect, so saying it
again is a new one: an office that has mended the cause (registered the TPS) can send the same form again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson

from contracts.codec import data_of, line_of
from contracts.envelope import EVENT_TYPES
from contracts.identifiers import LANES, Lane, parse_subject, source_of
from services.ingest.core.refusal import Refusal
from services.ingest.core.statement import Statement, fingerprint_of, key_of

_DERIVED_DIGEST_HEX: Final = 12
"""Digits of the digest in a derived id: with place and epoch, enough that no other change ever has it."""

_DESA: Final = slice(len(b'{"desa":"'), len(b'{"desa":"') + 10)
_NO_PLACE: Final = b"0000000000"


class Entry(NamedTuple):
    """What the ledger knows about a subject: its newest revision and where that stands in the numbering."""

    epoch: int
    revision: int
    sequence: int
    digest: str
    """Empty when the content of the newest revision is not known any more."""
    retracted: bool
    rejected: bool


class Known(NamedTuple):
    """What is known about an id: the statement that it stands for."""

    lane: Lane
    epoch: int
    revision: int
    sequence: int
    fingerprint: bytes
    rejected: bool


class Numbering(NamedTuple):
    """How far the numbering of a lane has come."""

    epoch: int
    stamped: int


class Adopted(NamedTuple):
    """What the ledger would know of a line, had it not been lost."""

    key: bytes
    subject: str | None
    entry: Entry
    id: str
    fingerprint: bytes


class Receipt(NamedTuple):
    """What an office is told about a change that was taken, or had been."""

    nth: int
    """Place of the change in the request, from 0."""
    id: str
    lane: Lane
    epoch: int
    sequence: int
    subject: str | None
    """Never of a voter: a token is personal."""
    revision: int
    digest: str
    repeated: bool


@dataclass
class Stretch:
    """New lines of one lane, numbered without gaps from ``first`` on, with what the ledger has to remember of each."""

    lane: Lane
    epoch: int
    first: int
    lines: list[bytes] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    fingerprints: list[bytes] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    revisions: list[int] = field(default_factory=list)
    retractions: list[bool] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    places: list[bytes] = field(default_factory=list)
    """The desa of each voter, ten digits; zeros where a statement names none. Empty in the lane of results."""

    @property
    def last(self) -> int:
        """Sequence of the newest line; one before ``first`` while there is none."""
        return self.first + len(self.lines) - 1


@dataclass
class Stamped:
    """What became of some statements."""

    stretches: dict[Lane, Stretch]
    receipts: list[Receipt] = field(default_factory=list)
    aliases: dict[str, Known] = field(default_factory=dict)
    """Further ids that stand for a statement taken before."""
    refusals: list[tuple[int, Refusal]] = field(default_factory=list)


def stamp(  # noqa: PLR0913  # what is said, by whom, when, and what is known of it
    statements: Iterable[Statement],
    *,
    office: str,
    recordedtime: str,
    ledger: Mapping[bytes, Entry],
    ids: Mapping[str, Known],
    numbering: Mapping[Lane, Numbering],
    again: bool = False,
) -> Stamped:
    """Return lines, receipts and refusals for ``statements``, in their order.

    ``ledger`` and ``ids`` hold what is known about the keys and ids of the statements; a subject or id that
    occurs several times among them meets what the earlier ones left behind. With ``again`` the same content is
    no repetition: it is said once more on purpose, as the next revision.
    """
    source = source_of(office)
    newest, known = dict(ledger), dict(ids)
    stamped = Stamped({lane: Stretch(lane, numbering[lane].epoch, numbering[lane].stamped + 1) for lane in LANES})
    for said in statements:
        entry = newest.get(said.key)
        same_id = known.get(said.id) if said.id is not None else None
        if same_id is not None and same_id.fingerprint != said.fingerprint:
            seen = f"an id of {same_id.lane} {same_id.epoch}/{same_id.sequence}"
            stamped.refusals.append((said.nth, Refusal("ID-REUSED", "/id", seen, "an id for each statement")))
            continue
        if same_id is not None and not same_id.rejected:
            stamped.receipts.append(_receipt(said, said.id or "", same_id))
            continue
        if entry is not None and not again and not entry.rejected and _says_nothing_new(said, entry):
            first = Known(said.lane, entry.epoch, entry.revision, entry.sequence, said.fingerprint, rejected=False)
            # An id that was not given is the one that the change got when it was taken, or would have got.
            alias = said.id or derived_id(office, said.lane, entry.epoch, entry.sequence, entry.digest)
            if alias not in known or known[alias].rejected:
                known[alias] = stamped.aliases[alias] = first
            stamped.receipts.append(_receipt(said, alias, first, digest=entry.digest))
            continue
        refusal = _refusal(said, entry)
        if refusal is not None:
            stamped.refusals.append((said.nth, refusal))
            continue
        stretch = stamped.stretches[said.lane]
        sequence = stretch.first + len(stretch.lines)
        revision = 1 if entry is None else entry.revision + 1
        identity = said.id or derived_id(office, said.lane, stretch.epoch, sequence, said.digest)
        stretch.lines.append(
            line_of(
                id=identity,
                source=source,
                type=said.type,
                subject=said.subject,
                time=said.time or recordedtime,
                recordedtime=recordedtime,
                epoch=stretch.epoch,
                revision=revision,
                sequence=sequence,
                base=None if entry is None else entry.digest or None,
                digest=said.digest,
                data=said.data,
                traceparent=said.traceparent,
            )
        )
        stretch.ids.append(identity)
        stretch.fingerprints.append(said.fingerprint)
        stretch.keys.append(said.key)
        stretch.digests.append(said.digest)
        stretch.revisions.append(revision)
        stretch.retractions.append(said.is_retraction)
        stretch.subjects.append(said.subject)
        if said.lane == "pemilih":
            # Canonical data has its keys in order, and no key of a voter comes before this one.
            stretch.places.append(_NO_PLACE if said.is_retraction else said.data[_DESA])
        # By position: every voter of the province passes here, and names cost twice as much.
        newest[said.key] = Entry(stretch.epoch, revision, sequence, said.digest, said.is_retraction, False)  # noqa: FBT003
        known[identity] = taken = Known(said.lane, stretch.epoch, revision, sequence, said.fingerprint, False)  # noqa: FBT003
        stamped.receipts.append(_receipt(said, identity, taken, repeated=False))
    return stamped


def derived_id(office: str, lane: Lane, epoch: int, sequence: int, digest: str) -> str:
    """Return the id of a change whose sender gave none: its place, and a piece of a digest over sealed content."""
    return f"{office}-{lane}-{epoch}-{sequence}-{digest[:_DERIVED_DIGEST_HEX]}"


def said_in(line: bytes) -> Statement:
    """Return the statement behind a line that this office has stamped.

    Raises:
        ValueError: the line is none that ingest writes.
    """
    try:
        change: dict[str, Any] = orjson.loads(line)
        kind = EVENT_TYPES.get(change["type"])
        parsed = parse_subject(change["subject"])
        if kind is None or parsed is None:
            message = "a line of an unknown type or subject"
            raise ValueError(message)
        subject, digest = change["subject"], change["digest"]
        return Statement(
            nth=0,
            id=change["id"],
            type=kind.name,
            lane=kind.lane,
            is_retraction=kind.is_retraction,
            subject=subject,
            key=bytes.fromhex(parsed.key) if kind.lane == "pemilih" else key_of(subject),
            digest=digest,
            fingerprint=fingerprint_of(subject, digest, is_retraction=kind.is_retraction),
            data=data_of(line),
            time=change["time"],
            base=None,
            traceparent=change.get("traceparent"),
        )
    except (KeyError, TypeError) as error:
        message = "a line without the attributes of a change"
        raise ValueError(message) from error


def adopted_from(line: bytes) -> Adopted:
    """Return what the ledger remembers of a line of its own topic.

    Raises:
        ValueError: the line is none that ingest writes.
    """
    said = said_in(line)
    change: dict[str, Any] = orjson.loads(line)
    assert said.id is not None, "a stamped line has an id"
    entry = Entry(
        change["epoch"],
        change["revision"],
        change["sequence"],
        said.digest,
        retracted=said.is_retraction,
        rejected=False,
    )
    return Adopted(said.key, None if said.lane == "pemilih" else said.subject, entry, said.id, said.fingerprint)


def _says_nothing_new(said: Statement, entry: Entry) -> bool:
    if said.is_retraction and entry.retracted:
        return True
    return said.digest == entry.digest and said.is_retraction == entry.retracted


def _refusal(said: Statement, entry: Entry | None) -> Refusal | None:
    if said.is_retraction and entry is None:
        seen = "a record of this office's own" if said.lane == "pemilih" else said.subject
        return Refusal("RECORD-UNKNOWN", "/subject", seen, "a record that was sent before")
    if said.base is None:
        return None
    current = "" if entry is None else entry.digest
    if said.base != current:
        return Refusal("BASE-OUTDATED", "/base", said.base, current or "no base: there is no version yet")
    return None


def _receipt(
    said: Statement, identity: str, known: Known, *, digest: str | None = None, repeated: bool = True
) -> Receipt:
    return Receipt(
        said.nth,
        identity,
        known.lane,
        known.epoch,
        known.sequence,
        None if known.lane == "pemilih" else said.subject,
        known.revision,
        digest or said.digest,
        repeated,
    )
