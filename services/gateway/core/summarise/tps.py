"""One TPS: how it is registered, what its forms say now, and every statement that was ever made about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import AwareDatetime, Field

from contracts.envelope import ClosedModel
from contracts.identifiers import Tingkat, c_hasil_subject, tps_subject
from contracts.verdict import Finding
from services.gateway.core.figure import Count, Coverage, Figure, newest
from services.gateway.core.mask import masked, public_text
from services.gateway.core.row import Row
from services.gateway.core.summarise.decision import Decision, decisions_by_version
from services.gateway.core.summarise.finding import finding_in
from services.gateway.core.summarise.form import RecordState, coverage_of
from services.gateway.core.summarise.perolehan import PerolehanSuara, perolehan_of
from services.gateway.core.summarise.wilayah import WilayahName, names_of, tps_name

_REVISION_BITS: Final = 32
_REVISION_MASK: Final = (1 << _REVISION_BITS) - 1
_LANE: Final = "hasil"


class Boxes(ClosedModel):
    """What stands in the boxes of a C.Hasil that are shown."""

    perolehan_suara: Annotated[list[PerolehanSuara] | None, Field(description="Null while block IV is unread.")]
    suara_sah: Figure
    suara_tidak_sah: Figure
    suara_total: Figure
    pemilih_dpt: Figure
    pengguna_total: Figure


class Version(ClosedModel):
    """One statement about a record, with what became of it."""

    office: Annotated[str, Field(description="Whose statement it is.")]
    epoch: Annotated[int, Field(description="Epoch of its revision.")]
    revision: int
    sequence: Annotated[int, Field(description="Its number in the books of the office.")]
    id: str
    type: str
    base: Annotated[str | None, Field(description="Digest of the statement that it corrects.")]
    digest: str
    time: Annotated[AwareDatetime, Field(description="When it happened, by the office's word.")]
    recorded_time: AwareDatetime
    merged_time: AwareDatetime
    held: bool
    outcome: Literal["applied", "duplicate", "stale", "conflict"]
    current: Annotated[bool, Field(description="Whether the record stands at this statement.")]
    isi: Annotated[Boxes | None, Field(description="Of a C.Hasil: what it says; null for a retraction.")]
    findings: list[Finding]
    keputusan: Annotated[list[Decision], Field(description="What has been decided about it while it was held.")]


class Versions(ClosedModel):
    """The statements about one record, newest first."""

    total: Annotated[Count, Field(description="How many there are; the newest are listed.")]
    listed: list[Version]


class Registration(ClosedModel):
    """A TPS in the register of one pemilihan."""

    pemilihan: str
    state: RecordState
    conflicted: bool
    dpt_l: Figure
    dpt_p: Figure
    dpt: Figure
    alamat: str | None
    berlaku_mulai: date | None
    berlaku_sampai: date | None
    versi: Versions


class CHasil(ClosedModel):
    """The C.Hasil of one kontes."""

    kontes: str
    nama: str
    pemilihan: str
    state: RecordState
    conflicted: bool
    jenis_kejadian: str | None
    isi: Boxes
    versi: Versions


class TpsDetail(ClosedModel):
    """One TPS; its number names another place in the next pemilihan, so each is listed apart."""

    kode: str
    nama: str
    as_of: Annotated[AwareDatetime | None, Field(description="When anything in this answer last changed.")]
    induk: Annotated[list[WilayahName], Field(description="What contains it, from the provinsi down.")]
    pendaftaran: list[Registration]
    c_hasil: list[CHasil]


@dataclass(frozen=True, slots=True)
class FoundTps:
    """Everything the store says of one TPS, read in one snapshot."""

    kode: str
    path: Sequence[Row]
    """From the provinsi down to the desa."""
    registrations: Sequence[Row]
    forms: Sequence[Row]
    calon: Sequence[Row]
    versions: Sequence[Row]
    findings: Sequence[Row]
    decisions: Sequence[Row] = ()


def subjects_of(kode: str, registrations: Iterable[Row], forms: Iterable[Row]) -> list[str]:
    """Return what statements about this TPS are about."""
    return [tps_subject(row["pemilihan"], kode) for row in registrations] + [
        c_hasil_subject(row["kontes"], kode) for row in forms
    ]


def tps_of(found: FoundTps) -> TpsDetail:
    """Return the answer about one TPS."""
    registered = {row["pemilihan"] for row in found.registrations if _counts(row)}
    history = _History(found)
    return TpsDetail(
        kode=found.kode,
        nama=tps_name(found.kode),
        as_of=newest(row["as_of"] for rows in (found.registrations, found.forms) for row in rows),
        induk=names_of(found.path),
        pendaftaran=[_registration(found.kode, row, history) for row in found.registrations],
        c_hasil=[_c_hasil(found, row, history, registered=row["pemilihan"] in registered) for row in found.forms],
    )


def _counts(row: Row) -> bool:
    return row["state"] == "accepted" and not row["conflicted"]


def _registration(kode: str, row: Row, history: _History) -> Registration:
    coverage = Coverage(
        reported=int(_counts(row)),
        expected=1,
        held=int(row["state"] == "held" and not row["conflicted"]),
        conflict=int(row["conflicted"]),
        as_of=row["as_of"],
    )
    return Registration(
        pemilihan=row["pemilihan"],
        state=row["state"],
        conflicted=row["conflicted"],
        dpt_l=coverage.figure(row["dpt_l"]),
        dpt_p=coverage.figure(row["dpt_p"]),
        dpt=coverage.figure(row["dpt"]),
        alamat=None if row["alamat"] is None else masked(row["alamat"]),
        berlaku_mulai=row["berlaku_mulai"],
        berlaku_sampai=row["berlaku_sampai"],
        versi=history.of(tps_subject(row["pemilihan"], kode), row),
    )


def _c_hasil(found: FoundTps, row: Row, history: _History, *, registered: bool) -> CHasil:
    calon = [one for one in found.calon if one["kontes"] == row["kontes"]]
    figures = {name: row[name] for name in _BOX_OF_FIELD}
    suara = None if row["perolehan_suara"] is None else orjson.loads(row["perolehan_suara"])
    return CHasil(
        kontes=row["kontes"],
        nama=row["nama"],
        pemilihan=row["pemilihan"],
        state=row["state"],
        conflicted=row["conflicted"],
        jenis_kejadian=row["jenis_kejadian"],
        isi=_boxes(figures, suara, calon, coverage_of(row, registered=registered)),
        versi=history.of(c_hasil_subject(row["kontes"], found.kode), row, calon),
    )


_BOX_OF_FIELD: Final = {
    "suara_sah": "suara_sah",
    "suara_tidak_sah": "suara_tidak_sah",
    "suara_total": "suara_total",
    "pemilih_dpt": "pemilih_dpt_j",
    "pengguna_total": "pengguna_total_j",
}
"""Boxes of the form by the name under which they are shown."""


def _boxes(
    figures: Mapping[str, int | None], suara: Mapping[str, int | None] | None, calon: Sequence[Row], coverage: Coverage
) -> Boxes:
    return Boxes(
        perolehan_suara=None if suara is None else perolehan_of(calon, suara, coverage.figure),
        suara_sah=coverage.figure(figures["suara_sah"]),
        suara_tidak_sah=coverage.figure(figures["suara_tidak_sah"]),
        suara_total=coverage.figure(figures["suara_total"]),
        pemilih_dpt=coverage.figure(figures["pemilih_dpt"]),
        pengguna_total=coverage.figure(figures["pengguna_total"]),
    )


class _History:
    """The statements that were found, by what they are about."""

    def __init__(self, found: FoundTps) -> None:
        self._by_subject: dict[str, list[Row]] = {}
        for row in found.versions:
            self._by_subject.setdefault(row["subject"], []).append(row)
        self._findings: dict[tuple[int, int], list[Finding]] = {}
        for row in found.findings:
            self._findings.setdefault((row["epoch"], row["sequence"]), []).append(finding_in(_LANE, row))
        self._decisions = decisions_by_version(found.decisions)

    def of(self, subject: str, record: Row, calon: Sequence[Row] = ()) -> Versions:
        """Return the statements about ``subject``, which stands as in ``record``."""
        rows = self._by_subject.get(subject, [])
        return Versions(
            total=rows[0]["total"] if rows else 0, listed=[self._version(row, record, calon) for row in rows]
        )

    def _version(self, row: Row, record: Row, calon: Sequence[Row]) -> Version:
        current = (row["epoch"], row["sequence"]) == (record["epoch"], record["sequence"])
        return Version(
            office=row["office"],
            epoch=row["version"] >> _REVISION_BITS,
            revision=row["version"] & _REVISION_MASK,
            sequence=row["sequence"],
            id=public_text(_LANE, row["id"]),
            type=row["type"],
            base=None if row["base"] is None else row["base"].hex,
            digest=row["digest"].hex,
            time=row["time"],
            recorded_time=row["recorded_time"],
            merged_time=row["merged_time"],
            held=row["held"],
            outcome=row["outcome"],
            current=current,
            isi=_stated(row, record, calon, current=current) if row["type"] == "c_hasil.recorded.v1" else None,
            findings=self._findings.get((row["epoch"], row["sequence"]), []),
            # Nobody decides about what was not held, even where it says the same.
            keputusan=self._decisions.get((row["office"], row["digest"]), []) if row["held"] else [],
        )


def _stated(row: Row, record: Row, calon: Sequence[Row], *, current: bool) -> Boxes:
    """Return what a statement says. It is shown as it was made; only where it counts is it said to be reported."""
    data: dict[str, Any] = orjson.loads(row["data"])
    counts = current and _counts(record) and record["terbaca"]
    coverage = Coverage(
        reported=1 if counts else None,
        expected=1 if current or row["outcome"] == "conflict" else None,
        held=int(current and record["state"] == "held" and not record["conflicted"]),
        conflict=int(record["conflicted"] and row["version"] == record["version"]),
        as_of=row["merged_time"],
    )
    figures = {name: data.get(field) for name, field in _BOX_OF_FIELD.items()}
    return _boxes(figures, votes_in(data), calon, coverage)


def votes_in(data: Mapping[str, Any]) -> dict[str, int | None] | None:
    """Return the votes on a form by option: a vote for a party is one of them, like one for its candidate."""
    votes: dict[str, int | None] | None = data.get("perolehan_suara")
    parties: Mapping[str, Any] | None = data.get("perolehan_partai")
    if parties is None:
        return votes
    votes = dict(votes or {})
    for party, rows in parties.items():
        votes[party] = rows["suara_partai"]
        votes.update(rows["suara_calon"])
    return votes


def desa_of(kode: str) -> str:
    """Return the code of the desa that a TPS lies in."""
    return kode[: Tingkat.DESA]
