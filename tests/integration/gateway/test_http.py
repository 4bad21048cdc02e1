"""How the gateway answers what it cannot answer, and what it says of itself."""

from __future__ import annotations

import httpx

from contracts.problems import CATALOGUE, MEDIA_TYPE
from tests.builders import TPS, a_nik

REFUSED = [
    ("/v1/wilayah/3299", "NOT-FOUND", "'3299'"),
    ("/v1/wilayah/31", "NOT-FOUND", "provinsi 32"),
    ("/v1/wilayah/jabar", "QUERY-INVALID", "'jabar'"),
    ("/v1/wilayah/327", "QUERY-INVALID", "2 or 4 or 6 or 10 digits"),
    (f"/v1/wilayah/{TPS}", "QUERY-INVALID", "2 or 4 or 6 or 10 digits"),
    ("/v1/tps/3279", "QUERY-INVALID", "13 digits"),
    (f"/v1/tps/{TPS}", "NOT-FOUND", f"/v1/wilayah/{TPS[:10]}"),
    ("/v1/offices/3299", "NOT-FOUND", "/v1/status"),
    ("/v1/rejections?limit=0", "QUERY-INVALID", "limit: seen '0'"),
    ("/v1/rejections?limit=banyak", "QUERY-INVALID", "limit"),
    ("/v1/rejections?lane=suara", "QUERY-INVALID", "'suara'"),
    ("/v1/rejections?ofice=3279", "QUERY-INVALID", "ofice"),
    ("/v1/rejections?after=besok", "QUERY-INVALID", "'besok'"),
    ("/v1/held?lane=pemilih", "QUERY-INVALID", "group=true"),
    ("/v1/rules/RES-APA-SAJA", "NOT-FOUND", "/v1/rules"),
    ("/v1/rejections?code=%00", "QUERY-INVALID", "code"),
    ("/v2/status", "NOT-FOUND", "GET"),
]


async def test_a_question_that_cannot_be_answered_names_what_was_seen(gateway: httpx.AsyncClient) -> None:
    for path, code, named in REFUSED:
        answer = await gateway.get(path)
        body = answer.json()
        assert (answer.headers["content-type"], body["code"]) == (MEDIA_TYPE, code), path
        assert answer.status_code == body["status"] == CATALOGUE[code].status
        assert named in body["detail"], path


async def test_a_nik_in_an_address_is_not_repeated(gateway: httpx.AsyncClient) -> None:
    nik = a_nik()
    for path in (f"/v1/wilayah/{nik}", f"/v1/tps/{nik}", f"/v1/rejections?office={nik}", f"/v1/offices/x{nik}"):
        assert nik not in (await gateway.get(path)).text


async def test_nothing_can_be_written_over_http(gateway: httpx.AsyncClient) -> None:
    answer = await gateway.post("/v1/status", json={})
    assert (answer.status_code, answer.json()["code"]) == (405, "METHOD-NOT-ALLOWED")


async def test_every_address_is_described(gateway: httpx.AsyncClient) -> None:
    schema = (await gateway.get("/openapi.json")).json()
    assert schema["openapi"].startswith("3.1")
    assert set(schema["paths"]) == {
        "/v1/status",
        "/v1/offices/{kab}",
        "/v1/wilayah/{kode}",
        "/v1/tps/{kode}",
        "/v1/rejections",
        "/v1/rejections/by-code",
        "/v1/held",
        "/v1/perkara",
        "/v1/perkara/counts",
        "/v1/perkara/{case}",
        "/v1/rules",
        "/v1/rules/{code}",
        "/v1/contracts",
        "/v1/contracts/problems",
        "/v1/contracts/{name}",
        "/v1/statistik",
        "/v1/stream",
    }
    for path in schema["paths"].values():
        for status, answer in path["get"]["responses"].items():
            assert status == "200" or list(answer["content"]) == [MEDIA_TYPE]


async def test_the_documentation_needs_nothing_from_elsewhere(gateway: httpx.AsyncClient) -> None:
    page = (await gateway.get("/docs")).text
    assert "/v1/wilayah/{kode}" in page
    assert "as_of" in page
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page


async def test_requests_are_counted_by_pattern_and_not_by_address(gateway: httpx.AsyncClient) -> None:
    await gateway.get("/v1/wilayah/32")
    await gateway.get("/v1/wilayah/3299")
    counted = (await gateway.get("/metrics")).text
    assert 'gateway_requests_total{route="/v1/wilayah/{kode}",status="200"} 1.0' in counted
    assert 'gateway_requests_total{route="/v1/wilayah/{kode}",status="404"} 1.0' in counted
    assert "3299" not in counted
    assert "gateway_listening 1.0" in counted
