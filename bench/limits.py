"""What PostgreSQL itself can do: one psql transaction that stages, merges and writes history."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import orjson

_SCRIPT: Final = """\
\\set ON_ERROR_STOP on
BEGIN;
CREATE TEMP TABLE arrived (
    office text, epoch integer, sequence bigint, id text, type text, nik_token uuid, version bigint, base uuid,
    digest uuid, data text, time timestamptz, recorded_time timestamptz, desa text, tps text, jenis_kelamin text,
    kelas_lahir smallint, status text, tms text, disabilitas text
) ON COMMIT DROP;
\\copy arrived FROM '{rows}'
INSERT INTO journal_pemilih (office, epoch, sequence, id, type, nik_token, version, base, digest, data, time,
                             recorded_time, held, outcome)
SELECT office, epoch, sequence, id, type, nik_token, version, base, digest, data, time, recorded_time, false, 'applied'
FROM arrived;
INSERT INTO pemilih AS stored (office, nik_token, version, epoch, sequence, digest, state, desa, tps, jenis_kelamin,
                               kelas_lahir, status, tms, disabilitas)
SELECT office, nik_token, version, epoch, sequence, digest, 'accepted', desa, tps, jenis_kelamin, kelas_lahir, status,
       tms, disabilitas
FROM arrived
ON CONFLICT (office, nik_token) DO UPDATE SET
    version = excluded.version, epoch = excluded.epoch, sequence = excluded.sequence, digest = excluded.digest,
    state = excluded.state, desa = excluded.desa, tps = excluded.tps, jenis_kelamin = excluded.jenis_kelamin,
    kelas_lahir = excluded.kelas_lahir, status = excluded.status, tms = excluded.tms, disabilitas = excluded.disabilitas
WHERE stored.version < excluded.version;
COMMIT;
"""


def write_rows(lines: Sequence[bytes], path: Path) -> None:
    """Write accepted voter lines as the text rows that psql copies."""
    with path.open("wb") as out:
        for line in lines:
            out.write(_row(line))


def _row(line: bytes) -> bytes:
    change = orjson.loads(line)
    data = change["data"]
    office = change["source"].removeprefix("/kpu/")
    columns = (
        office,
        change["epoch"],
        change["sequence"],
        change["id"],
        change["type"],
        data["nik_token"],
        change["epoch"] << 32 | change["revision"],
        change.get("base"),
        change["digest"],
        orjson.dumps(data).decode().replace("\\", "\\\\"),
        change["time"],
        change["recordedtime"],
        data["desa"],
        data["tps"],
        data["jenis_kelamin"],
        data["kelas_lahir"],
        data["status"],
        data.get("tms"),
        data.get("disabilitas"),
    )
    return "\t".join("\\N" if column is None else str(column) for column in columns).encode() + b"\n"


def seconds_of_one_psql_transaction(psql: Path, dsn: str, rows: Path) -> float:
    """Return how long psql takes to stage, merge and write history for ``rows`` in one transaction."""
    started = time.perf_counter()
    subprocess.run(  # noqa: S603  # the server's own client, on a script made here
        [psql, "-X", "-q", dsn], input=_SCRIPT.format(rows=rows), text=True, check=True, capture_output=True
    )
    return time.perf_counter() - started
