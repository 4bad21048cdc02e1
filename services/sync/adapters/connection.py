"""The store while PostgreSQL comes and goes: opened once it answers, and asked for by whoever needs it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from services.runtime import postgres
from services.runtime.errors import TransientError
from services.sync.adapters.store import Store

_CONNECTIONS_MAX: Final = 6
"""One for each lane, one for feedback, and as many again for an assignment that overlaps them."""
_TRY_AGAIN_SECONDS: Final = 1.0

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
                await pool.close()

    async def _connect(self) -> postgres.Pool:
        while True:
            try:
                pool = await postgres.connect(
                    self._dsn,
                    password=self._password,
                    size_max=_CONNECTIONS_MAX,
                    application="sync",
                    # A staging table has no statistics. Whatever a planner makes of that, it must look up the few rows
                    # that arrived by their keys and never read a whole table of voters to find them.
                    enable_hashjoin="off",
                    enable_mergejoin="off",
                )
            except TransientError as error:
                _log.warning("PostgreSQL does not answer, asking again", extra={"cause": str(error)[:300]})
                await asyncio.sleep(_TRY_AGAIN_SECONDS)
            else:
                self._store = Store(pool)
                return pool
