"""Asks Kafka who judges besides us: the names that the members of consumer groups have given themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from services.runtime.errors import TransientError

_TIMEOUT_MS: Final = 10_000
_SETTLED: Final = "Stable"
_MEMBERS: Final = 5
"""Where the members stand in the answer about a group: error, name, state, kind, protocol, members."""
_CLIENT_ID: Final = 1


async def names_of(bootstrap_servers: str, groups: Iterable[str]) -> frozenset[str]:
    """Return the client ids of all members of ``groups``; none while a group has nobody or is still settling.

    Raises:
        TransientError: Kafka does not answer.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, request_timeout_ms=_TIMEOUT_MS)
    found: set[str] = set()
    try:
        await admin.start()
        for group in groups:
            # One by one: the library misreads an answer about several groups.
            [answer] = await admin.describe_consumer_groups([group])
            [described] = answer.groups
            error, state, members = described[0], described[2], described[_MEMBERS]
            if error or state != _SETTLED or not members:
                return frozenset()
            found |= {member[_CLIENT_ID] for member in members}
    except (KafkaError, OSError, TimeoutError) as error:
        message = f"Kafka does not tell who judges: {type(error).__name__}: {error}"
        raise TransientError(message) from error
    finally:
        await admin.close()
    return frozenset(found)
