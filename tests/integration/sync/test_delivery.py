"""Sync on a real Kafka and a real PostgreSQL: every change once, whatever is killed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import asyncpg
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from contracts.progress import Merged
from contracts.topics import ACCEPTED_PARTITIONS, PROGRESS, accepted, partition_of
from services.runtime import kafka as runtime_kafka
from tests.builders import OFFICE, a_c_hasil, a_heartbeat, a_line, a_tps, an_objection
from tests.eventually import eventually
from tests.integration.sync.process import WITHIN_SECONDS, Sync, Validator, asked, merged
from tests.servers import Kafka, Postgres

OTHER = "3204"
APPLIED = "SELECT coalesce(sum(applied), 0)::bigint FROM neraca"


async def statements(kafka: Kafka) -> list[Merged]:
    """Return every statement of progress that sync has made."""
    consumer = runtime_kafka.follow(kafka.bootstrap_servers, client_id="test")
    await consumer.start()
    try:
        place = TopicPartition(PROGRESS, 0)
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        consumer.seek(place, 0)
        found: list[Merged] = []
        while await consumer.position(place) < end:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += [Merged.model_validate_json(one.value) for one in records if one.key.endswith(b"/sync")]
        return found
    finally:
        await consumer.stop()


async def test_what_comes_is_merged_told_and_kept_once(
    sync: Sync, validator: Validator, store: str, kafka_fresh: Kafka
) -> None:
    await eventually(sync.is_ready, WITHIN_SECONDS)
    lines = [a_line(a_tps()), a_line(a_c_hasil(), sequence=2)]
    for _ in range(2):
        await validator.accepts(lines, office=OFFICE, lane="hasil", first=1, last=3)
        await validator.objects(an_objection(sequence=3))
        await validator.hears(a_heartbeat(3))
    await validator.accepts_voters(OTHER, 50)
    await merged(store, 52)

    async def kept() -> bool:
        assert await asked(store, "SELECT count(*) FROM rejection") == 1
        assert await asked(store, "SELECT (stamped, rejected) = (3, 1) FROM neraca WHERE lane = 'hasil'")
        return True

    await eventually(kept, WITHIN_SECONDS)
    await eventually(lambda: asked(store, "SELECT count(*) = 1 FROM statistik"), WITHIN_SECONDS)

    async def told() -> bool:
        through = {(said.office, said.lane): said.through for said in await statements(kafka_fresh)}
        assert through == {(OFFICE, "hasil"): 3, (OTHER, "pemilih"): 50}
        return True

    await eventually(told, WITHIN_SECONDS)
    assert 'sync_changes_total{outcome="applied"} 52.0' in await sync.metrics()
    sync.stop()
    assert "Traceback" not in sync.log


async def test_a_killed_sync_goes_on_where_its_store_stands_and_tells_what_it_had_not_told(
    new_sync: Callable[[], Sync], validator: Validator, store: str, kafka_fresh: Kafka
) -> None:
    await asyncio.gather(*(validator.accepts_voters(office, 1_000) for office in (OFFICE, OTHER, "3273")))
    killed, successor = new_sync(), new_sync()
    killed.start()
    await eventually(lambda: asked(store, f"{APPLIED} HAVING sum(applied) > 0"), WITHIN_SECONDS)
    killed.kill()
    await validator.accepts_voters(OFFICE, 1_000)
    successor.start()
    await merged(store, 4_000)

    async def told() -> bool:
        newest = {said.office: said.through for said in await statements(kafka_fresh)}
        assert newest == {OFFICE: 2_000, OTHER: 1_000, "3273": 1_000}
        return True

    await eventually(told, WITHIN_SECONDS)


async def test_a_sync_frozen_amid_a_transaction_is_replaced_and_what_it_holds_is_refused(
    new_sync: Callable[[], Sync], validator: Validator, store: str
) -> None:
    zombie, successor = new_sync(), new_sync()
    offices = (OFFICE, OTHER, "3273", "3201")
    zombie.start()
    await eventually(zombie.is_ready, WITHIN_SECONDS)
    await asyncio.gather(*(validator.accepts_voters(office, 10) for office in offices))
    await merged(store, 40)
    blocker = await asyncpg.connect(store)
    try:
        async with blocker.transaction():
            await blocker.execute("SELECT * FROM neraca FOR UPDATE")
            await asyncio.gather(*(validator.accepts_voters(office, 10) for office in offices))
            await eventually(
                lambda: asked(store, _STATE.replace("$1", "'active'") + " AND wait_event_type = 'Lock'"), WITHIN_SECONDS
            )
            zombie.freeze()
    finally:
        await blocker.close()
    await eventually(lambda: asked(store, _STATE.replace("$1", "'idle in transaction'")), WITHIN_SECONDS)
    successor.start()
    # Kafka gives the partitions away, PostgreSQL the locks back.
    await merged(store, 80)
    zombie.thaw()
    await asyncio.gather(*(validator.accepts_voters(office, 10) for office in offices))
    await merged(store, 120)

    async def share() -> bool:
        return await zombie.is_ready() and await successor.is_ready()

    await eventually(share, WITHIN_SECONDS)
    await asyncio.gather(*(validator.accepts_voters(office, 10) for office in offices))
    await merged(store, 160)


_STATE = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sync' AND state = $1"


async def test_a_killed_postgres_and_a_killed_kafka_hold_it_up_and_no_more(
    sync: Sync, validator: Validator, store: str, postgres: Postgres, kafka_fresh: Kafka
) -> None:
    await validator.accepts_voters(OFFICE, 1_000)
    await eventually(lambda: asked(store, f"{APPLIED} HAVING sum(applied) > 0"), WITHIN_SECONDS)
    postgres.kill()
    await validator.accepts_voters(OTHER, 1_000)
    postgres.start()
    await merged(store, 2_000)
    kafka_fresh.kill()
    kafka_fresh.start()
    await validator.accepts_voters(OTHER, 500)
    await merged(store, 2_500)
    assert sync.process is not None
    assert sync.process.poll() is None


async def test_a_topic_that_is_made_anew_raises_an_alarm_and_nothing_in_it_is_passed_over(
    new_sync: Callable[[], Sync], validator: Validator, store: str, kafka_fresh: Kafka
) -> None:
    before, after = new_sync(), new_sync()
    before.start()
    for _ in range(3):
        await validator.accepts_voters(OFFICE, 10)
    await merged(store, 30)
    before.stop()
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_fresh.bootstrap_servers)
    await admin.start()
    try:
        await admin.delete_topics([accepted("pemilih")])

        async def made() -> bool:
            answer = await admin.create_topics([NewTopic(accepted("pemilih"), ACCEPTED_PARTITIONS, 1)])
            return bool(answer.topic_errors[0][1] == 0)

        await eventually(made, WITHIN_SECONDS)
    finally:
        await admin.close()
    await validator.accepts_voters(OFFICE, 10)
    after.start()
    await merged(store, 40)
    assert 'sync_alarms_total{reason="topic-made-anew"} 1.0' in await after.metrics()
    assert f'"place":"accepted-pemilih:{partition_of(OFFICE, await _offices(store))}"' in after.log


async def _offices(store: str) -> list[str]:
    return list(await asked(store, "SELECT array_agg(kode ORDER BY kode) FROM wilayah WHERE tingkat IN (2, 4)"))
