"""Reads one change as an office sends it: checked against the contract, its subject derived, a voter sealed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from contracts.codec import canonical_data, digest_of
from contracts.envelope import ClosedModel
from contracts.events import CHasilV1, DHasilV1, JadwalV1, KeputusanV1, RekapPdpbV1, TpsV1
from contracts.identifiers import (
    Lane,
    Tingkat,
    c_hasil_subject,
    d_hasil_subject,
    jadwal_subject,
    keputusan_subject,
    parse_subject,
    pemilih_subject,
    rekap_pdpb_subject,
    source_of,
    tps_subject,
)
from contracts.personal import PersonalKeys
from contracts.submission import SUBMISSION_TYPES, PemilihRetractionV1, PemilihSubmissionV1, Submission, SubmissionType
from services.ingest.core.refusal import RefusedError, refuse, refused_by_shape, type_named, unreadable
from services.ingest.core.seal import keep_private, sealed

CHANGE_BYTES_MAX: Final = 256 * 1024
"""One change as it is sent: forty times the largest form, half a Kafka record."""

_TYPE: Final = b'"type":"'
# Where the office's clock is so wrong that the provincial store could not hold its time, the time is refused.
_YEAR_MIN: Final = 1900
_YEAR_MAX: Final = 2999
_VALIDATORS: Final = {
    kind.encode(): (entry, entry.model.__pydantic_validator__) for kind, entry in SUBMISSION_TYPES.items()
}
# A plain number: an enum in a slice costs as much as what it is compared with.
_KABUPATEN_DIGITS: Final = Tingkat.KABUPATEN.value
_CONTROL: Final = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0))))

# Nothing derives from these shapes. What an office decides is its own; all else names its owner itself.
_SUBJECTS: Final[dict[type[ClosedModel], Callable[[Any, str], str]]] = {
    TpsV1: lambda about, _: tps_subject(about.pemilihan, about.tps),
    CHasilV1: lambda about, _: c_hasil_subject(about.kontes, about.tps),
    DHasilV1: lambda about, _: d_hasil_subject(about.kontes, about.jalur, about.wilayah),
    RekapPdpbV1: lambda about, _: rekap_pdpb_subject(about.periode, about.wilayah),
    JadwalV1: lambda about, _: jadwal_subject(about.tahap, about.kantor),
    KeputusanV1: lambda about, office: keputusan_subject(office, about.sasaran),
}


class Statement(NamedTuple):
    """What an office says about one record, ready to be stamped; nothing in it is personal in clear."""

    nth: int
    """Place of the change in the request, from 0."""
    id: str | None
    type: str
    lane: Lane
    is_retraction: bool
    subject: str
    key: bytes
    """Sixteen bytes that stand for the subject in the ledger: a voter's token, or a hash of the subject."""
    digest: str
    fingerprint: bytes
    """Sixteen bytes that stand for type, subject and content: equal for the same statement under one id."""
    data: bytes
    time: str | None
    base: str | None
    traceparent: str | None


class Reader:
    """Reads what one office sends."""

    def __init__(self, office: str, keys: PersonalKeys) -> None:
        """Read for ``office``, sealing with ``keys``."""
        self._office = office
        self._source = source_of(office)
        self._keys = keys
        self._keeps_voters = len(office) == Tingkat.KABUPATEN

    def read(self, line: bytes, nth: int) -> Statement:
        """Return what ``line`` states.

        Raises:
            RefusedError: it is no change that this office can make; every reason found is named.
        """
        if len(line) > CHANGE_BYTES_MAX:
            raise refuse(code="LINE-TOO-LARGE", seen=f"{len(line)} bytes", expected=f"at most {CHANGE_BYTES_MAX} bytes")
        kind, sent = _validated(line)
        _check_keys_are_single(line, sent)
        _check_text(line, sent)
        if sent.source is not None and sent.source != self._source:
            raise refuse(code="SOURCE-FOREIGN", pointer="/source", seen=sent.source, expected=self._source)
        time = None
        if sent.time is not None:
            if not _YEAR_MIN <= sent.time.year <= _YEAR_MAX:
                expected = f"a year from {_YEAR_MIN} to {_YEAR_MAX}"
                raise refuse(
                    code="FIELD-INVALID", pointer="/time", seen=f"the year {sent.time.year}", expected=expected
                )
            time = sent.time.isoformat()
        event, about = kind.event, sent.data
        if isinstance(about, PemilihSubmissionV1):
            keep_private({"/id": sent.id, "/data/dokumen": about.dokumen}, about.nik, about.nkk)
            self._check_own(about.desa[:_KABUPATEN_DIGITS], "/data/desa", voters=True)
            subject, token, data = sealed(about, self._office, self._keys)
            key = bytes.fromhex(token)
        elif isinstance(about, PemilihRetractionV1):
            texts = {"/data/alasan": about.alasan, "/data/dokumen": about.dokumen, "/data/jabatan": about.jabatan}
            keep_private({"/id": sent.id, **texts}, about.nik)
            self._check_own(self._office, "/data/nik", voters=True)
            token = self._keys.nik_token(about.nik)
            subject, key = pemilih_subject(self._office, token), bytes.fromhex(token)
            data = canonical_data(about.model_dump(mode="json", exclude_defaults=True, exclude={"nik"}))
        else:
            said = about if isinstance(about, KeputusanV1) else getattr(about, "koreksi", None)
            if said is not None:
                # Whoever writes why is close to writing who it is about.
                at = "/data" if said is about else "/data/koreksi"
                keep_private({f"{at}/{name}": getattr(said, name) for name in ("alasan", "dokumen", "jabatan")})
            subject = self._subject_of(about) or self._retracted(sent, event.noun)
            self._check_own(_owner(subject), "/subject" if event.is_retraction else "/data", voters=False)
            key = key_of(subject)
            data = canonical_data(about.model_dump(mode="json", exclude_defaults=True))
        if sent.subject is not None and sent.subject != subject:
            personal = event.lane == "pemilih"
            raise refuse(
                code="SUBJECT-MISMATCH",
                pointer="/subject",
                seen="another subject" if personal else sent.subject,
                expected="the subject of this NIK" if personal else subject,
            )
        digest = digest_of(event.name, data)
        return Statement(
            nth,
            sent.id,
            event.name,
            event.lane,
            event.is_retraction,
            subject,
            key,
            digest,
            fingerprint_of(subject, digest, is_retraction=event.is_retraction),
            data,
            time,
            sent.base,
            sent.traceparent,
        )

    def _check_own(self, owner: str, pointer: str, *, voters: bool) -> None:
        if owner != self._office:
            raise refuse(code="SUBJECT-FOREIGN", pointer=pointer, seen=f"a record of {owner}", expected=self._office)
        if voters and not self._keeps_voters:
            raise refuse(
                code="SUBJECT-FOREIGN", pointer=pointer, seen="a voter", expected="voters are kept by kabupaten"
            )

    def _subject_of(self, about: ClosedModel) -> str | None:
        """Return the subject that a record names itself; ``None`` for a retraction."""
        name = _SUBJECTS.get(type(about))
        return None if name is None else name(about, self._office)

    def _retracted(self, sent: Submission[Any], noun: str) -> str:
        """Return the subject that a retraction names."""
        if sent.subject is None:
            raise refuse(code="SUBJECT-MISSING", pointer="/subject", seen="nothing", expected=f"a subject {noun}/…")
        parsed = parse_subject(sent.subject)
        if parsed is None or parsed.noun != noun:
            raise refuse(code="SUBJECT-MISMATCH", pointer="/subject", seen=sent.subject, expected=f"a subject {noun}/…")
        return sent.subject


def key_of(text: str) -> bytes:
    """Return sixteen bytes that stand for ``text``."""
    return hashlib.sha256(text.encode()).digest()[:16]


def fingerprint_of(subject: str, digest: str, *, is_retraction: bool) -> bytes:
    """Return sixteen bytes that stand for a statement: type, subject and content.

    A retraction's data names no record, so its digest alone would be the same for all of them.
    """
    return key_of(f"{subject} {digest}") if is_retraction else bytes.fromhex(digest)


def names_results(body: bytes) -> bool:
    """Return whether a body seems to be about results, by a look at its beginning; it decides about turns only."""
    return b"pemilih." not in body[:4096]


def _validated(line: bytes) -> tuple[SubmissionType, Submission[Any]]:
    """Return the shape that fits the type a line names, and the line read in it."""
    start = line.find(_TYPE) + len(_TYPE)
    named = line[start : line.find(b'"', start)] if start >= len(_TYPE) else b""
    known = _VALIDATORS.get(named)
    if known is not None:
        try:
            return known[0], known[1].validate_json(line)
        except ValidationError as error:
            # The first `"type"` in the bytes need not be the event's own: look again before complaining.
            if type_named(line) in {named.decode(), None}:
                raise _explained(line, error, personal=b"pemilih" in named) from None
    kind = type_named(line)
    slow = _VALIDATORS.get(kind.encode("utf-8", "replace")) if kind is not None else None
    if slow is None:
        raise unreadable(line)
    try:
        return slow[0], slow[1].validate_json(line)
    except ValidationError as error:
        raise _explained(line, error, personal=slow[0].event.lane == "pemilih") from None


def _explained(line: bytes, error: ValidationError, *, personal: bool) -> RefusedError:
    if error.errors(include_url=False, include_context=False, include_input=False)[0]["type"] == "json_invalid":
        explained = unreadable(line)
        if explained.refusals[0].code in {"JSON-INVALID", "ENCODING-INVALID"}:
            return explained
    return refused_by_shape(error, personal=personal)


def _check_keys_are_single(line: bytes, sent: Submission[Any]) -> None:
    """Refuse a key that stands twice in one object: readers differ in which of the two they take.

    In a voter's line a count of the keys tells; only where that leaves doubt are they looked at one by one.
    """
    if isinstance(sent.data, PemilihSubmissionV1):
        keys = len(sent.model_fields_set) + len(sent.data.model_fields_set)
        # A key is followed by its colon, unless there is space before the colon.
        spaced = b" :" in line or b"\t" in line or line.find(b"\r", 0, -1) >= 0 or b"\n" in line
        if not spaced and line.count(b'":') == keys:
            return
    json.loads(line, object_pairs_hook=_without_repetition)


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise refuse(code="JSON-KEY-TWICE", seen="a key that stands twice in one object", expected="every key once")
    return found


def _check_text(line: bytes, sent: Submission[Any]) -> None:
    """Refuse control characters, and digits of other scripts in a code.

    A line without escapes, DEL or other than ASCII can hold neither.
    """
    if b"\\" not in line and b"\x7f" not in line and line.isascii():
        return
    for pointer, text in _texts(sent.data.model_dump(mode="json"), "/data"):
        if not _CONTROL.isdisjoint(text):
            raise refuse(code="TEXT-CONTROL", pointer=pointer, seen="a control character", expected="printable text")
    codes = {"/data/desa", "/data/tps", "/data/wilayah", "/data/kontes", "/data/pemilihan"}
    for pointer, text in _texts(sent.data.model_dump(mode="json"), "/data"):
        if (pointer in codes or pointer.endswith("~key")) and not text.isascii():
            raise refuse(
                code="FIELD-INVALID", pointer=pointer.removesuffix("~key"), seen="other digits", expected="0 to 9"
            )


def _texts(value: Any, pointer: str) -> Iterable[tuple[str, str]]:
    """Yield every text in ``value`` with its place; keys under a place that ends with ``~key``."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield f"{pointer}~key", key
            yield from _texts(inner, f"{pointer}/{key}")
    elif isinstance(value, list):
        for nth, inner in enumerate(value):
            yield from _texts(inner, f"{pointer}/{nth}")


def _owner(subject: str) -> str:
    parsed = parse_subject(subject)
    assert parsed is not None, "a subject that was derived or parsed has an owner"
    return parsed.office
