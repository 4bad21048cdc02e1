"""What an office is answered, also while Kafka is away."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from contracts.problems import CATALOGUE, MEDIA_TYPE
from deploy.embedded.ports import free_port
from services.ingest.adapters.body import BODY_BYTES_MAX
from tests.builders import (
    OFFICE,
    TPS,
    a_c_hasil,
    a_pemilih_submission,
    a_submission,
    a_tps,
    ndjson,
)
from tests.integration.ingest.process import Ingest

NIK = a_pemilih_submission().nik
FORM = a_submission(a_c_hasil(), id="formulir-1")


@pytest.fixture
async def away(tmp_path: Path, keys_folder: Path) -> AsyncIterator[Ingest]:
    """Return an ingest whose Kafka has never been there."""
    ingest = Ingest(tmp_path, keys_folder, f"127.0.0.1:{free_port()}", offices=(OFFICE, "3273"))
    ingest.start()
    await ingest.answers()
    yield ingest
    ingest.stop()


@pytest.fixture
async def client(away: Ingest) -> AsyncIterator[httpx.AsyncClient]:
    async with away.client() as client:
        yield client


async def push(client: httpx.AsyncClient, *events: Any, **headers: str) -> httpx.Response:
    return await client.post("/v1/changes", content=ndjson(events), headers=headers)


def assert_problem(answer: httpx.Response, code: str) -> dict[str, Any]:
    assert answer.headers["content-type"] == MEDIA_TYPE
    body: dict[str, Any] = answer.json()
    assert body["code"] == code, body
    assert answer.status_code == body["status"] == CATALOGUE[code].status
    return body


async def test_a_change_is_taken_while_kafka_is_away(client: httpx.AsyncClient) -> None:
    answer = await push(client, FORM)
    assert answer.status_code == 202
    [receipt] = answer.json()["receipts"]
    assert (receipt["id"], receipt["sequence"], receipt["repeated"]) == ("formulir-1", 1, False)
    told = (await client.get("/v1/receipts/formulir-1")).json()
    assert (told["state"], told["sequence"], told["findings"]) == ("spooled", 1, [])
    assert (await client.get("/readyz")).json() == {"status": "degraded", "kafka": False}
    assert (await client.get("/livez")).is_success


async def test_what_was_taken_survives_a_power_cut(away: Ingest) -> None:
    async with away.client() as client:
        assert (await push(client, FORM)).status_code == 202
        away.kill()
        away.start()
        await away.answers()
        [receipt] = (await push(client, FORM)).json()["receipts"]
        assert receipt["repeated"]
        status = (await client.get("/v1/status")).json()
        assert status["office"] == OFFICE
        assert (status["lanes"]["hasil"]["stamped"], status["lanes"]["hasil"]["published"]) == (1, 0)
        assert status["lanes"]["hasil"]["spool_bytes"] > 0


async def test_neighbours_of_bad_rows_are_taken_and_every_bad_row_is_answered(client: httpx.AsyncClient) -> None:
    body = (
        ndjson([FORM])
        + b"{broken\n"
        + ndjson([{"type": "c_hasil.recorded.v1", "data": {"kontes": 5}}, a_submission(a_tps())])
    )
    answer = (await client.post("/v1/changes", content=body)).json()
    assert answer["accepted"] == 2
    assert {(item["index"], item["code"]) for item in answer["errors"]} == {
        (1, "JSON-INVALID"),
        (2, "FIELD-INVALID"),
        (2, "FIELD-MISSING"),
    }


async def test_a_request_of_bad_rows_alone_is_refused(client: httpx.AsyncClient) -> None:
    problem = assert_problem(await push(client, {"type": "c_hasil.recorded.v1"}), "FIELD-MISSING")
    assert problem["errors"][0]["pointer"] == "/data"
    assert_problem(await client.post("/v1/changes", content=b"{\n{}"), "CHANGES-REFUSED")
    await push(client, FORM)
    assert_problem(await push(client, a_submission(a_c_hasil(suara_sah=1), id="formulir-1")), "ID-REUSED")
    assert_problem(await push(client, a_submission(a_c_hasil(suara_sah=1), base="0" * 32)), "BASE-OUTDATED")


async def test_one_event_and_a_batch_are_taken_like_lines(client: httpx.AsyncClient) -> None:
    one = await client.post(
        "/v1/changes",
        content=orjson.dumps(FORM),
        headers={"Content-Type": "application/cloudevents+json; charset=UTF-8"},
    )
    assert one.json()["accepted"] == 1
    batch = await client.post(
        "/v1/changes",
        content=orjson.dumps([FORM, a_submission(a_tps())], option=orjson.OPT_INDENT_2),
        headers={"Content-Type": "application/cloudevents-batch+json"},
    )
    assert [receipt["repeated"] for receipt in batch.json()["receipts"]] == [True, False]


async def test_bulk_is_answered_in_few_words(client: httpx.AsyncClient) -> None:
    voters = [a_submission(a_pemilih_submission(serial)) for serial in range(1, 2_501)]
    first = (await push(client, *voters, a_submission(a_tps()), Prefer="return=minimal")).json()
    assert first == {
        "office": OFFICE,
        "accepted": 2_501,
        "repeated": 0,
        "first": {"hasil": 1, "pemilih": 1},
        "last": {"hasil": 1, "pemilih": 2_500},
        "errors": [],
    }
    again = (await push(client, *voters, Prefer="return=minimal")).json()
    assert (again["accepted"], again["repeated"], again["last"]["pemilih"]) == (0, 2_500, None)


async def test_a_voter_is_nowhere_in_clear(away: Ingest, client: httpx.AsyncClient) -> None:
    event = a_submission(a_pemilih_submission(), id="pemilih-1")
    answers = [await push(client, event), await push(client, event | {"data": event["data"] | {"nik": int(NIK)}})]
    answers.append(await push(client, event | {"id": f"pemilih-{NIK}"}))
    answers.append(await client.get("/v1/receipts/pemilih-1"))
    assert [answer.status_code for answer in answers] == [202, 422, 422, 200]
    away.stop()
    left = [answer.content for answer in answers] + [
        path.read_bytes() for path in away.folder.rglob("*") if path.is_file()
    ]
    for text in left:
        assert NIK.encode() not in text
        assert b"SITI AMINAH" not in text
    away.start()
    await away.answers()


async def test_each_key_speaks_for_its_office(away: Ingest, client: httpx.AsyncClient) -> None:
    async with away.client("3273") as neighbour:
        assert_problem(await push(neighbour, FORM), "SUBJECT-FOREIGN")
        assert_problem(await neighbour.get("/v1/receipts/formulir-1"), "NOT-FOUND")
    assert_problem(await push(client, FORM, Authorization="Bearer kunci-3204"), "KEY-UNKNOWN")
    assert_problem(await push(client, FORM, Authorization="Basic kunci-3279"), "KEY-MISSING")
    missing = await client.get("/v1/status", headers={"Authorization": ""})
    assert_problem(missing, "KEY-MISSING")
    assert missing.headers["www-authenticate"] == "Bearer"


async def test_everything_else_is_a_problem_too(client: httpx.AsyncClient) -> None:
    assert_problem(await client.get("/v1/none"), "NOT-FOUND")
    assert_problem(await client.delete("/v1/changes"), "METHOD-NOT-ALLOWED")
    assert_problem(await client.get("/v1/receipts/none"), "NOT-FOUND")
    assert_problem(await client.post("/v1/sirekap", content=b"{}"), "QUERY-INVALID")
    for media_type in ("text/csv", "", "application/x-ndjson; charset=utf-16"):
        answer = await client.post("/v1/changes", content=b"{}", headers={"Content-Type": media_type})
        assert_problem(answer, "MEDIA-TYPE-UNKNOWN")
    assert_problem(await client.post("/v1/changes", content=b""), "BODY-EMPTY")


async def test_a_compressed_body_is_taken_and_a_damaged_one_is_not(client: httpx.AsyncClient) -> None:
    packed = gzip.compress(ndjson([FORM]))
    gzipped = {"Content-Encoding": "gzip"}
    assert (await client.post("/v1/changes", content=packed, headers=gzipped)).json()["accepted"] == 1
    two_members = gzip.compress(ndjson([FORM])) + gzip.compress(ndjson([a_submission(a_tps())]))
    assert (await client.post("/v1/changes", content=two_members, headers=gzipped)).json()["accepted"] == 1
    for damaged in (packed[:-9], b"no gzip", packed[:10] + b"\x00\x00" + packed[12:], packed + b"rest"):
        assert_problem(await client.post("/v1/changes", content=damaged, headers=gzipped), "COMPRESSION-INVALID")
    answer = await client.post("/v1/changes", content=packed, headers={"Content-Encoding": "br"})
    assert_problem(answer, "COMPRESSION-UNKNOWN")


async def test_a_bomb_does_not_expand(client: httpx.AsyncClient) -> None:
    bomb = gzip.compress(b" " * (BODY_BYTES_MAX + 1))
    assert_problem(
        await client.post("/v1/changes", content=bomb, headers={"Content-Encoding": "gzip"}), "BODY-TOO-LARGE"
    )


async def test_a_body_announced_beyond_the_limit_is_refused_before_it_is_sent(away: Ingest) -> None:
    answer = await answer_to(away, f"Content-Length: {BODY_BYTES_MAX + 1}", b"")
    assert b" 413 " in answer
    assert b"BODY-TOO-LARGE" in answer


async def test_a_body_without_an_end_is_refused_at_the_limit(away: Ingest) -> None:
    answer = await answer_to(away, "Transfer-Encoding: chunked", b"100000\r\n" + b"x" * 0x100000 + b"\r\n", times=40)
    assert b" 413 " in answer


async def answer_to(ingest: Ingest, header: str, chunk: bytes, *, times: int = 1) -> bytes:
    """Return what is answered to a request that never ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", ingest.port)
    head = f"POST /v1/changes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer kunci-{OFFICE}\r\n{header}\r\n"
    writer.write(head.encode() + b"Content-Type: application/x-ndjson\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        for _ in range(times):
            writer.write(chunk)
            await writer.drain()
    answer = await asyncio.wait_for(reader.readuntil(b"}"), 10)
    writer.close()
    return answer


async def test_a_sirekap_file_is_a_change(client: httpx.AsyncClient) -> None:
    file = {"administrasi": None, "chart": {"null": None, "100025": 3}}
    answer = await client.post(f"/v1/sirekap?nama={TPS}.json&kontes=ppwp-2024", content=orjson.dumps(file))
    [receipt] = answer.json()["receipts"]
    assert receipt["subject"] == f"c_hasil/ppwp-2024/{TPS}"
    again = await client.post(f"/v1/sirekap?nama={TPS}.json&kontes=ppwp-2024", content=orjson.dumps(file))
    assert again.json()["receipts"] == [{**receipt, "repeated": True}]
    assert_problem(await client.post("/v1/sirekap?nama=x.json", content=orjson.dumps(file)), "QUERY-INVALID")
    assert_problem(await client.post(f"/v1/sirekap?nama={TPS}.json", content=b"{}"), "SIREKAP-UNKNOWN")
    assert_problem(
        await client.post("/v1/sirekap?nama=3101011001001.json", content=orjson.dumps(file)), "SUBJECT-FOREIGN"
    )


async def test_a_result_does_not_wait_for_a_file_of_voters(client: httpx.AsyncClient) -> None:
    voters = [a_submission(a_pemilih_submission(serial)) for serial in range(1, 8_001)]
    bulk = asyncio.create_task(push(client, *voters, Prefer="return=minimal"))
    answers = 0
    while not bulk.done():
        assert (await push(client, a_submission(a_c_hasil(suara_sah=answers)))).status_code == 202
        answers += 1
    assert (await bulk).json()["accepted"] == 8_000
    assert answers >= 2


async def test_a_second_process_may_not_write_the_same_file(away: Ingest, tmp_path: Path, keys_folder: Path) -> None:
    other = Ingest(tmp_path, keys_folder, away.kafka, port=free_port())
    other.start()
    assert other.process is not None
    assert await asyncio.to_thread(other.process.wait, 20) != 0
    assert "in use by another process" in other.log


async def test_what_is_counted_is_shown(client: httpx.AsyncClient) -> None:
    await push(client, FORM, FORM, {"type": "x"})
    figures = (await client.get("/metrics")).text
    assert f'ingest_changes_pushed_total{{office="{OFFICE}"}} 3.0' in figures
    assert f'ingest_changes_repeated_total{{office="{OFFICE}"}} 1.0' in figures
    assert f'ingest_changes_refused_total{{code="FIELD-MISSING",office="{OFFICE}"}} 0.0' not in figures
    assert f'code="TYPE-UNKNOWN",office="{OFFICE}"}} 1.0' in figures
