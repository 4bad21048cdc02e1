"""Creates the topics: a deploy step, run before anything else starts. Running it again changes nothing."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterable

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from contracts.reference.wilayah import wilayah_of
from contracts.topics import Topic, all_topics
from services.runtime.clock import monotonic
from services.runtime.errors import FatalError, TransientError

_TIMEOUT_MS = 30_000
_POLL_SECONDS = 0.02


async def create(bootstrap_servers: str, topics: Iterable[Topic], *, replicas: int = 1) -> int:
    """Create whichever of ``topics`` are missing and return how many those were.

    Raises:
        TransientError: Kafka does not answer.
        FatalError: a topic exists with another number of partitions, which would break the order
            of an office's changes.
    """
    wanted = list(topics)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, request_timeout_ms=_TIMEOUT_MS)
    try:
        await admin.start()
        answer = await admin.create_topics(
            [NewTopic(topic.name, topic.partitions, replicas, topic_configs=topic.config) for topic in wanted]
        )
        created = 0
        for name, code, *_ in answer.topic_errors:
            error = for_code(code)
            if code == 0:
                created += 1
            elif error is not TopicAlreadyExistsError:
                message = f"topic {name}: {error.__name__}"
                raise TransientError(message)
        await _check_partitions(admin, wanted)
    except (KafkaError, OSError) as error:
        message = f"Kafka at {bootstrap_servers} does not answer: {error}"
        raise TransientError(message) from error
    finally:
        await admin.close()
    return created


async def _check_partitions(admin: AIOKafkaAdminClient, wanted: list[Topic]) -> None:
    partitions = await _partitions(admin, [topic.name for topic in wanted])
    for topic in wanted:
        seen = partitions[topic.name]
        if seen != topic.partitions:
            message = f"topic {topic.name} has {seen} partitions, expected {topic.partitions}"
            raise FatalError(message)


async def _partitions(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, int]:
    """Return how many partitions each topic has, once the broker that answers knows all of them.

    The controller creates a topic a moment before the brokers hear of it; until then they say that there is none.
    """
    deadline = monotonic() + _TIMEOUT_MS / 1_000
    while True:
        described = await admin.describe_topics(names)
        partitions = {topic["topic"]: len(topic["partitions"]) for topic in described if not topic["error_code"]}
        unknown = [name for name in names if not partitions.get(name)]
        if not unknown:
            return partitions
        if monotonic() > deadline:
            message = f"Kafka does not know the topic {unknown[0]} that it says it has"
            raise TransientError(message)
        await asyncio.sleep(_POLL_SECONDS)


def main() -> int:
    """Create the topics of one province; the exit code says whether they are there."""
    parser = argparse.ArgumentParser(prog="python -m services.runtime.topics", description=__doc__)
    parser.add_argument("--bootstrap-servers", required=True, help="host:port of Kafka")
    parser.add_argument("--province", default="32", help="Kemendagri code of the provinsi (default: 32)")
    parser.add_argument("--replicas", type=int, default=1, help="copies of each partition (default: 1)")
    given = parser.parse_args()
    offices = wilayah_of(given.province).offices
    created = asyncio.run(create(given.bootstrap_servers, all_topics(offices), replicas=given.replicas))
    sys.stdout.write(f"topics: {created} created, the rest were there\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
