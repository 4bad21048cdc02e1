"""PostgreSQL: pools, and which of its errors pass by themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

import asyncpg

from services.runtime.errors import TransientError

_COMMAND_SECONDS_MAX: Final = 60.0
# Classes of SQLSTATE that a later attempt survives: connection, transaction rollback (deadlock, serialisation),
# out of resources, operator intervention (shutdown, cancel), system error; and a lock that was not to be had.
_TRANSIENT_CLASSES: Final = frozenset({"08", "40", "53", "57", "58"})
_LOCK_NOT_AVAILABLE: Final = "55P03"
_READ_ONLY: Final = "25006"


async def connect(
    dsn: str,
    *,
    password: str | None,
    size_max: int,
    application: str,
    init: Callable[[Any], Awaitable[None]] | None = None,
    **settings: str,
) -> asyncpg.Pool[asyncpg.Record]:
    """Return an open pool of at most ``size_max`` connections, with ``settings`` on each of them.

    ``init`` is called once with each connection that is made.

    Raises:
        TransientError: the server does not answer.
    """
    with_name = {"application_name": application, "jit": "off", **settings}
    async with translated():
        return await asyncpg.create_pool(
            dsn,
            password=password,
            min_size=1,
            max_size=size_max,
            command_timeout=_COMMAND_SECONDS_MAX,
            init=init,
            server_settings=with_name,
        )


def is_transient(error: BaseException) -> bool:
    """Return whether the same statement may succeed later."""
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return state[:2] in _TRANSIENT_CLASSES or state in {_LOCK_NOT_AVAILABLE, _READ_ONLY}
    return isinstance(error, OSError | TimeoutError | asyncpg.InterfaceError)


@asynccontextmanager
async def translated() -> AsyncIterator[None]:
    """Turn errors that pass by themselves into :class:`TransientError`; others go on as they are.

    Raises:
        TransientError: the server is away, full, or gave way to another transaction.
    """
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        if is_transient(error):
            message = f"PostgreSQL: {type(error).__name__}: {error}"
            raise TransientError(message) from error
        raise


Row = asyncpg.Record
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"  # quoted: the class takes no parameter at run time
Connection = Any
"""A connection as a pool lends it; asyncpg's proxy class has no name of its own in its types."""
