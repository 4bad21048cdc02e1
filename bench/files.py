"""Measures how fast a voter list is read from a file into changes and digests, and how much memory that takes."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import orjson

from bench.memory import own_peak_bytes
from bench.report import Figure
from services.ingest.adapters.files.opening import open_file

_OFFICE: Final = "3279"
_HEADERS: Final = (
    "No. KK;NIK;Nama;Tempat Lahir;Tanggal Lahir;Status Perkawinan;Jenis Kelamin;Alamat;RT;RW;Disabilitas;KTP-el;"
    "Keterangan;Kode Wilayah;TPS"
)
_ROWS_PER_SECOND_ASKED: Final = 60_000
_MIB_ASKED: Final = 300
_ODD_EVERY: Final = 100
"""One row in a hundred needs a second look: a RT whose zeros were eaten."""
_BIRTHDAYS: Final = 20_000


def measure(*, rows: int) -> list[Figure]:
    """Return speed and peak memory of reading ``rows`` voters, in a process of its own on one core."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "daftar.csv"
        _write(path, rows)
        size_mib = path.stat().st_size / 2**20
        done = subprocess.run(  # noqa: S603  # ourselves
            [sys.executable, "-m", "bench.files", str(path)], check=True, capture_output=True, text=True
        )
    seen = json.loads(done.stdout)
    speed = seen["rows"] / seen["seconds"]
    remark = f"{seen['rows']:,} rows, {size_mib:,.0f} MiB of CSV; 1 in {_ODD_EVERY} with a problem"
    return [
        Figure(
            "reading a voter list, to digests",
            f"{speed:,.0f} rows/s per core",
            f"{_ROWS_PER_SECOND_ASKED:,} rows/s",
            speed >= _ROWS_PER_SECOND_ASKED,
            remark,
        ),
        Figure(
            "memory of that",
            f"{seen['mib']:,.0f} MiB",
            f"{_MIB_ASKED} MiB",
            seen["mib"] <= _MIB_ASKED,
            "peak of the process; comparing with the ledger is not part of it",
        ),
    ]


def _write(path: Path, rows: int) -> None:
    first = date(1950, 1, 1)
    with path.open("w", encoding="ascii") as file:
        file.write(f"{_HEADERS}\n")
        for nth in range(rows):
            born = first + timedelta(days=nth % _BIRTHDAYS)
            rt = "1" if nth % _ODD_EVERY == 0 else "001"
            file.write(
                f"{_OFFICE}{10_101_000_001 + nth // 3:012};{_OFFICE}01{born:%d%m%y}{nth // _BIRTHDAYS + 1:04};"
                f"WARGA UJI {chr(65 + nth % 26)};BANJAR;{born:%d-%m-%Y};S;L;JL. UJI NO. {nth % 99};{rt};002;;S;;"
                f"32790110{nth // 8000 % 90 + 10:02};{nth // 300 % 900 + 1:03}\n"
            )


def _read(path: Path) -> None:
    # What the process itself used: others' load on the machine is none of its doing.
    started = time.process_time()
    rows = problems = 0
    key = bytes(range(32))
    for row in open_file(path, office=_OFFICE):
        rows += 1
        problems += len(row.problems)
        if row.change is not None:
            hashlib.blake2b(orjson.dumps(row.change), digest_size=16, key=key).digest()
    seconds = time.process_time() - started
    mib = own_peak_bytes() / 2**20
    sys.stdout.write(json.dumps({"rows": rows, "problems": problems, "seconds": seconds, "mib": mib}))


if __name__ == "__main__":
    _read(Path(sys.argv[1]))
