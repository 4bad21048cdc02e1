"""The deploy step that creates the topics."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from contracts.topics import PROGRESS, Topic, all_topics
from deploy.embedded.ports import LOOPBACK, free_port
from services.runtime.errors import FatalError, TransientError
from services.runtime.topics import create
from tests.servers import Kafka


@asynccontextmanager
async def admin_of(kafka: Kafka) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap_servers)
    await client.start()
    try:
        yield client
    finally:
        await client.close()


async def test_creating_the_topics_twice_changes_nothing(kafka_fresh: Kafka, offices: tuple[str, ...]) -> None:
    assert await create(kafka_fresh.bootstrap_servers, all_topics(offices)) == 0


async def test_a_topic_of_another_size_is_refused(kafka: Kafka) -> None:
    async with admin_of(kafka) as admin:
        await admin.create_topics([NewTopic("of-another-size", 2, 1)])
        try:
            with pytest.raises(FatalError, match="has 2 partitions, expected 3"):
                await create(kafka.bootstrap_servers, [Topic("of-another-size", partitions=3)])
        finally:
            await admin.delete_topics(["of-another-size"])


async def test_a_topic_has_the_settings_of_the_contract(kafka_fresh: Kafka) -> None:
    async with admin_of(kafka_fresh) as admin:
        [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, PROGRESS)])
    seen = {setting[0]: setting[1] for setting in answer.resources[0][4]}
    wanted = Topic(PROGRESS, partitions=1, compacted=True).config
    assert {name: seen[name] for name in wanted} == wanted


async def test_a_kafka_that_is_away_may_come_back() -> None:
    with pytest.raises(TransientError, match="does not answer"):
        await create(f"{LOOPBACK}:{free_port()}", [Topic("nowhere", partitions=1)])


async def test_the_deploy_step_says_what_it_did(kafka_fresh: Kafka) -> None:
    command = [sys.executable, "-m", "services.runtime.topics", "--bootstrap-servers", kafka_fresh.bootstrap_servers]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "topics: 0 created, the rest were there\n"), done.stderr
