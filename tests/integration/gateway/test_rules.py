"""GET /v1/rules: the whole catalogue, one rule of it, and nothing twice to whoever has it."""

from __future__ import annotations

import httpx

from contracts.problems import MEDIA_TYPE
from contracts.rule_catalogue import RuleCatalogue, RuleEntry, rule_catalogue


async def test_the_catalogue_is_served_as_it_is_published(gateway: httpx.AsyncClient) -> None:
    answer = await gateway.get("/v1/rules")
    assert RuleCatalogue.model_validate_json(answer.content) == rule_catalogue()
    again = await gateway.get("/v1/rules", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_one_rule_is_served_by_its_code(gateway: httpx.AsyncClient) -> None:
    answer = await gateway.get("/v1/rules/RES-SUM-PASLON")
    entry = RuleEntry.model_validate_json(answer.content)
    assert (entry.code, entry.tier, entry.where) == ("RES-SUM-PASLON", "hold", "line")
    assert answer.headers["etag"] != (await gateway.get("/v1/rules")).headers["etag"]


async def test_a_code_that_is_none_is_named(gateway: httpx.AsyncClient) -> None:
    answer = await gateway.get("/v1/rules/res-sum-paslon")
    assert (answer.status_code, answer.headers["content-type"]) == (404, MEDIA_TYPE)
    assert "'res-sum-paslon'" in answer.json()["detail"]
