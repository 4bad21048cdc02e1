"""Takes committed keys, looks for contradictions between records, and opens or closes cases (decision 0012)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson

from services.runtime import postgres
from services.runtime.errors import TransientError
from services.sync.core.perkara import Action, Case, Contradiction, State, examine

_GANDA: Final = "VTR-GANDA"
_STRETCHES_MAX: Final = 20
"""At most twenty thousand voters: a tenth of a second, so that a claim behind a bulk load waits no longer than it."""
_PAUSE_SECONDS: Final = 0.2
_PAUSE_SECONDS_AFTER_FAILURE: Final = 1.0
# Any number will do, as long as every examiner of this store asks for the same lock.
_LOCK: Final = 0x5A7B

_log = logging.getLogger(__name__)


class Examiner:
    """Examines what was merged, one transaction after the other, whichever instance is first to it."""

    def __init__(self, pool: Callable[[], postgres.Pool]) -> None:
        """Take the way to the store, which may not have answered yet."""
        self._pool = pool
        folder = resources.files("services.sync").joinpath("sql")
        self._touched = folder.joinpath("periksa_sentuh.sql").read_text("utf-8")
        self._ganda = folder.joinpath("periksa_ganda.sql").read_text("utf-8")

    async def examine(self) -> int:
        """Examine the oldest keys in one transaction; return how many there were, 0 also where another instance does.

        Raises:
            TransientError: PostgreSQL is away or gave way to another transaction; the keys are still there.
        """
        async with postgres.translated(), self._pool().acquire() as connection, connection.transaction():
            if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
                return 0
            # Each statement below begins after this one: it sees whatever was committed with these keys.
            keys = await connection.fetch(
                "DELETE FROM periksa WHERE nomor = ANY (ARRAY(SELECT nomor FROM periksa ORDER BY nomor LIMIT $1)) "
                "RETURNING lane, office, epoch, first, last",
                _STRETCHES_MAX,
            )
            await self._examine_voters(connection, [key for key in keys if key["lane"] == "pemilih"])
        return len(keys)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Examine as long as this lasts; what is left is examined by whoever comes next."""
        examining = asyncio.create_task(self._examine_for_ever(), name="examine")
        try:
            yield
        finally:
            examining.cancel()
            await asyncio.wait([examining])

    async def _examine_for_ever(self) -> None:
        while True:
            try:
                pause = 0.0 if await self.examine() else _PAUSE_SECONDS
            except (TransientError, asyncpg.PostgresError) as error:
                _log.warning("nothing was examined, it will be tried again", extra={"cause": str(error)[:300]})
                pause = _PAUSE_SECONDS_AFTER_FAILURE
            await asyncio.sleep(pause)

    async def _examine_voters(self, connection: Any, keys: Sequence[Any]) -> None:
        if not keys:
            return
        columns = [[key[name] for key in keys] for name in ("office", "epoch", "first", "last")]
        tokens = [row["nik_token"] for row in await connection.fetch(self._touched, *columns)]
        if not tokens:
            return
        rows = await connection.fetch(self._ganda, tokens)
        await _write(connection, _GANDA, {row["perkara"]: _ganda_of(row) for row in rows})


def _ganda_of(row: Any) -> Contradiction | None:
    if row["offices"] is None:
        return None
    offices, kelas = tuple(row["offices"]), row["kelas"]
    evidence = {"kelas": kelas, "klaim": orjson.loads(row["claims"])}
    return Contradiction(
        # Voters are named by nothing but their case.
        about=str(row["perkara"]),
        offices=offices,
        seen=f"{kelas}: {', '.join(offices)}",
        expected="1 entri aktif / 1 active entry",
        evidence=orjson.dumps(evidence, option=orjson.OPT_SORT_KEYS).decode(),
    )


async def _write(connection: Any, code: str, examined: dict[UUID, Contradiction | None]) -> None:
    """Do to each case what ``core/perkara.py`` says, each with a line of its trail."""
    rows = await connection.fetch(
        "SELECT id, state, about, offices, seen, expected, evidence::text AS evidence FROM perkara "
        "WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE",
        list(examined),
    )
    stored = {row["id"]: _case_of(row) for row in rows}
    moves = [(case, found, examine(stored.get(case), found)) for case, found in sorted(examined.items())]
    opened = [(case, found) for case, found, action in moves if found is not None and action is not None]
    await connection.executemany(
        "INSERT INTO perkara AS stored (id, code, kunci, about, offices, state, seen, expected, evidence) "
        "VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8) ON CONFLICT (id) DO UPDATE SET "
        "about = excluded.about, offices = excluded.offices, seen = excluded.seen, expected = excluded.expected, "
        "evidence = excluded.evidence, state = 'open', changed_time = now(), closed_time = NULL, "
        "opened_time = CASE WHEN stored.state = 'closed' THEN now() ELSE stored.opened_time END",
        [
            (case, code, str(case), found.about, list(found.offices), found.seen, found.expected, found.evidence)
            for case, found in opened
        ],
    )
    closed = [case for case, _, action in moves if action is Action.CLOSED]
    await connection.execute(
        "UPDATE perkara SET state = 'closed', closed_time = now(), changed_time = now() WHERE id = ANY ($1::uuid[])",
        closed,
    )
    done = [(case, action.value) for case, _, action in moves if action is not None]
    await connection.execute(
        "INSERT INTO perkara_riwayat (perkara, action, offices, seen, expected, evidence) "
        "SELECT perkara.id, done.action, offices, seen, expected, evidence "
        "FROM unnest($1::uuid[], $2::text[]) AS done (id, action) JOIN perkara ON perkara.id = done.id "
        "ORDER BY perkara.id",
        [case for case, _ in done],
        [action for _, action in done],
    )


def _case_of(row: Any) -> Case:
    evidence = orjson.dumps(orjson.loads(row["evidence"]), option=orjson.OPT_SORT_KEYS).decode()
    last = Contradiction(row["about"], tuple(row["offices"]), row["seen"], row["expected"], evidence)
    return Case(State(row["state"]), last)
