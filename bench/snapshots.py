"""How fast a file of voters is read, compared and emitted, and how much memory that takes: one ingest with its Kafka.

``python -m bench.snapshots FOLDER ROWS`` makes CSV files of that many voters in ``FOLDER`` and hands three over to a
new office as it would, over HTTP: a list of voters, the same list again, which is comparison alone, and a later list
in which one voter in a hundred has moved house and one in a thousand is gone. CPU seconds are those of ingest, and its
memory is what it takes at most from the hand-over to the end: pages that are shared count once, those of files too.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

import orjson

from bench.memory import watched
from bench.report import Figure
from contracts.topics import all_topics
from deploy.desk import Desk
from deploy.embedded.instance import EmbeddedInstance
from deploy.embedded.kafka import EmbeddedKafka
from deploy.keys import make_missing, office_keys
from services.runtime.topics import create

_OFFICE: Final = "3279"
_DESA: Final = "3279011001"
_HEADER: Final = "nkk,nik,nama,tempat_lahir,tanggal_lahir,status_kawin,jenis_kelamin,alamat,rt,rw,ktp_el,desa,tps"
_MOVED_EVERY: Final = 100
_GONE_EVERY: Final = 1_000
_LOOK_SECONDS: Final = 2.0
_TIMEOUT_SECONDS: Final = 120.0
_ROWS_PER_SECOND_ASKED: Final = 60_000
_MIB_ASKED: Final = 300
_SAID_EVERY: Final = 20
"""Every so many looks the progress is printed, as an operator sees it."""


def make(path: Path, rows: int, *, later: bool = False) -> None:
    """Write a list of voters whose NIK are as a NIK is; no two are alike. A ``later`` one differs as lists do."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{_HEADER}\r\n")
        for nth in range(rows):
            serial, rest = nth % 9_999 + 1, nth // 9_999
            day, month, year = rest % 28 + 1, rest // 28 % 12 + 1, 60 + rest // 336 % 40
            nik = f"327901{day:02}{month:02}{year:02}{serial:04}"
            nkk = f"327901010203{nth % 10_000:04}"
            if later and nth % _GONE_EVERY == 1:
                continue
            street = "MAWAR" if later and nth % _MOVED_EVERY == 0 else "MERDEKA"
            file.write(
                f"{nkk},{nik},PEMILIH {_letters(nth)},BANJAR,{day:02}-{month:02}-19{year},S,L,"
                f"JL {street} {nth % 90},001,002,S,{_DESA},{nth % 30 + 1:03}\r\n"
            )


class _Counter:
    """Where the office hands its files over."""

    def __init__(self, desk: Desk) -> None:
        """Hand over at ``desk``."""
        self._connection = http.client.HTTPConnection(urlsplit(desk.url).netloc, timeout=_TIMEOUT_SECONDS)
        self._headers = {"Authorization": f"Bearer {desk.key}", "Content-Type": "application/octet-stream"}

    def hand_over(self, path: Path) -> str:
        """Hand over a file and return the name of its job."""
        with path.open("rb") as file:
            return str(self._ask("POST", f"/v1/snapshots?nama={quote(path.name)}", file, path.stat().st_size)["id"])

    def job(self, identity: str) -> dict[str, Any]:
        """Return how far a file has come."""
        return self._ask("GET", f"/v1/snapshots/{identity}")

    def _ask(self, method: str, where: str, body: Any = None, size: int = 0) -> dict[str, Any]:
        self._connection.request(method, where, body, {**self._headers, "Content-Length": str(size)})
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status < http.client.BAD_REQUEST, content[:500]
        return dict(orjson.loads(content))


class _Seen(NamedTuple):
    """What one file cost."""

    rows: int
    seconds: float
    cpu_seconds: float
    mib: float
    counts: dict[str, int]

    @property
    def speed(self) -> float:
        """Rows a second and core."""
        return self.rows / self.cpu_seconds


def measure(*, rows: int) -> list[Figure]:
    """Return how fast lists of ``rows`` voters are compared and emitted, and how much memory that takes."""
    with tempfile.TemporaryDirectory() as folder:
        new, same, later = asyncio.run(_handed_over(Path(folder), rows))
    mib = max(seen.mib for seen in (new, same, later))
    return [
        Figure(
            "a list of voters, all new: read, sealed, spooled",
            f"{new.speed:,.0f} rows/s per core",
            "",
            None,
            f"{new.rows:,} rows in {new.seconds:,.0f} s; processor time of ingest with delivery to Kafka",
        ),
        Figure(
            "the same list again: read and compared",
            f"{same.speed:,.0f} rows/s per core",
            f"{_ROWS_PER_SECOND_ASKED:,} rows/s",
            same.speed >= _ROWS_PER_SECOND_ASKED,
            f"{same.rows:,} rows in {same.seconds:,.0f} s; processor time of ingest, from the hand-over over HTTP",
        ),
        Figure(
            f"a later list, 1 in {_MOVED_EVERY} changed, 1 in {_GONE_EVERY:,} gone",
            f"{later.speed:,.0f} rows/s per core",
            "",
            None,
            f"{later.counts['changed']:,} changes, {later.counts['disappeared']:,} proposals; {later.seconds:,.0f} s",
        ),
        Figure(
            "memory of that, peak",
            f"{mib:,.0f} MiB",
            f"{_MIB_ASKED} MiB",
            mib <= _MIB_ASKED,
            "ingest, proportional set size, from the first hand-over to the last proposal",
        ),
    ]


async def _handed_over(folder: Path, rows: int) -> list[_Seen]:
    """Hand three lists over, one after the other."""
    list_, later = folder / f"daftar-{rows}.csv", folder / f"daftar-{rows}-kemudian.csv"
    for path in (list_, later):
        if not path.exists():
            make(path, rows, later=path == later)
    secrets = folder / "secrets"
    secrets.mkdir(parents=True, exist_ok=True)
    make_missing(secrets, (_OFFICE,), folder / "token-key.mark")
    kafka = EmbeddedKafka(folder / "kafka")
    await asyncio.to_thread(kafka.start)
    try:
        await create(kafka.bootstrap_servers, all_topics((_OFFICE,)))
        ingest = EmbeddedInstance(
            "ingest",
            folder / "services",
            {
                "kafka_bootstrap_servers": kafka.bootstrap_servers,
                "offices": _OFFICE,
                "data_folder": str(folder / "ingest"),
                "keys_folder": str(secrets / "personal"),
                "api_keys_file": str(secrets / "ingest" / "api-keys"),
            },
        )
        await asyncio.to_thread(ingest.start)
        try:
            counter = _Counter(Desk(ingest.url, office_keys(secrets)[_OFFICE]))
            return [await _hand_over(counter, ingest, path) for path in (list_, list_, later)]
        finally:
            await asyncio.to_thread(ingest.stop)
    finally:
        await asyncio.to_thread(kafka.stop)


async def _hand_over(counter: _Counter, ingest: EmbeddedInstance, path: Path) -> _Seen:
    pid = ingest.pid
    assert pid is not None, "ingest was started"
    started, cpu = time.monotonic(), _cpu_seconds(pid)
    async with watched(lambda: [pid]) as peak:
        identity = await asyncio.to_thread(counter.hand_over, path)
        looks = 0
        while (job := await asyncio.to_thread(counter.job, identity))["ended_time"] is None:
            looks += 1
            if looks % _SAID_EVERY == 0 and job["progress"]:
                _say(f"  {job['progress']:.0%}, {job['rows_per_second']} rows/s, {job['eta_seconds']} s to go")
            await asyncio.sleep(_LOOK_SECONDS)
    seen = _Seen(
        job["counts"]["rows"],
        time.monotonic() - started,
        _cpu_seconds(pid) - cpu,
        peak.bytes / 2**20,
        job["counts"],
    )
    _say(
        f"{seen.rows:,} rows: {job['state']}, {seen.seconds:.1f} s, {seen.cpu_seconds:.1f} s of a core, {job['counts']}"
    )
    return seen


def _cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, in user and system mode."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _letters(number: int) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def main() -> None:
    """Measure what the command line asks for."""
    folder, rows = Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for seen in asyncio.run(_handed_over(folder, rows)):
        sys.stdout.write(f"{seen.speed:,.0f} rows/s per core, {seen.mib:.0f} MiB: {seen}\n")


if __name__ == "__main__":
    main()
