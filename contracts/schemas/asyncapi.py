"""The AsyncAPI 3.0 document: every topic, what travels on it, who sends and who receives.

Names, partitions and lifetimes are read from ``contracts.topics``, shapes are referred to where
the JSON Schemas stand. Only who sends and who receives is said here.
"""

from __future__ import annotations

from typing import Any, Final

from contracts import batch, topics
from contracts.envelope import EVENT_TYPES, EventType
from contracts.identifiers import LANES, Lane
from contracts.schemas import json_schema

_OFFICE: Final = "3279"
"""Any office: the topics of all are alike."""
_BINDING: Final = "0.5.0"
_SCHEMA_FORMAT: Final = "application/schema+json;version=draft-2020-12"
_NDJSON: Final = "application/x-ndjson"
_JSON: Final = "application/json"
_KEY_PATTERN_OFFICE: Final = "^[0-9]{2}([0-9]{2})?$"
_CARRIERS: Final = (
    ("ingest", "send", "submitted"),
    ("ingest", "receive", "submitted"),
    ("validator", "receive", "submitted"),
    ("validator", "send", "accepted"),
    ("sync", "receive", "accepted"),
)
_REMEMBERED: Final = {
    "tps": (
        "The turns of a TPS in the register",
        "When the TPS was registered and taken out, as the validator remembers it; nobody else reads it.",
        json_schema.TURNS,
        "^tps/[a-z0-9-]{1,40}/[0-9]{13}$",
        "The subject of the TPS.",
    ),
    "penetapan": (
        "The turns of a ratified D.Hasil",
        "When it was ratified and taken back: what lies below it waits for the latter.",
        json_schema.TURNS,
        "^penetapan/[a-z0-9-]{1,40}/[0-9]{2,10}$",
        "Its kontes and wilayah.",
    ),
    "jadwal": (
        "The calendar of one office and tahap",
        "What the province stated last: what was late waits for a stretch to open.",
        json_schema.CALENDAR,
        "^jadwal/[a-z0-9-]{1,40}/[0-9]{2}([0-9]{2})?$",
        "The subject of the jadwal.",
    ),
    "edition": (
        "The rules or the lists of candidates that all validators judge with",
        "A digest of each: what was held by one that became another is said again.",
        json_schema.EDITION,
        "^(aturan|calon)$",
        "Rules by code, or lists by kontes and wilayah.",
    ),
}
_WHY: Final = {
    ("ingest", "send", "submitted"): "What offices push, stamped and numbered without gaps per office, lane and epoch.",
    ("ingest", "receive", "submitted"): "Its own topic alone, at start: a lost ledger is rebuilt from it.",
    ("validator", "receive", "submitted"): "Every change is judged on its own.",
    ("validator", "send", "accepted"): "Accepted and held lines, byte for byte, with findings beside them.",
    ("sync", "receive", "accepted"): "Merged with journal and offset in one transaction.",
    ("validator", "send", "rejected"): "Written before the batch is committed.",
    ("ingest", "receive", "rejected"): "Shown to the operator of the office.",
    ("sync", "receive", "rejected"): "Counted and shown to the province; held ones came beside the accepted batch.",
    (
        "validator",
        "send",
        "reference",
    ): "What it remembers, before the batch that made it is committed; and what it judges with, once all judge alike.",
    (
        "validator",
        "receive",
        "reference",
    ): "Read to its end at start and on every assignment: its memory of the register.",
    ("ingest", "receive", "reference"): "What was held or rejected for a cause that is mended is said again.",
    ("ingest", "send", "progress"): "Heartbeat of one office and lane.",
    ("sync", "send", "progress"): "How far one office and lane is merged.",
    ("ingest", "receive", "progress"): "From which it derives that a change is merged.",
    ("sync", "receive", "progress"): "Heartbeats, for the status of each office.",
}


def asyncapi() -> dict[str, Any]:
    """Return the document."""
    found = {topic.name: topic for topic in topics.all_topics([_OFFICE])}
    channels = {
        **{f"submitted-{lane}": _submitted(lane, found) for lane in LANES},
        **{topics.accepted(lane): _accepted(lane, found) for lane in LANES},
        topics.REJECTED: _channel(
            found[topics.REJECTED],
            "Objections: every change that was held or rejected, and why.",
            ["objections"],
        ),
        topics.REFERENCE: _channel(
            found[topics.REFERENCE],
            "What lines are judged with: the newest record under each key counts.",
            ["tps", "penetapan", "jadwal", "edition"],
        ),
        topics.PROGRESS: _channel(
            found[topics.PROGRESS],
            "How far each service has come with each office and lane: the newest record under each key counts.",
            ["heartbeat", "merged"],
        ),
    }
    return {
        "asyncapi": "3.0.0",
        "id": "urn:satu-peta-data:topics",
        "info": {
            "title": "Satu Peta Data: topik Kafka",
            "version": f"{batch.CONTRACT_VERSION}.0.0",
            "description": (
                "Aliran data pemilih dan hasil pemilihan dari kantor KPU kabupaten/kota ke basis data provinsi. "
                "Each record carries a batch of changes of one office and lane, one canonical line each; "
                "all topics are created by `python -m services.runtime.topics`, none by accident."
            ),
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            "tags": [{"name": name} for name in ("ingest", "validator", "sync")],
        },
        "defaultContentType": _NDJSON,
        "channels": channels,
        "operations": _operations(),
        "components": {"messages": _messages()},
    }


def _submitted(lane: Lane, found: dict[str, topics.Topic]) -> dict[str, Any]:
    topic = found[topics.submitted(_OFFICE, lane)]
    channel = _channel(topic, f"Changes of one office in the lane {lane}, as its ingest stamped them.", [lane])
    office = {"description": "Kemendagri code of the office: two digits for the province, four for a kabupaten."}
    # No name of a topic in the binding: there is one for every office.
    del channel["bindings"]["kafka"]["topic"]
    return {**channel, "address": topics.submitted("{office}", lane), "parameters": {"office": office}}


def _accepted(lane: Lane, found: dict[str, topics.Topic]) -> dict[str, Any]:
    about = (
        f"Changes of the lane {lane} that the validator accepted or held. "
        "The partition is the office's place in the sorted list of offices, modulo the number of partitions."
    )
    return _channel(found[topics.accepted(lane)], about, [f"judged-{lane}"])


def _channel(topic: topics.Topic, about: str, messages: list[str]) -> dict[str, Any]:
    config = topic.config
    return {
        "address": topic.name,
        "description": about,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {
                    "cleanup.policy": [config["cleanup.policy"]],
                    "retention.ms": int(config["retention.ms"]),
                    "max.message.bytes": int(config["max.message.bytes"]),
                },
                "bindingVersion": _BINDING,
            }
        },
    }


def _operations() -> dict[str, Any]:
    operations: dict[str, Any] = {}
    for service, action, stream in _CARRIERS:
        for lane in LANES:
            channel = f"{stream}-{lane}"
            message = lane if stream == "submitted" else f"judged-{lane}"
            operations[f"{service}-{action}-{channel}"] = _operation(service, action, stream, channel, [message])
    for service, action, stream, messages in (
        ("validator", "send", topics.REJECTED, ["objections"]),
        ("ingest", "receive", topics.REJECTED, ["objections"]),
        ("sync", "receive", topics.REJECTED, ["objections"]),
        ("validator", "send", topics.REFERENCE, ["tps", "penetapan", "jadwal", "edition"]),
        ("validator", "receive", topics.REFERENCE, ["tps", "penetapan", "jadwal", "edition"]),
        ("ingest", "receive", topics.REFERENCE, ["penetapan", "jadwal", "edition"]),
        ("ingest", "send", topics.PROGRESS, ["heartbeat"]),
        ("sync", "send", topics.PROGRESS, ["merged"]),
        ("ingest", "receive", topics.PROGRESS, ["merged"]),
        ("sync", "receive", topics.PROGRESS, ["heartbeat"]),
    ):
        operations[f"{service}-{action}-{stream}"] = _operation(service, action, stream, stream, messages)
    return operations


def _operation(service: str, action: str, stream: str, channel: str, messages: list[str]) -> dict[str, Any]:
    return {
        "action": action,
        "summary": _WHY[service, action, stream],
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in messages],
        "tags": [{"name": service}],
    }


def _messages() -> dict[str, Any]:
    office = {"type": "string", "pattern": _KEY_PATTERN_OFFICE, "description": "The office."}
    messages: dict[str, Any] = {}
    for lane in LANES:
        kinds = [kind for kind in EVENT_TYPES if kind.lane == lane]
        messages[lane] = _batch_of(
            kinds,
            f"Up to {topics.CHANGES_PER_RECORD_MAX} changes and {topics.BYTES_PER_RECORD_MAX} bytes of one office.",
            key=office,
        )
        messages[f"judged-{lane}"] = _batch_of(
            kinds,
            "The lines of a submitted record that were not rejected, unaltered; the stretch still counts all of them.",
            key=office,
            findings=True,
        )
    lines = [{"$ref": f"schemas/{json_schema.OBJECTION}.json"}]
    messages["objections"] = {
        "title": "Objections to changes of one office and lane",
        "summary": "One objection on each line.",
        "contentType": _NDJSON,
        "headers": _headers(findings=False),
        "payload": _payload({"description": "The schema of each line of the value.", "anyOf": lines}),
        "bindings": _kafka_key(office),
    }
    messages |= {name: _remembered(*about) for name, about in _REMEMBERED.items()}
    messages["heartbeat"] = _progress(
        "Ingest: what was taken and what has reached Kafka", json_schema.HEARTBEAT, "ingest"
    )
    messages["merged"] = _progress("Sync: what has its final outcome in the store", json_schema.MERGED, "sync")
    return messages


def _remembered(title: str, summary: str, schema: str, pattern: str, key: str) -> dict[str, Any]:
    return {
        "title": title,
        "summary": summary,
        "contentType": _JSON,
        "payload": _payload({"$ref": f"schemas/{schema}.json"}),
        "bindings": _kafka_key({"type": "string", "pattern": pattern, "description": key}),
    }


def _batch_of(kinds: list[EventType], summary: str, *, key: dict[str, Any], findings: bool = False) -> dict[str, Any]:
    lines = [{"$ref": f"schemas/{kind.name}.json"} for kind in kinds]
    return {
        "title": "Changes of one office and lane",
        "summary": summary,
        "contentType": _NDJSON,
        "headers": _headers(findings=findings),
        "payload": _payload({"description": "The schema of each line of the value.", "oneOf": lines}),
        "bindings": _kafka_key(key),
    }


def _headers(*, findings: bool) -> dict[str, Any]:
    headers = {batch.HEADER: _json_text("Whose changes these are and which.", json_schema.BATCH_HEADER)}
    if findings:
        headers[batch.FINDINGS_HEADER] = _json_text(
            "What the rules found, by sequence; absent when they found nothing.", json_schema.FINDINGS_HEADER
        )
    return _payload({"type": "object", "required": [batch.HEADER], "properties": headers})


def _json_text(about: str, schema: str) -> dict[str, Any]:
    return {
        "type": "string",
        "description": about,
        "contentMediaType": _JSON,
        "contentSchema": {"$ref": f"schemas/{schema}.json"},
    }


def _progress(title: str, schema: str, service: str) -> dict[str, Any]:
    key = {
        "type": "string",
        "pattern": f"^[0-9]{{2}}([0-9]{{2}})?/({'|'.join(LANES)})/{service}$",
        "description": "Office, lane and the service that speaks.",
    }
    return {
        "title": title,
        "contentType": _JSON,
        "payload": _payload({"$ref": f"schemas/{schema}.json"}),
        "bindings": _kafka_key(key),
    }


def _payload(schema: dict[str, Any]) -> dict[str, Any]:
    return {"schemaFormat": _SCHEMA_FORMAT, "schema": schema}


def _kafka_key(key: dict[str, Any]) -> dict[str, Any]:
    return {"kafka": {"key": key, "bindingVersion": _BINDING}}
