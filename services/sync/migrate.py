"""Brings a database to the newest schema and fills its reference data: a deploy step, safe to run again."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import re
import sys
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

import asyncpg

from contracts.identifiers import induk
from contracts.pemilihan import KONTES, PEMILIHAN
from contracts.reference.calon import semua_calon
from contracts.reference.wilayah import DaftarWilayah, wilayah_of
from services.runtime import postgres
from services.runtime.errors import FatalError, TransientError
from services.runtime.secrets import read_secret

READER: Final = "gateway_reader"
"""The role that may read all but what stands about single voters."""

_UNREADABLE: Final = re.compile(r"(journal_)?pemilih(_|$)")
# Any number will do, as long as every run of this step asks for the same lock.
_LOCK: Final = 0x5A7A


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of ``migrations/``: applied once, in order of its name, and never edited afterwards."""

    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, in hex."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> list[Migration]:
    """Return every migration in the order in which it is applied."""
    folder = resources.files("services.sync").joinpath("migrations")
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    return [Migration(entry.name, entry.read_text("utf-8")) for entry in files]


async def migrate(
    dsn: str,
    *,
    province: str,
    password: str | None = None,
    reader_role: str | None = None,
    reader_password: str | None = None,
) -> int:
    """Apply what is missing, fill the reference tables of ``province`` and return how many files were applied.

    With ``reader_role`` a role of that name that may log in is made a member of :data:`READER`.

    Raises:
        TransientError: PostgreSQL does not answer.
        FatalError: a file that was applied has been edited since.
        ValueError: there is no such provinsi.
    """
    wilayah = wilayah_of(province)
    async with postgres.translated():
        connection = await asyncpg.connect(dsn, password=password, timeout=30)
        try:
            # Two deploys at once take turns; the second then finds nothing to do.
            await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
            applied = await _apply(connection, migrations())
            async with connection.transaction():
                await _fill_reference(connection, wilayah)
                await _make_partitions(connection, wilayah)
                await _grant(connection, reader_role, reader_password)
        finally:
            await connection.close()
    return applied


async def _apply(connection: Any, wanted: list[Migration]) -> int:
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS migration ("
        "name text PRIMARY KEY, checksum text NOT NULL, applied_time timestamptz NOT NULL DEFAULT now())"
    )
    known = {row["name"]: row["checksum"] for row in await connection.fetch("SELECT name, checksum FROM migration")}
    count = 0
    for migration in wanted:
        if migration.name not in known:
            async with connection.transaction():
                # A migration that must wait longer than this would stop the count.
                await connection.execute("SET LOCAL lock_timeout = '4s'")
                await connection.execute(migration.sql)
                await connection.execute(
                    "INSERT INTO migration (name, checksum) VALUES ($1, $2)", migration.name, migration.checksum
                )
            count += 1
        elif known[migration.name] != migration.checksum:
            message = f"{migration.name} was edited after it had been applied: write a new migration instead"
            raise FatalError(message)
    return count


async def _fill_reference(connection: Any, wilayah: DaftarWilayah) -> None:
    await connection.executemany(
        "INSERT INTO wilayah (kode, nama, tingkat, induk, lintang, bujur) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (kode) DO UPDATE SET nama = excluded.nama, lintang = excluded.lintang, bujur = excluded.bujur",
        [
            (row.kode, row.nama, int(row.tingkat), induk(row.kode), row.lintang, row.bujur)
            for row in wilayah.by_kode.values()
        ],
    )
    changed = [
        await connection.fetchval(
            "INSERT INTO pemilihan AS known (kode, nama, hari, dpt_per_tps_max) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (kode) DO UPDATE SET nama = excluded.nama, hari = excluded.hari, "
            "dpt_per_tps_max = excluded.dpt_per_tps_max "
            "WHERE (known.nama, known.hari, known.dpt_per_tps_max) IS DISTINCT FROM "
            "(excluded.nama, excluded.hari, excluded.dpt_per_tps_max) RETURNING kode",
            row.kode,
            row.nama,
            row.hari,
            row.dpt_per_tps_max,
        )
        for row in PEMILIHAN.values()
    ]
    if any(changed):
        # What contradicted the old limits and days may not contradict the new ones.
        await connection.execute("INSERT INTO periksa_tps (tps) SELECT tps FROM rekap_pemilih_tps ORDER BY tps")
    await connection.executemany(
        "INSERT INTO kontes (kode, nama, jenis, pemilihan, hari, tingkat_calon) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (kode) DO UPDATE SET nama = excluded.nama, hari = excluded.hari",
        [
            (
                kontes.kode,
                f"{kontes.jenis.nama} {kontes.pemilihan.hari.year}",
                kontes.jenis.kode,
                kontes.pemilihan.kode,
                kontes.pemilihan.hari,
                0 if kontes.jenis.wilayah_calon is None else int(kontes.jenis.wilayah_calon),
            )
            for kontes in KONTES.values()
        ],
    )
    await connection.executemany(
        "INSERT INTO calon (kontes, wilayah, id, nomor_urut, nama, berlaku_mulai, berlaku_sampai) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (kontes, wilayah, id) DO UPDATE SET "
        "nomor_urut = excluded.nomor_urut, nama = excluded.nama, berlaku_sampai = excluded.berlaku_sampai",
        [
            (
                calon.kontes,
                calon.wilayah,
                calon.id,
                calon.nomor_urut,
                calon.nama,
                calon.berlaku_mulai,
                calon.berlaku_sampai,
            )
            for options in semua_calon().by_list.values()
            for calon in options
        ],
    )


async def _make_partitions(connection: Any, wilayah: DaftarWilayah) -> None:
    for kabupaten in wilayah.kabupaten:
        await connection.execute(
            f"CREATE TABLE IF NOT EXISTS pemilih_{kabupaten} PARTITION OF pemilih "
            f"FOR VALUES IN ('{kabupaten}') WITH (fillfactor = 90)"
        )


async def _grant(connection: Any, role: str | None, password: str | None) -> None:
    await _ensure_role(connection, READER, "NOLOGIN")
    for (name,) in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        if not _UNREADABLE.match(name):
            await connection.execute(f'GRANT SELECT ON "{name}" TO {READER}')
    for (name,) in await connection.fetch("SELECT viewname FROM pg_views WHERE schemaname = 'public'"):
        await connection.execute(f'GRANT SELECT ON "{name}" TO {READER}')
    if role is not None:
        await _ensure_role(connection, role, "LOGIN")
        quoted = await connection.fetchval("SELECT quote_ident($1)", role)
        if password is not None:
            secret = await connection.fetchval("SELECT quote_literal($1)", password)
            await connection.execute(f"ALTER ROLE {quoted} PASSWORD {secret}")
        await connection.execute(f"GRANT {READER} TO {quoted}")


async def _ensure_role(connection: Any, role: str, kind: str) -> None:
    # Roles belong to the whole server: another database of it may have made this one already.
    if await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role) is None:
        quoted = await connection.fetchval("SELECT quote_ident($1)", role)
        await connection.execute(f"CREATE ROLE {quoted} {kind}")


def main() -> int:
    """Migrate the database of one province; the exit code says whether it is ready."""
    parser = argparse.ArgumentParser(prog="python -m services.sync.migrate", description=__doc__)
    parser.add_argument("--dsn", required=True, help="postgresql://user@host:port/database of its owner")
    parser.add_argument("--password-file", type=Path, help="file with the owner's password")
    parser.add_argument("--province", default="32", help="Kemendagri code of the provinsi (default: 32)")
    parser.add_argument("--reader-role", help="role for the gateway, made if it is missing")
    parser.add_argument("--reader-password-file", type=Path, help="file with that role's password")
    given = parser.parse_args()
    try:
        applied = asyncio.run(
            migrate(
                given.dsn,
                province=given.province,
                password=read_secret(given.password_file) if given.password_file else None,
                reader_role=given.reader_role,
                reader_password=read_secret(given.reader_password_file) if given.reader_password_file else None,
            )
        )
    except (TransientError, FatalError, ValueError) as error:
        sys.stderr.write(f"migrate: {error}\n")
        return 1
    sys.stdout.write(f"migrate: {applied} migrations applied, reference data of {given.province} in place\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
