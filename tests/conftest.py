"""What integration tests stand on: real servers, topics, a migrated store of their own, and keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Final

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from contracts.personal import PersonalKeys
from contracts.reference.wilayah import wilayah_of
from contracts.topics import all_topics
from services.runtime.topics import create
from tests.builders import KEYS, PROVINCE
from tests.servers import Kafka, Postgres, Servers

_TEMPLATE: Final = "template_satupeta"
_READER: Final = "gateway"
_numbers = count(1)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Every server of this run."""
    started = Servers()
    yield started
    started.end()


@pytest.fixture(autouse=True)
def _restored(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test that killed a server, start it again."""
    yield
    if "servers" in request.fixturenames:
        request.getfixturevalue("servers").restore()


@pytest.fixture(scope="session")
def kafka(servers: Servers) -> Kafka:
    """Return a real Kafka, shared by all tests."""
    return servers.kafka()


@pytest.fixture(scope="session")
def postgres(servers: Servers) -> Postgres:
    """Return a real PostgreSQL, shared by all tests."""
    return servers.postgres()


@pytest.fixture(scope="session")
def offices() -> tuple[str, ...]:
    """Every office of the province in order of code."""
    return wilayah_of(PROVINCE).offices


@pytest.fixture(scope="session")
async def topics(kafka: Kafka, offices: tuple[str, ...]) -> None:
    """All topics of the province exist."""
    await create(kafka.bootstrap_servers, all_topics(offices))


@pytest.fixture
async def kafka_fresh(kafka: Kafka, topics: None, offices: tuple[str, ...]) -> Kafka:  # noqa: ARG001  # they exist
    """Kafka with all topics of the province empty and no position of any group in them.

    Deleting a topic deletes the positions too, and doing so with all of them takes a tenth of a second.
    """
    wanted = list(all_topics(offices))
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap_servers)
    await admin.start()
    try:
        answer = await admin.delete_topics([topic.name for topic in wanted])
    finally:
        await admin.close()
    assert not [name for name, code in answer.topic_error_codes if code], answer
    await create(kafka.bootstrap_servers, wanted)
    return kafka


@pytest.fixture(scope="session")
async def store_template(postgres: Postgres) -> str:
    """Return the name of a migrated, empty database that tests copy and nobody connects to."""
    from services.sync.migrate import migrate  # noqa: PLC0415  # only tests with a store need it

    await _command(postgres, f"CREATE DATABASE {_TEMPLATE}")
    await migrate(postgres.dsn(_TEMPLATE), province=PROVINCE, reader_role=_READER)
    return _TEMPLATE


@pytest.fixture
async def store(servers: Servers, postgres: Postgres, store_template: str) -> AsyncIterator[str]:
    """Lend the DSN of a provincial store of one's own; afterwards every invariant must hold in it."""
    name = f"store_{next(_numbers)}"
    await _command(postgres, f"CREATE DATABASE {name} TEMPLATE {store_template} STRATEGY FILE_COPY")
    yield postgres.dsn(name)
    servers.restore()
    try:
        await _assert_invariants_hold(postgres.dsn(name))
    finally:
        await _command(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store_as_reader(store: str) -> str:
    """Return the DSN of the same store for the role that may only read it, as the gateway does."""
    return store.replace("//postgres@", f"//{_READER}@")


@pytest.fixture(scope="session")
def keys() -> PersonalKeys:
    """Return the keys that seal and match in tests."""
    return KEYS


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory, keys: PersonalKeys) -> Path:
    """Return a folder with the same keys as the files that services read."""
    folder = tmp_path_factory.mktemp("keys")
    (folder / "key_id").write_text(keys.key_id)
    (folder / "seal.key").write_text(keys.seal_key.hex())
    (folder / "token.key").write_text(keys.token_key.hex())
    return folder


async def _command(postgres: Postgres, sql: str) -> None:
    connection = await asyncpg.connect(postgres.dsn("postgres"))
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def _assert_invariants_hold(dsn: str) -> None:
    """Every view named ``invariant_…`` lists what breaks it, and must be empty."""
    connection = await asyncpg.connect(dsn)
    try:
        views = await connection.fetch(r"SELECT viewname FROM pg_views WHERE viewname LIKE 'invariant\_%' ORDER BY 1")
        broken = {
            view: [dict(row) for row in rows]
            for (view,) in views
            if (rows := await connection.fetch(f"SELECT * FROM {view} LIMIT 5"))  # noqa: S608  # the catalogue's own name
        }
    finally:
        await connection.close()
    assert not broken, f"the store breaks its invariants: {broken}"
