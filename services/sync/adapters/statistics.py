"""Computes anew the statistics of wilayah whose forms have changed (docs/statistics.md)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any, Final

import asyncpg
import orjson

from services.runtime import clock, postgres
from services.runtime.errors import TransientError
from services.sync.core.ambang import Ambang
from services.sync.core.chance import at_least, at_most, correlation_of, uniform

_SHARE_OF_TIME: Final = 0.1
"""Of one connection, however much changes: results are merged beside it, and no figure waits for a statistic."""
_PAUSE_SECONDS: Final = 1.0
"""While nothing has changed; asking whether anything has takes two milliseconds."""
_PAUSE_SECONDS_AFTER_FAILURE: Final = 1.0
# Any number will do, as long as every instance asks for the same lock; the examiner has 0x5A7B.
_LOCK: Final = 0x5A7C

# The pool's planner is told to look rows up by key; this reads all forms of a kabupaten.
_PLANNER: Final = (
    "SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on; SET LOCAL enable_seqscan = on; "
    "SET LOCAL plan_cache_mode = force_custom_plan"
)

_log = logging.getLogger(__name__)


class Statistician:
    """Computes one kontes in one kabupaten after the other, whichever instance is first to it."""

    def __init__(self, pool: Callable[[], postgres.Pool], ambang: Ambang, *, good_enough_seconds: float) -> None:
        """Take the way to the store, which may not have answered yet.

        What is younger than ``good_enough_seconds`` is not computed again, however much has changed.
        """
        self._pool = pool
        self._ambang = ambang
        self._good_enough_seconds = good_enough_seconds
        folder = resources.files("services.sync").joinpath("sql")
        self._pick = folder.joinpath("statistik_pilih.sql").read_text("utf-8")
        self._measure = folder.joinpath("statistik_ukuran.sql").read_text("utf-8")
        self._ends = folder.joinpath("statistik_ekstrem.sql").read_text("utf-8")
        self._digits = folder.joinpath("statistik_angka.sql").read_text("utf-8")

    async def compute(self) -> bool:
        """Compute what was computed longest ago and has changed since; return whether there was anything.

        What is read and what it is marked with are of one snapshot: what commits meanwhile bears another mark and is
        computed next. Killed anywhere in between, all is as it was before.

        Raises:
            TransientError: PostgreSQL is away, or another instance was faster.
        """
        async with (
            postgres.translated(),
            self._pool().acquire() as connection,
            # Should the snapshot be older than what another instance has written, PostgreSQL refuses the writing.
            connection.transaction(isolation="repeatable_read"),
        ):
            await connection.execute(_PLANNER)
            if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
                return False
            picked = await connection.fetchrow(self._pick, self._ambang.sidik, self._good_enough_seconds)
            if picked is None:
                return False
            of = (picked["kontes"], picked["wilayah"])
            # Before anything else: two instances at one kabupaten always meet in this row.
            await self._mark(connection, picked)
            for table in ("statistik_ukuran", "statistik_temuan", "statistik_angka"):
                await connection.execute(f"DELETE FROM {table} WHERE kontes = $1 AND kabupaten = $2", *of)  # noqa: S608  # names of our own
            ambang = self._ambang
            await connection.execute(self._measure, *of, ambang.tps_min, ambang.penyebut_min, ambang.skor_maks)
            await self._look_at_ends(connection, of)
            await self._look_at_digits(connection, of)
        return True

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Compute as long as this lasts; what is left is computed by whoever comes next."""
        computing = asyncio.create_task(self._compute_for_ever(), name="statistics")
        try:
            yield
        finally:
            computing.cancel()
            await asyncio.wait([computing])

    async def _compute_for_ever(self) -> None:
        while True:
            began = clock.monotonic()
            try:
                is_done = not await self.compute()
            except (TransientError, asyncpg.PostgresError) as error:
                _log.warning("no statistics were computed, it will be tried again", extra={"cause": str(error)[:300]})
                pause = _PAUSE_SECONDS_AFTER_FAILURE
            else:
                pause = _PAUSE_SECONDS if is_done else (clock.monotonic() - began) * (1 / _SHARE_OF_TIME - 1)
            await asyncio.sleep(pause)

    async def _mark(self, connection: Any, picked: Any) -> None:
        ambang = self._ambang
        await connection.execute(
            "INSERT INTO statistik_ambang (sidik, nilai) VALUES ($1, $2::text::jsonb) ON CONFLICT DO NOTHING",
            ambang.sidik,
            orjson.dumps(ambang.values).decode(),
        )
        await connection.execute(
            "INSERT INTO statistik (kontes, kabupaten, tanda, ambang, as_of, dihitung) "
            "VALUES ($1, $2, $3, $4, $5, now()) ON CONFLICT (kontes, kabupaten) DO UPDATE SET tanda = excluded.tanda, "
            "ambang = excluded.ambang, as_of = excluded.as_of, dihitung = excluded.dihitung",
            picked["kontes"],
            picked["wilayah"],
            picked["tanda"],
            ambang.sidik,
            picked["as_of"],
        )

    async def _look_at_ends(self, connection: Any, of: tuple[str, str]) -> None:
        ambang = self._ambang
        rows = await connection.fetch(
            self._ends,
            *of,
            ambang.tps_min,
            ambang.penyebut_min,
            ambang.ekstrem_batas,
            ambang.ekstrem_peluang_maks,
        )
        asked = [(row, _chance_of(row)) for row in rows]
        await connection.executemany(
            "INSERT INTO statistik_temuan (kontes, kabupaten, wilayah, tps, uji, calon, pembilang, penyebut, pusat, "
            "peluang, jenis_kejadian) VALUES ($1, $2, $3, $4, 'ekstrem', $5, $6, $7, $8, $9, $10)",
            [
                (
                    *of,
                    row["wilayah"],
                    row["tps"],
                    row["calon"],
                    row["suara"],
                    row["suara_sah"],
                    row["harapan"],
                    chance,
                    row["jenis_kejadian"],
                )
                for row, chance in asked
                if chance < ambang.ekstrem_peluang_maks
            ],
        )

    async def _look_at_digits(self, connection: Any, of: tuple[str, str]) -> None:
        ambang = self._ambang
        row = await connection.fetchrow(self._digits, *of, ambang.angka_suara_min, ambang.angka_sebaran_min)
        if sum(row["digit"]) < ambang.angka_sampel_min:
            return
        await connection.execute(
            "INSERT INTO statistik_angka (kontes, kabupaten, calon, digit, khi_kuadrat, peluang) "
            "VALUES ($1, $2, $3, $4, $5, $6)",
            *of,
            row["calon"],
            row["digit"],
            *uniform(row["digit"]),
        )


def _chance_of(row: Any) -> float:
    share, of = row["harapan"], row["suara_sah"]
    correlation = correlation_of(share, row["sebaran"], row["suara_rata"])
    if row["is_low"]:
        return at_most(row["suara"], of, share, correlation)
    return at_least(row["suara"], of, share, correlation)
