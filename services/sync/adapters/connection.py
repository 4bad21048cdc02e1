"""The store while PostgreSQL comes and goes: opened once it answers, and asked for by whoever needs it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg

from services.runtime import postgres
from services.runtime.errors import TransientError
from services.sync.adapters.store import Store, prepare

_CONNECTIONS_MAX: Final = 8
"""One to examine, one for statistics, one for each lane, one for feedback, and as many again as the last three for an
assignment that overlaps them.
"""
_TRY_AGAIN_SECONDS: Final = 1.0
_CLOSE_SECONDS_MAX: Final = 5.0

PLANNER: Final = {"enable_hashjoin": "off", "enable_mergejoin": "off", "enable_seqscan": "off"}
"""A staging table has no statistics, and a statement is planned when the store is empty and kept when it is full.

Whatever a planner makes of that, it must look up the rows that arrived by their keys and never read a whole
table of voters to find them.
"""

_log = logging.getLogger(__name__)


class StoreConnection:
    """Gives the store to those who need it, once there is one."""

    def __init__(self, dsn: str, password: str | None) -> None:
        """Take where PostgreSQL is."""
        self._dsn = dsn
        self._password = password
        self._store: Store | None = None

    def get(self) -> Store:
        """Return the store.

        Raises:
            TransientError: PostgreSQL has not answered yet.
        """
        if self._store is None:
            message = "PostgreSQL has not answered yet"
            raise TransientError(message)
        return self._store

    @property
    def is_open(self) -> bool:
        """Whether PostgreSQL has answered."""
        return self._store is not None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Connect, however long PostgreSQL takes to answer, and disconnect at the end."""
        connecting = asyncio.create_task(self._connect(), name="connect to PostgreSQL")
        try:
            yield
        finally:
            connecting.cancel()
            with suppress(asyncio.CancelledError):
                pool = await connecting
                await _close(pool)

    async def _connect(self) -> postgres.Pool:
        while True:
            try:
                pool = await postgres.connect(
                    self._dsn,
                    password=self._password,
                    size_max=_CONNECTIONS_MAX,
                    application="sync",
                    init=prepare,
                    # Frozen in the middle of a transaction, it would keep its successor from taking over (F-203).
                    idle_in_transaction_session_timeout="10s",
                    **PLANNER,
                )
            except (TransientError, asyncpg.PostgresError) as error:
                # A database, role or password that is not there yet may be there in a moment.
                _log.warning("PostgreSQL does not let us in, asking again", extra={"cause": str(error)[:300]})
                await asyncio.sleep(_TRY_AGAIN_SECONDS)
            else:
                self._store = Store(pool)
                return pool


async def _close(pool: postgres.Pool) -> None:
    try:
        await asyncio.wait_for(pool.close(), _CLOSE_SECONDS_MAX)
    except TimeoutError:
        # PostgreSQL does not answer any more: what has not been committed comes again.
        pool.terminate()
