"""Delivery on a real Kafka: in order, nothing lost, no number for two changes, whatever is killed."""

from __future__ import annotations

import asyncio
import shutil
from typing import Any

import httpx
import orjson

from contracts.objection import Objection
from contracts.progress import Heartbeat, Merged, progress_key
from contracts.reference.wilayah import wilayah_of
from contracts.topics import PROGRESS, REJECTED, partition_of
from services.runtime import kafka as runtime_kafka
from tests.builders import (
    OFFICE,
    PROVINCE,
    a_batch,
    a_c_hasil,
    a_merged,
    a_pemilih_submission,
    a_submission,
    an_objection,
    ndjson,
)
from tests.eventually import eventually
from tests.integration.ingest.process import Ingest, Topics
from tests.servers import Kafka

MINIMAL = {"Prefer": "return=minimal"}


async def push(client: httpx.AsyncClient, *events: Any) -> dict[str, Any]:
    answer = await client.post("/v1/changes", content=ndjson(events), headers=MINIMAL)
    assert answer.status_code == 202, answer.text
    body: dict[str, Any] = answer.json()
    return body


def voters(first: int, last: int) -> list[dict[str, Any]]:
    return [a_submission(a_pemilih_submission(serial), id=f"pemilih-{serial}") for serial in range(first, last + 1)]


def form(suara_sah: int) -> dict[str, Any]:
    return a_submission(a_c_hasil(suara_sah=suara_sah), id=f"formulir-{suara_sah}")


async def lanes(client: httpx.AsyncClient) -> dict[str, Any]:
    body: dict[str, Any] = (await client.get("/v1/status")).json()["lanes"]
    return body


async def published(client: httpx.AsyncClient, lane: str, sequence: int) -> None:
    async def reached() -> bool:
        return bool((await lanes(client))[lane]["published"] == sequence)

    await eventually(reached, within_seconds=30)


async def tell(kafka: Kafka, *said: Objection | Merged) -> None:
    """Tell the office something, as the validator and sync do."""
    broker = runtime_kafka.connect(kafka.bootstrap_servers, client_id="test")
    await broker.start()
    try:
        for statement in said:
            value = statement.model_dump_json().encode()
            if isinstance(statement, Merged):
                key = progress_key(statement.office, statement.lane, "sync")
                await broker.publish(value, topic=PROGRESS, key=key.encode(), partition=0)
            else:
                place = partition_of(statement.office, wilayah_of(PROVINCE).offices)
                headers = a_batch([value]).headers
                await broker.publish(
                    value, topic=REJECTED, key=statement.office.encode(), partition=place, headers=headers
                )
    finally:
        await broker.stop()


async def test_changes_arrive_in_order_under_their_numbers(running: Ingest, topic_reader: Topics) -> None:
    async with running.client() as client:
        await push(client, *voters(1, 2_500))
        for figure in range(20):
            await push(client, form(figure))
        await published(client, "pemilih", 2_500)
        await published(client, "hasil", 20)
    delivered = await topic_reader.delivered(OFFICE, "pemilih")
    assert [header.first for header in delivered.headers] == sorted(header.first for header in delivered.headers)
    assert sorted(delivered.lines) == [(1, sequence) for sequence in range(1, 2_501)]
    results = await topic_reader.delivered(OFFICE, "hasil")
    ids = [orjson.loads(line)["id"] for _, line in sorted(results.lines.items())]
    assert ids == [f"formulir-{figure}" for figure in range(20)]


async def test_nothing_is_lost_when_kafka_is_killed_under_way(
    running: Ingest, kafka_fresh: Kafka, topic_reader: Topics
) -> None:
    async with running.client() as client:
        await push(client, *voters(1, 1_500))
        await asyncio.to_thread(kafka_fresh.kill)
        taken = await push(client, *voters(1_501, 3_000))
        assert taken["last"]["pemilih"] == 3_000
        await push(client, form(1))
        assert (await lanes(client))["hasil"]["published"] == 0
        await asyncio.to_thread(kafka_fresh.start)
        await published(client, "pemilih", 3_000)
        await published(client, "hasil", 1)
    delivered = await topic_reader.delivered(OFFICE, "pemilih")
    assert sorted(delivered.lines) == [(1, sequence) for sequence in range(1, 3_001)]


async def test_nothing_is_lost_or_numbered_twice_when_ingest_is_killed(running: Ingest, topic_reader: Topics) -> None:
    acknowledged: set[int] = set()

    async def load(client: httpx.AsyncClient, start: int) -> None:
        for first in range(start, start + 3_000, 300):
            try:
                body = await push(client, *voters(first, first + 299))
            except httpx.TransportError:
                return
            acknowledged.update(range(first, first + 300))
            assert body["accepted"] + body["repeated"] == 300

    for nth in range(3):
        async with running.client() as client:
            loading = asyncio.create_task(load(client, nth * 3_000 + 1))
            await eventually(lambda nth=nth: len(acknowledged) >= nth * 600 + 300)  # type: ignore[misc]  # bound at once
            running.kill()
            await loading
        running.start()
        await running.answers()
    async with running.client() as client:
        again = await push(client, *[event for serial in sorted(acknowledged) for event in voters(serial, serial)])
        assert again["repeated"] == len(acknowledged), "what was acknowledged is known"
        total = (await lanes(client))["pemilih"]["stamped"]
        await published(client, "pemilih", total)
    delivered = await topic_reader.delivered(OFFICE, "pemilih")
    assert sorted(delivered.lines) == [(1, sequence) for sequence in range(1, total + 1)]
    arrived = {orjson.loads(line)["id"] for line in delivered.lines.values()}
    assert arrived >= {f"pemilih-{serial}" for serial in acknowledged}


async def test_ingest_starts_without_kafka_and_delivers_when_it_comes(
    ingest: Ingest, kafka_fresh: Kafka, topic_reader: Topics
) -> None:
    await asyncio.to_thread(kafka_fresh.kill)
    ingest.start()
    await ingest.answers()
    async with ingest.client() as client:
        await push(client, form(1))
        await asyncio.to_thread(kafka_fresh.start)
        await published(client, "hasil", 1)
        assert (await client.get("/readyz")).json()["status"] == "ok"
    ingest.stop()
    assert len((await topic_reader.delivered(OFFICE, "hasil")).lines) == 1


async def test_ingest_stops_in_time_while_kafka_is_away(running: Ingest, kafka_fresh: Kafka) -> None:
    async with running.client() as client:
        await push(client, form(1))
        await published(client, "hasil", 1)
        await asyncio.to_thread(kafka_fresh.kill)
        await push(client, form(2))
    await asyncio.to_thread(running.stop, 20)
    running.start()
    await running.answers()


async def test_the_office_learns_what_became_of_its_changes(running: Ingest, kafka_fresh: Kafka) -> None:
    async with running.client() as client:
        for figure in range(4):
            await push(client, form(figure))
        await published(client, "hasil", 4)
        await tell(
            kafka_fresh,
            an_objection("rejected", sequence=1),
            an_objection("held", sequence=2),
            an_objection("rejected", sequence=0),
            a_merged(3, held=1, rejected=1),
        )

        async def states() -> list[str]:
            receipts = [(await client.get(f"/v1/receipts/formulir-{figure}")).json() for figure in range(4)]
            return [receipt["state"] for receipt in receipts]

        async def known() -> bool:
            return await states() == ["rejected", "held", "merged", "published"]

        await eventually(known)
        [finding] = (await client.get("/v1/receipts/formulir-0")).json()["findings"]
        assert finding["code"] == "RES-SUM-PASLON"
        hasil = (await lanes(client))["hasil"]
        assert (hasil["merged_through"], hasil["held"], hasil["rejected"]) == (3, 1, 1)


async def test_a_rejected_form_may_be_sent_again(running: Ingest, kafka_fresh: Kafka) -> None:
    async with running.client() as client:
        await push(client, form(1))
        assert (await push(client, form(1)))["repeated"] == 1
        await tell(kafka_fresh, an_objection("rejected", sequence=1))

        async def rejected() -> bool:
            return bool((await client.get("/v1/receipts/formulir-1")).json()["state"] == "rejected")

        await eventually(rejected)
        assert (await push(client, form(1)))["accepted"] == 1
        await published(client, "hasil", 2)
        assert (await client.get("/v1/receipts/formulir-1")).json()["state"] == "published"


async def test_heartbeats_say_how_far_the_office_is(running: Ingest, topic_reader: Topics) -> None:
    async with running.client() as client:
        await push(client, form(1))
        await published(client, "hasil", 1)

    async def said() -> Heartbeat | None:
        key = progress_key(OFFICE, "hasil", "ingest").encode()
        beats = [record for record in await topic_reader.records(PROGRESS) if record.key == key]
        newest = Heartbeat.model_validate_json(beats[-1].value) if beats else None
        return newest if newest is not None and newest.published == 1 else None

    beat = await eventually(said)
    assert beat is not None
    assert (beat.epoch, beat.stamped) == (1, 1)
    assert beat.recorded_time is not None


async def test_a_lost_file_begins_a_new_epoch_and_learns_from_the_topic(running: Ingest, topic_reader: Topics) -> None:
    async with running.client() as client:
        await push(client, *voters(1, 300), form(1), form(2))
        await published(client, "pemilih", 300)
        await published(client, "hasil", 2)
        running.stop()
        shutil.rmtree(running.data_folder)
        running.start()
        await running.answers()

        async def reconciled() -> bool:
            return bool((await lanes(client))["pemilih"]["epoch"] == 2)

        await eventually(reconciled)
        # What the topic holds is known again: only what is new is a change, and it is made from the newest version.
        assert (await push(client, *voters(1, 300)))["repeated"] == 300
        assert (await push(client, form(2)))["repeated"] == 1
        assert (await push(client, form(3)))["last"]["hasil"] == 1
        await published(client, "hasil", 1)
    delivered = await topic_reader.delivered(OFFICE, "hasil")
    newest = orjson.loads(delivered.lines[2, 1])
    assert (newest["epoch"], newest["revision"], newest["sequence"]) == (2, 3, 1)
    assert newest["base"] == orjson.loads(delivered.lines[1, 2])["digest"]


async def test_a_restored_backup_gives_no_number_twice(
    running: Ingest, kafka_fresh: Kafka, topic_reader: Topics
) -> None:
    backup = running.folder / "backup"
    async with running.client() as client:
        await push(client, form(1), form(2))
        await published(client, "hasil", 2)
        running.stop()
        shutil.copytree(running.data_folder, backup)
        running.start()
        await running.answers()
        await push(client, form(3), form(4))
        await published(client, "hasil", 4)
        running.stop()
        # Last week's file comes back, and is used before Kafka can tell.
        shutil.rmtree(running.data_folder)
        shutil.copytree(backup, running.data_folder)
        await asyncio.to_thread(kafka_fresh.kill)
        running.start()
        await running.answers()
        taken = await push(client, form(4), form(5), form(6))
        assert taken["last"]["hasil"] == 5, "the file cannot know better"
        await asyncio.to_thread(kafka_fresh.start)

        async def delivered_anew() -> bool:
            hasil = (await lanes(client))["hasil"]
            return bool(hasil["epoch"] == 2 and hasil["published"] == hasil["stamped"])

        await eventually(delivered_anew, within_seconds=30)
        receipt = (await client.get("/v1/receipts/formulir-6")).json()
        assert (receipt["epoch"], receipt["state"]) == (2, "published")
    delivered = await topic_reader.delivered(OFFICE, "hasil")
    assert [place for place in sorted(delivered.lines) if place[0] == 1] == [(1, n) for n in range(1, 5)]
    anew = [orjson.loads(line) for place, line in sorted(delivered.lines.items()) if place[0] == 2]
    # The fourth form had arrived: said again it is no change.
    assert [change["id"] for change in anew] == ["formulir-5", "formulir-6"]
    assert [change["sequence"] for change in anew] == [1, 2]
