"""GET /v1/contracts: whoever is told to use an event type of the contract can read there which ones there are."""

from __future__ import annotations

from pathlib import Path

import httpx
from jsonschema import Draft202012Validator

import contracts
from contracts.envelope import EVENT_TYPES
from contracts.problems import CATALOGUE
from tests.builders import a_c_hasil, a_submission


async def test_every_event_type_leads_to_schemas_that_judge_as_they_are_published(gateway: httpx.AsyncClient) -> None:
    index = (await gateway.get("/v1/contracts")).json()
    assert {one["type"] for one in index["events"]} == {kind.name for kind in EVENT_TYPES}
    listed = set(index["documents"])
    assert all({one["submission"], one["shape"]} <= listed for one in index["events"])
    [form] = [one for one in index["events"] if one["type"] == "c_hasil.recorded.v1"]
    schema = (await gateway.get(form["submission"])).json()
    sent = a_submission(a_c_hasil(), id="hasil-1")
    assert Draft202012Validator(schema).is_valid(sent)
    assert not Draft202012Validator(schema).is_valid({**sent, "data": {**sent["data"], "suara_sah": -1}})
    again = await gateway.get("/v1/contracts/asyncapi.json")
    assert again.content == Path(contracts.__file__).with_name("asyncapi.json").read_bytes()
    kept = await gateway.get("/v1/contracts/asyncapi.json", headers={"If-None-Match": again.headers["etag"]})
    assert kept.status_code == 304


async def test_every_refusal_is_in_the_catalogue_and_no_other_file_is_served(gateway: httpx.AsyncClient) -> None:
    problems = (await gateway.get((await gateway.get("/v1/contracts")).json()["problems"])).json()["problems"]
    assert {one["code"] for one in problems} == set(CATALOGUE)
    for name in ("schemas/json_schema.py", "rules.json", "../pyproject.toml", "schemas/../codec.py"):
        answer = await gateway.get(f"/v1/contracts/{name.replace('..', '%2e%2e')}")
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT-FOUND"), name
