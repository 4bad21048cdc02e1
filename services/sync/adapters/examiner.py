"""Takes committed keys, looks for contradictions between records, and opens or closes cases (decisions 0012, 0016)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

import asyncpg
import orjson

from services.runtime import postgres
from services.runtime.errors import TransientError
from services.sync.adapters.store import blames_data
from services.sync.core.perkara import Action, Case, Contradiction, State, examine
from services.sync.core.touched import JALUR, Touched, touched_by

_GANDA: Final = "VTR-GANDA"
_EVENTS: Final = "PDPB-EVENTS"
_STRETCHES_MAX: Final = 20
"""At most twenty thousand voters: a tenth of a second, so that a claim behind a bulk load waits no longer than it."""
_STATIONS_MAX: Final = 2000
_EVENTS_SECONDS_MAX: Final = 50
_PAUSE_SECONDS: Final = 0.2
_PAUSE_SECONDS_AFTER_FAILURE: Final = 1.0
# Any numbers will do, as long as every examiner of this store asks for the same locks.
_LOCK: Final = 0x5A7B
_LOCK_EVENTS: Final = 0x5A7D
# Any name will do, as long as it never changes: the ids of cases are made of it.
_NAMESPACE: Final = UUID("6a5b3c1e-54f0-4c8e-9d6e-0f6a4d1f3279")

_log = logging.getLogger(__name__)


class _Question(NamedTuple):
    """What is asked about touched keys: those among them that a view of contradictions lists."""

    code: str
    view: str
    columns: tuple[str, ...]
    """Columns of the view that make up the key of a case, in its order."""


_DPT: Final = _Question("RES-DPT-MATCH", "kontradiksi_dpt", ("kontes", "tps"))
_TPS_CAP: Final = _Question("VTR-TPS-CAP", "kontradiksi_tps_penuh", ("tps",))
_PHOTO: Final = _Question("RES-PHOTO-SHARED", "kontradiksi_foto", ("foto",))
_RECAP: Final = (
    _Question("RUP-CHILD-SUM", "kontradiksi_rekap", ("kontes", "jalur", "wilayah")),
    _Question("RUP-SNAPSHOT", "kontradiksi_saat_rekap", ("kontes", "jalur", "wilayah")),
    _Question("RUP-CHILD-COUNT", "kontradiksi_jumlah_tps", ("kontes", "jalur", "wilayah")),
)
_SERIES: Final = _Question("RUP-SIREKAP-VS-D", "kontradiksi_jalur", ("kontes", "wilayah"))
_PDPB: Final = (
    _Question("PDPB-ROLLUP", "kontradiksi_rekap_pdpb", ("periode", "wilayah")),
    _Question("PDPB-CHAIN", "kontradiksi_awal_pdpb", ("periode", "wilayah")),
)
_MASS_TMS: Final = _Question("VTR-MASS-TMS", "kontradiksi_tms_massal", ("wilayah", "mulai"))
_BASE: Final = _Question("KOR-BASE-KNOWN", "kontradiksi_dasar", ("subject",))


class Examiner:
    """Examines what was merged, one transaction after the other, whichever instance is first to it."""

    def __init__(self, pool: Callable[[], postgres.Pool]) -> None:
        """Take the way to the store, which may not have answered yet."""
        self._pool = pool
        self._careful = 0
        folder = resources.files("services.sync").joinpath("sql")
        names = ("sentuh", "ganda", "sentuh_hasil", "foto", "laju_tms", "tunda_pdpb", "peristiwa_pdpb")
        self._sql = {name: folder.joinpath(f"periksa_{name}.sql").read_text("utf-8") for name in names}

    async def examine(self) -> int:
        """Examine the oldest keys in one transaction; return how many there were, 0 also where another instance does.

        What cannot be examined for what stands behind it is set aside, so that it holds up nobody (I8).

        Raises:
            TransientError: PostgreSQL is away or gave way to another transaction; the keys are still there.
        """
        if not self._careful:
            try:
                return await self._examine(_STRETCHES_MAX, _STATIONS_MAX)
            except TransientError:
                # Should it be for the time it took, fewer keys take less.
                self._careful = _STRETCHES_MAX
                raise
            except asyncpg.PostgresError as error:
                if not blames_data(error):
                    raise
                self._careful = _STRETCHES_MAX
        # One key after the other, as many as would have been looked at together.
        self._careful -= 1
        return await self._examine(1, 0) + await self._examine(0, 1)

    async def _examine(self, stretches_max: int, stations_max: int) -> int:
        async with postgres.translated(), self._pool().acquire() as connection, connection.transaction():
            if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
                return 0
            # Each statement below begins after this one: it sees whatever was committed with these keys.
            keys = await connection.fetch(
                "DELETE FROM periksa AS key "
                "WHERE nomor = ANY (ARRAY(SELECT nomor FROM periksa ORDER BY nomor LIMIT $1)) "
                "RETURNING lane, office, epoch, first, last, has_tms, to_jsonb(key)::text AS whole",
                stretches_max,
            )
            stations = await connection.fetch(
                "DELETE FROM periksa_tps AS key "
                "WHERE nomor = ANY (ARRAY(SELECT nomor FROM periksa_tps ORDER BY nomor LIMIT $1)) "
                "RETURNING tps, to_jsonb(key)::text AS whole",
                stations_max,
            )
            taken = len(keys) + len(stations)
            try:
                async with connection.transaction():
                    await self._look(connection, keys, {row["tps"] for row in stations})
            except asyncpg.PostgresError as error:
                if not blames_data(error) or taken > 1:
                    raise
                for key in (*keys, *stations):
                    await _set_aside(connection, key["whole"], error)
        return taken

    async def _look(self, connection: Any, keys: Sequence[Any], stations: set[str]) -> None:
        """Ask everything that ``keys`` and the lists of ``stations`` touch."""
        voters = _stretches(keys, "pemilih")
        touched = Touched()
        if results := _stretches(keys, "hasil"):
            rows = await connection.fetch(self._sql["sentuh_hasil"], *results)
            touched = touched_by(row["subject"] for row in rows)
        if voters:
            await self._examine_voters(connection, voters)
            declaring = _stretches([key for key in keys if key["has_tms"]], "pemilih")
            await _ask(connection, _MASS_TMS, await _pairs(connection, self._sql["laju_tms"], *declaring))
        await self._examine_results(connection, touched, stations)
        if touched.recaps or voters:
            await connection.execute(
                self._sql["tunda_pdpb"], *_columns(sorted(touched.recaps), 2), *(voters or [[], [], [], []])
            )

    async def examine_events(self) -> int:
        """Count the events of one PDPB period of one office; return how many there were, as :meth:`examine`.

        Raises:
            TransientError: as :meth:`examine`.
        """
        async with postgres.translated(), self._pool().acquire() as connection, connection.transaction():
            if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK_EVENTS):
                return 0
            keys = await connection.fetch(
                "WITH oldest AS (SELECT office, periode FROM periksa_pdpb ORDER BY nomor LIMIT 1) "
                "DELETE FROM periksa_pdpb AS waiting USING oldest "
                "WHERE waiting.office = oldest.office AND waiting.periode = oldest.periode "
                "RETURNING waiting.office, waiting.periode"
            )
            if keys:
                office, periode = keys[0]["office"], keys[0]["periode"]
                try:
                    async with connection.transaction():
                        await self._count_events(connection, office, periode)
                except (asyncpg.QueryCanceledError, asyncpg.DataError) as error:
                    # It takes longer than it may, or stumbles: those behind it go first.
                    _log.error(
                        "the events of a period cannot be counted yet",
                        extra={"office": office, "periode": periode, "cause": _said_of(error)},
                    )
                    await connection.execute(
                        "INSERT INTO periksa_pdpb (office, periode) VALUES ($1, $2)", office, periode
                    )
        return len(keys)

    async def _count_events(self, connection: Any, office: str, periode: str) -> None:
        # Before the connection gives up by itself and takes the transaction along.
        await connection.execute(f"SET LOCAL statement_timeout = '{_EVENTS_SECONDS_MAX}s'")
        rows = await connection.fetch(self._sql["peristiwa_pdpb"], office, periode)
        found = {f"{periode}/{row['wilayah']}": _events_of(office, periode, row) for row in rows}
        gone = await connection.fetch(
            "SELECT kunci FROM perkara WHERE code = $1 AND state <> 'closed' AND kunci LIKE $2 || '/' || $3 || '%'",
            *(_EVENTS, periode, office),
        )
        await _write(connection, _EVENTS, {row["kunci"]: None for row in gone} | found)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Examine as long as this lasts; what is left is examined by whoever comes next."""
        examining = [
            asyncio.create_task(_for_ever(self.examine), name="examine"),
            asyncio.create_task(_for_ever(self.examine_events), name="examine-events"),
        ]
        try:
            yield
        finally:
            for task in examining:
                task.cancel()
            await asyncio.wait(examining)

    async def _examine_voters(self, connection: Any, voters: Sequence[Sequence[Any]]) -> None:
        tokens = [row["nik_token"] for row in await connection.fetch(self._sql["sentuh"], *voters)]
        if tokens:
            rows = await _hashed(connection, self._sql["ganda"], tokens)
            await _write(connection, _GANDA, {str(row["perkara"]): _ganda_of(row) for row in rows})

    async def _examine_results(self, connection: Any, touched: Touched, listed: set[str]) -> None:
        """Ask about everything that results, recapitulations and lists of voters of the TPS ``listed`` touched."""
        stations = touched.stations | listed
        forms = touched.forms | await _pairs(
            connection, "SELECT kontes, tps FROM c_hasil WHERE tps = ANY ($1::text[])", sorted(stations)
        )
        if touched.opened:
            # All lists of an office: in pieces, as any others.
            await connection.execute(
                "INSERT INTO periksa_tps (tps) SELECT tps FROM rekap_pemilih_tps WHERE left(tps, 4) = ANY ($1::text[])",
                sorted(touched.opened),
            )
        await _ask(connection, _DPT, forms)
        await _ask(connection, _TPS_CAP, {(tps,) for tps in stations})
        if touched.forms:
            photographs = await _hashed(connection, self._sql["foto"], *_columns(sorted(touched.forms), 2))
            await _ask(connection, _PHOTO, {(row["foto"],) for row in photographs})
        await _ask(connection, _SERIES, touched.sums)
        by_series = {(kontes, jalur, wilayah) for kontes, wilayah in touched.sums for jalur in JALUR}
        for question in _RECAP:
            await _ask(connection, question, by_series)
        recaps = touched.recaps | await _pairs(
            connection,
            "SELECT periode, wilayah FROM rekap_pdpb WHERE office = ANY ($1::text[]) OR office = ANY ($2::text[])",
            *_containing(touched.stations),
        )
        for question in _PDPB:
            await _ask(connection, question, recaps)
        await _ask(connection, _BASE, {(subject,) for subject in touched.corrected})


async def _set_aside(connection: Any, key: str, error: asyncpg.PostgresError) -> None:
    await connection.execute(
        "INSERT INTO periksa_gagal (kunci, sebab) VALUES ($1::text::jsonb, $2)", key, _said_of(error)
    )
    _log.error("a key cannot be examined and is set aside", extra={"key": key, "cause": _said_of(error)})


def _said_of(error: asyncpg.PostgresError) -> str:
    # What follows the first line may quote the row, and so the token of a voter.
    return f"{error.sqlstate} {error.args[0]}"[:300]


async def _for_ever(look: Callable[[], Awaitable[int]]) -> None:
    while True:
        try:
            pause = 0.0 if await look() else _PAUSE_SECONDS
        except (TransientError, asyncpg.PostgresError) as error:
            cause = _said_of(error) if isinstance(error, asyncpg.PostgresError) else str(error)[:300]
            _log.warning("nothing was examined, it will be tried again", extra={"cause": cause})
            pause = _PAUSE_SECONDS_AFTER_FAILURE
        except Exception:  # noqa: BLE001  # whatever it is, the keys are still there
            # Nobody else would say that nothing is examined any more.
            _log.exception("nothing was examined, it will be tried again")
            pause = _PAUSE_SECONDS_AFTER_FAILURE
        await asyncio.sleep(pause)


def _stretches(keys: Iterable[Any], lane: str) -> list[list[Any]]:
    """Return the stretches of ``lane`` as four columns, or none at all."""
    of_lane = [key for key in keys if key["lane"] == lane]
    return [[key[name] for key in of_lane] for name in ("office", "epoch", "first", "last")] if of_lane else []


async def _pairs(connection: Any, sql: str, *columns: Sequence[Any]) -> set[tuple[str, str]]:
    """Return what ``sql`` says of ``columns`` in pairs; nothing of nothing."""
    if not any(columns):
        return set()
    return {(row[0], row[1]) for row in await connection.fetch(sql, *columns)}


async def _hashed(connection: Any, sql: str, *columns: Sequence[Any]) -> list[Any]:
    """Return what ``sql`` says of ``columns``: it compares thousands of them with one another, not only with tables."""
    await connection.execute("SET LOCAL enable_hashjoin = on")
    rows: list[Any] = await connection.fetch(sql, *columns)
    await connection.execute("SET LOCAL enable_hashjoin = off")
    return rows


def _containing(stations: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the kabupaten and the provinsi of ``stations``."""
    kabupaten = {tps[:4] for tps in stations}
    return sorted(kabupaten), sorted({kode[:2] for kode in kabupaten})


def _columns(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    return [[row[nth] for row in rows] for nth in range(width)]


async def _ask(connection: Any, question: _Question, keys: Collection[tuple[str, ...]]) -> None:
    """Open, change or close the cases of ``keys`` as the view of ``question`` has them."""
    if not keys:
        return
    code, view, columns = question
    asked = ", ".join(columns)
    arrays = ", ".join(f"${nth + 2}::text[]" for nth in range(len(columns)))
    same = " AND ".join(f"found.{column} = asked.{column}" for column in columns)
    # What neither contradicts nor has a case need not be told. OFFSET 0 has the view asked about one key after the
    # other: without it PostgreSQL computes all of the view first.
    statement = (
        f"SELECT asked.kunci, found.* FROM (SELECT *, concat_ws('/', {asked}) AS kunci "  # noqa: S608  # names of our own
        f"FROM unnest({arrays}) AS given ({asked})) AS asked "
        "LEFT JOIN LATERAL (SELECT found.about, found.offices, found.seen, found.expected, "
        f"found.evidence::text AS evidence FROM {view} AS found WHERE {same} OFFSET 0) AS found ON true "
        "WHERE found.about IS NOT NULL OR EXISTS (SELECT FROM perkara "
        "WHERE perkara.code = $1 AND perkara.kunci = asked.kunci AND perkara.state <> 'closed')"
    )
    rows = await connection.fetch(statement, code, *_columns(sorted(keys), len(columns)))
    await _write(connection, code, {row["kunci"]: _found_of(row) for row in rows})


def _found_of(row: Any) -> Contradiction | None:
    if row["about"] is None:
        return None
    return Contradiction(
        row["about"], tuple(row["offices"]), row["seen"], row["expected"], _sorted(orjson.loads(row["evidence"]))
    )


def _ganda_of(row: Any) -> Contradiction | None:
    if row["offices"] is None:
        return None
    offices, kelas = tuple(row["offices"]), row["kelas"]
    return Contradiction(
        # Voters are named by nothing but their case.
        about=str(row["perkara"]),
        offices=offices,
        seen=f"{kelas}: {', '.join(offices)}",
        expected="1 entri aktif / 1 active entry",
        evidence=_sorted({"kelas": kelas, "klaim": orjson.loads(row["claims"])}),
    )


def _events_of(office: str, periode: str, row: Any) -> Contradiction | None:
    written, counted = (row["baru"], row["tms"]), (row["baru_dihitung"], row["tms_dihitung"])
    # A figure that was not written contradicts nothing.
    if not row["is_counted"] or all(one is None or one == other for one, other in zip(written, counted, strict=True)):
        return None
    return Contradiction(
        about=f"rekap_pdpb/{periode}/{row['wilayah']}",
        offices=(office,),
        seen=f"baru {written[0]}, TMS {written[1]}",
        expected=f"baru {counted[0]}, TMS {counted[1]}",
        evidence=_sorted({"baru": [written[0], counted[0]], "tms": [written[1], counted[1]]}),
    )


def _sorted(evidence: Any) -> str:
    return orjson.dumps(evidence, option=orjson.OPT_SORT_KEYS).decode()


def _id_of(code: str, kunci: str) -> UUID:
    """Return the id of a case: of ganda its key, of all else the same wherever and whenever it is made."""
    return UUID(kunci) if code == _GANDA else uuid5(_NAMESPACE, f"{code}/{kunci}")


async def _write(connection: Any, code: str, examined: Mapping[str, Contradiction | None]) -> None:
    """Do to the case of each key what ``core/perkara.py`` says, each with a line of its trail."""
    if not examined:
        return
    by_id = {_id_of(code, kunci): (kunci, found) for kunci, found in examined.items()}
    rows = await connection.fetch(
        "SELECT id, state, about, offices, seen, expected, evidence::text AS evidence FROM perkara "
        "WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE",
        list(by_id),
    )
    stored = {row["id"]: _case_of(row) for row in rows}
    moves = [(case, *by_id[case], examine(stored.get(case), by_id[case][1])) for case in sorted(by_id)]
    opened = [(case, kunci, found) for case, kunci, found, action in moves if found is not None and action is not None]
    await connection.executemany(
        "INSERT INTO perkara AS stored (id, code, kunci, about, offices, state, seen, expected, evidence) "
        "VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8) ON CONFLICT (id) DO UPDATE SET "
        "about = excluded.about, offices = excluded.offices, seen = excluded.seen, expected = excluded.expected, "
        "evidence = excluded.evidence, state = 'open', changed_time = now(), closed_time = NULL, "
        "opened_time = CASE WHEN stored.state = 'closed' THEN now() ELSE stored.opened_time END",
        [
            (case, code, kunci, found.about, list(found.offices), found.seen, found.expected, found.evidence)
            for case, kunci, found in opened
        ],
    )
    closed = [case for case, _, _, action in moves if action is Action.CLOSED]
    await connection.execute(
        "UPDATE perkara SET state = 'closed', closed_time = now(), changed_time = now() WHERE id = ANY ($1::uuid[])",
        closed,
    )
    done = [(case, action.value) for case, _, _, action in moves if action is not None]
    await connection.execute(
        "INSERT INTO perkara_riwayat (perkara, action, offices, seen, expected, evidence) "
        "SELECT perkara.id, done.action, offices, seen, expected, evidence "
        "FROM unnest($1::uuid[], $2::text[]) AS done (id, action) JOIN perkara ON perkara.id = done.id "
        "ORDER BY perkara.id",
        [case for case, _ in done],
        [action for _, action in done],
    )


def _case_of(row: Any) -> Case:
    last = Contradiction(
        row["about"], tuple(row["offices"]), row["seen"], row["expected"], _sorted(orjson.loads(row["evidence"]))
    )
    return Case(State(row["state"]), last)
