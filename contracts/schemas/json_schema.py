"""JSON Schemas (2020-12) of everything that travels between an office and the province."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from contracts.batch import BatchHeader, LineFindings
from contracts.envelope import EVENT_TYPES, EventType
from contracts.objection import Objection
from contracts.problems import Problem
from contracts.progress import Heartbeat, Merged
from contracts.remembered import CalendarEntry, Edition, Entry
from contracts.submission import SUBMISSION_TYPES

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ID: Final = "urn:satu-peta-data:schema:"

BATCH_HEADER: Final = "batch-header"
FINDINGS_HEADER: Final = "findings-header"
OBJECTION: Final = "objection"
HEARTBEAT: Final = "progress.heartbeat"
MERGED: Final = "progress.merged"
PROBLEM: Final = "problem"
TURNS: Final = "reference.turns"
CALENDAR: Final = "reference.calendar"
EDITION: Final = "reference.edition"

# What is written, not what is read: a service always writes fields that have a default.
_WRITTEN: Final[JsonSchemaMode] = "serialization"


def schemas() -> dict[str, dict[str, Any]]:
    """Return every schema by name, in order of name."""
    found: dict[str, dict[str, Any]] = {}
    for kind in EVENT_TYPES:
        found[kind.name] = _event_schema(kind)
        found[submission_name(kind)] = _submission_schema(kind)
    found[BATCH_HEADER] = _named(BATCH_HEADER, "Header batch", _of(BatchHeader))
    found[FINDINGS_HEADER] = _named(FINDINGS_HEADER, "Header findings", _of(list[LineFindings]))
    found[OBJECTION] = _named(OBJECTION, "Keberatan: perubahan yang ditahan atau ditolak", _of(Objection))
    found[HEARTBEAT] = _named(HEARTBEAT, "Kemajuan ingest", _of(Heartbeat, _WRITTEN))
    found[MERGED] = _named(MERGED, "Kemajuan sync", _of(Merged, _WRITTEN))
    found[PROBLEM] = _named(PROBLEM, "Jawaban masalah (RFC 9457)", _of(Problem, _WRITTEN))
    found[TURNS] = _named(TURNS, "Pendaftaran atau penetapan menurut nomor perubahan", _of(Entry, _WRITTEN))
    found[CALENDAR] = _named(CALENDAR, "Jadwal yang berlaku", _of(CalendarEntry, _WRITTEN))
    found[EDITION] = _named(EDITION, "Aturan atau daftar calon yang dipakai menilai", _of(Edition, _WRITTEN))
    return dict(sorted(found.items()))


def submission_name(kind: EventType) -> str:
    """Return the name of the schema in which an office sends ``kind``."""
    return f"{kind.name}.submission"


def _event_schema(kind: EventType) -> dict[str, Any]:
    schema = _of(kind.change)
    schema["properties"]["type"]["description"] = "The event type, which says the shape of data."
    return _with_standar(kind, _named(kind.name, f"{kind.standar.judul} (setelah dicap)", schema))


def _submission_schema(kind: EventType) -> dict[str, Any]:
    name = submission_name(kind)
    schema = _of(SUBMISSION_TYPES[kind.name].model)
    return _with_standar(kind, _named(name, f"{kind.standar.judul} (seperti dikirim kantor)", schema))


def _of(model: Any, mode: JsonSchemaMode = "validation") -> dict[str, Any]:
    if isinstance(model, type) and issubclass(model, BaseModel):
        schema = model.model_json_schema(mode=mode)
    else:
        schema = TypeAdapter(model).json_schema(mode=mode)
    _close(schema)
    return schema


def _close(value: Any) -> None:
    """Refuse keys that no pattern names: pydantic refuses them and leaves that out of its schema."""
    if isinstance(value, dict):
        if "patternProperties" in value:
            value.setdefault("additionalProperties", False)
        for inner in value.values():
            _close(inner)
    elif isinstance(value, list):
        for inner in value:
            _close(inner)


def _named(name: str, title: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``schema`` with its identity first."""
    rest = {key: value for key, value in schema.items() if key != "title"}
    return {"$schema": DIALECT, "$id": f"{_ID}{name}", "title": title, **rest}


def _with_standar(kind: EventType, schema: dict[str, Any]) -> dict[str, Any]:
    """Return ``schema`` with what Satu Data asks for, and the unit beside every figure."""
    standar = kind.standar
    for model in schema["$defs"].values():
        for name, field in model.get("properties", {}).items():
            unit = next((unit for start, unit in standar.satuan.items() if name.startswith(start)), None)
            if unit is not None:
                field["x-satuan"] = unit
    about = {
        "id": kind.name,
        "version": kind.version,
        "owner": standar.pemilik,
        "definisi": standar.definisi,
        "satuan": dict(standar.satuan),
        "berlaku_mulai": standar.berlaku_mulai.isoformat(),
        "berlaku_sampai": standar.berlaku_sampai.isoformat() if standar.berlaku_sampai else None,
    }
    identity = {key: schema[key] for key in ("$schema", "$id", "title")}
    rest = {key: value for key, value in schema.items() if key not in identity and key != "description"}
    return {**identity, "description": standar.definisi, "x-standar-data": about, **rest}
