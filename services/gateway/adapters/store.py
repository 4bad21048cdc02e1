"""The provincial store as the gateway reads it: one snapshot for each answer, and never a write."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import resources
from typing import Final

import asyncpg

from services.runtime import postgres
from services.runtime.errors import TransientError

_CONNECTIONS_MAX: Final = 8
_TRY_AGAIN_SECONDS: Final = 1.0
_STATEMENT_MILLISECONDS_MAX: Final = "5000"
"""No question takes as long; one that does would hold a connection that others need."""
_ANSWER_SECONDS_MAX: Final = 10.0
"""Waiting for a connection included: whoever asked has given up by then."""

_NOT_MIGRATED: Final = (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError, asyncpg.InsufficientPrivilegeError)
"""What a gateway meets that is started before the migration step has ended."""

_log = logging.getLogger(__name__)


class Snapshot:
    """The store at one moment."""

    def __init__(self, connection: postgres.Connection, questions: dict[str, str]) -> None:
        """Ask through ``connection``, which is in a transaction."""
        self._connection = connection
        self._questions = questions

    async def ask(self, question: str, *arguments: object) -> list[postgres.Row]:
        """Return the answer to ``queries/<question>.sql``."""
        rows: list[postgres.Row] = await self._connection.fetch(self._questions[question], *arguments)
        return rows


class Store:
    """Lends snapshots while PostgreSQL comes and goes."""

    def __init__(self, dsn: str, password: str | None) -> None:
        """Take where PostgreSQL is; nothing is opened yet."""
        self._dsn = dsn
        self._password = password
        self._pool: postgres.Pool | None = None
        self._questions = _questions()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """Lend the store as it is now: whatever is asked of it is of one moment.

        Raises:
            TransientError: PostgreSQL is away, takes too long, or is not migrated.
        """
        if self._pool is None:
            message = "PostgreSQL has not answered yet"
            raise TransientError(message)
        try:
            async with (
                postgres.translated(),
                asyncio.timeout(_ANSWER_SECONDS_MAX),
                self._pool.acquire() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                yield Snapshot(connection, self._questions)
        except _NOT_MIGRATED as error:
            _log.warning("the store is not migrated", extra={"cause": str(error)[:300]})
            message = "the store is not migrated to what this gateway reads"
            raise TransientError(message) from error

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Connect, however long PostgreSQL takes to answer, and disconnect at the end."""
        connecting = asyncio.create_task(self._connect(), name="connect to PostgreSQL")
        try:
            yield
        finally:
            connecting.cancel()
            with suppress(asyncio.CancelledError):
                await connecting
            if self._pool is not None:
                # Whatever still asks is not waited for: it only reads.
                self._pool.terminate()

    async def _connect(self) -> None:
        while True:
            try:
                self._pool = await postgres.connect(
                    self._dsn,
                    password=self._password,
                    size_max=_CONNECTIONS_MAX,
                    application="gateway",
                    # The second guard behind a role that has no right to write.
                    default_transaction_read_only="on",
                    statement_timeout=_STATEMENT_MILLISECONDS_MAX,
                )
            except (TransientError, asyncpg.PostgresError) as error:
                # The role or the database may be made later, and a password may be mended: whatever it is, ask again.
                _log.warning("PostgreSQL lets nobody in, asking again", extra={"cause": str(error)[:300]})
                await asyncio.sleep(_TRY_AGAIN_SECONDS)
            else:
                return


def _questions() -> dict[str, str]:
    folder = resources.files("services.gateway").joinpath("queries")
    return {entry.name.removesuffix(".sql"): entry.read_text("utf-8") for entry in folder.iterdir()}
