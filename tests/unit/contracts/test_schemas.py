"""The published schemas: what is committed is what the models say, and it is well formed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft202012Validator

from contracts import schemas
from contracts.envelope import EVENT_TYPES
from contracts.identifiers import LANES
from contracts.reference.wilayah import wilayah_of
from contracts.schemas.asyncapi import asyncapi
from contracts.schemas.json_schema import DIALECT, submission_name
from contracts.schemas.json_schema import schemas as json_schemas
from contracts.topics import all_topics

CONTRACTS: Final = Path(schemas.__file__).parent.parent
DOCUMENT: Final = asyncapi()


def test_the_committed_files_are_what_the_models_say() -> None:
    wanted = schemas.documents()
    stale = [path for path, text in wanted.items() if _committed(path) != text]
    gone = sorted({f"schemas/{file.name}" for file in CONTRACTS.glob("schemas/*.json")} - set(wanted))
    assert not stale, f"changed models, old files {stale}: run `{schemas.COMMAND}` and review the diff"
    assert not gone, f"no model makes {gone} any more: run `{schemas.COMMAND}`"


def test_generating_twice_gives_the_same_bytes() -> None:
    assert schemas.documents() == schemas.documents()


@pytest.mark.parametrize("name", sorted(json_schemas()))
def test_every_schema_is_a_schema(name: str) -> None:
    schema = json_schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert schema["$id"].endswith(f":{name}")


@pytest.mark.parametrize("kind", list(EVENT_TYPES), ids=lambda kind: kind.name)
def test_every_event_type_says_what_satu_data_asks(kind: Any) -> None:
    for name in (kind.name, submission_name(kind)):
        schema = json_schemas()[name]
        about = schema["x-standar-data"]
        assert about["id"] == kind.name
        assert about["version"] >= 1
        assert about["owner"]
        assert about["berlaku_mulai"] < "2026"
        assert len(about["definisi"].split()) > 10
        assert schema["description"] == about["definisi"]


def test_every_figure_of_a_form_has_a_unit() -> None:
    form = json_schemas()["c_hasil.recorded.v1"]["$defs"]["CHasilV1"]["properties"]
    figures = {name: field for name, field in form.items() if '"integer"' in json.dumps(field)}
    assert len(figures) > 25
    assert {name for name, field in figures.items() if "x-satuan" not in field} == set()


def test_the_document_names_every_topic_and_no_other() -> None:
    offices = wilayah_of("32").offices
    addresses = {
        channel["address"].replace("{office}", office)
        for channel in DOCUMENT["channels"].values()
        for office in offices
    }
    assert addresses == {topic.name for topic in all_topics(offices)}


def test_the_document_tells_partitions_and_lifetimes_as_they_are_created() -> None:
    created = {topic.name: topic for topic in all_topics(["3279"])}
    for channel in DOCUMENT["channels"].values():
        topic = created[channel["address"].replace("{office}", "3279")]
        binding = channel["bindings"]["kafka"]
        assert binding["partitions"] == topic.partitions
        assert binding["topicConfiguration"]["retention.ms"] == int(topic.config["retention.ms"])
        assert binding["topicConfiguration"]["cleanup.policy"] == [topic.config["cleanup.policy"]]


def test_every_reference_in_the_document_leads_somewhere() -> None:
    for reference in _references(DOCUMENT):
        if reference.startswith("#/"):
            place: Any = DOCUMENT
            for part in reference.removeprefix("#/").split("/"):
                place = place[part]
        else:
            assert (CONTRACTS / reference).is_file(), reference


def test_every_topic_has_a_sender_and_a_receiver() -> None:
    for name in DOCUMENT["channels"]:
        actions = {
            operation["action"]
            for operation in DOCUMENT["operations"].values()
            if operation["channel"]["$ref"] == f"#/channels/{name}"
        }
        assert actions == {"send", "receive"}, name


def test_every_operation_speaks_of_messages_of_its_channel() -> None:
    for name, operation in DOCUMENT["operations"].items():
        channel = operation["channel"]["$ref"]
        for message in operation["messages"]:
            assert message["$ref"].startswith(f"{channel}/messages/"), name


def test_every_event_type_travels_in_its_lane() -> None:
    for lane in LANES:
        lines = DOCUMENT["components"]["messages"][lane]["payload"]["schema"]["oneOf"]
        assert {line["$ref"] for line in lines} == {
            f"schemas/{kind.name}.json" for kind in EVENT_TYPES if kind.lane == lane
        }


def test_the_document_has_the_form_of_asyncapi_3() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"info", "channels", "operations", "components"} <= set(DOCUMENT)
    ApplicationSchema.model_validate(DOCUMENT)


def _committed(path: str) -> bytes:
    file = CONTRACTS / path
    return file.read_bytes() if file.exists() else b""


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for inner in value.values() for found in _references(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in _references(inner)]
    return []
