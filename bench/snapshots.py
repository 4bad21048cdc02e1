"""How fast a file of voters is read, compared and emitted, and how much memory that takes: one office, no Kafka.

``python -m bench.snapshots FOLDER ROWS`` makes a CSV of that many voters in ``FOLDER``, hands it over to a new office
and then hands over the same file again, which is comparison alone. CPU seconds are those of the whole process.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

from bench.memory import own_peak_bytes
from contracts.personal import PersonalKeys
from services.ingest.adapters.clerk import Clerk
from services.ingest.adapters.files.marking import write_marked_copy
from services.ingest.adapters.files.opening import open_file
from services.ingest.adapters.snapshots.book import a_new_job
from services.ingest.adapters.snapshots.shelf import Shelf
from services.ingest.adapters.snapshots.worker import Worker
from services.ingest.adapters.spool import Spool
from services.runtime.background import beside

_OFFICE: Final = "3279"
_DESA: Final = "3279011001"
_HEADER: Final = "nkk,nik,nama,tempat_lahir,tanggal_lahir,status_kawin,jenis_kelamin,alamat,rt,rw,ktp_el,desa,tps"
_KEYS: Final = PersonalKeys("bench", bytes(range(32)), bytes(range(32, 64)))
_LOOK_SECONDS: Final = 0.5


def make(path: Path, rows: int) -> None:
    """Write a list of voters whose NIK are as a NIK is; no two are alike."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{_HEADER}\r\n")
        for nth in range(rows):
            serial, rest = nth % 9_999 + 1, nth // 9_999
            day, month, year = rest % 28 + 1, rest // 28 % 12 + 1, 60 + rest // 336 % 40
            nik = f"327901{day:02}{month:02}{year:02}{serial:04}"
            nkk = f"327901010203{nth % 10_000:04}"
            file.write(
                f"{nkk},{nik},PEMILIH {_letters(nth)},BANJAR,{day:02}-{month:02}-19{year},S,L,"
                f"JL MERDEKA {nth % 90},001,002,S,{_DESA},{nth % 30 + 1:03}\r\n"
            )


async def measure(folder: Path, path: Path) -> None:
    """Hand the file over twice and say what each time cost."""
    spool = folder / f"{_OFFICE}.sqlite3"
    clerk = Clerk(_OFFICE, partial(Spool, spool), _KEYS, turn=threading.Lock(), on_commit=lambda: None)
    await clerk.start()
    shelf = Shelf(folder / "berkas", bytes_max=1 << 40)
    with ThreadPoolExecutor(1) as thread:
        worker = Worker(
            _OFFICE,
            spool,
            _KEYS,
            clerk=clerk,
            shelf=shelf,
            open_file=open_file,
            write_copy=write_marked_copy,
            thread=thread,
        )
        async with beside(worker.run()):
            for nth, title in enumerate(("a new file", "the same file again"), start=1):
                size = await asyncio.to_thread(shelf.put_copy, f"berkas-{nth}", path)
                started, cpu = time.monotonic(), time.process_time()
                await worker.add(a_new_job(f"berkas-{nth}", path.name, None, None, size=size, now_ms=0))
                while (job := worker.book.job(f"berkas-{nth}")) is None or job.ended_ms is None:  # noqa: ASYNC110  # it ends on disk
                    await asyncio.sleep(_LOOK_SECONDS)
                seconds, used = time.monotonic() - started, time.process_time() - cpu
                rows = job.counts["rows"]
                peak = own_peak_bytes() // 2**20
                sys.stdout.write(
                    f"{title}: {rows:,} rows in {seconds:.1f} s ({rows / seconds:,.0f} rows/s), {used:.1f} s of a core "
                    f"({rows / used:,.0f} rows/s per core), peak {peak} MiB, {job.state}, {job.counts}\n"
                )
        worker.close()
    await clerk.stop()


def _letters(number: int) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))


def main() -> None:
    """Measure what the command line asks for."""
    folder, rows = Path(sys.argv[1]), int(sys.argv[2])
    path = folder / f"daftar-{rows}.csv"
    if not path.exists():
        make(path, rows)
    asyncio.run(measure(folder, path))


if __name__ == "__main__":
    main()
