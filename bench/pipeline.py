"""The whole pipeline under load: changes a second from HTTP to merged, and how soon a result can be seen."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import orjson

from bench.load import Gateway, Office, Offices
from bench.memory import watched
from bench.report import Figure, percentile
from contracts.pemilihan import KONTES
from contracts.reference.calon import semua_calon
from deploy.demo.voters import Body, bodies
from deploy.embedded.province import EmbeddedProvince

PROVINCE: Final = "32"
_OFFICE: Final = "3273"
_DESA: Final = "3273011001"
_KONTES: Final = "pkwkp-2024"
_PEMILIHAN: Final = "pilkada-2024"
_TPS: Final = 200

_RATE_ASKED: Final = 25_000
_MEMORY_ASKED_GIB: Final = 2
_P50_ASKED_MS: Final = 80
_P99_ASKED_MS: Final = 250
_P99_UNDER_LOAD_ASKED_MS: Final = 2_000

_WARM_UP_VOTERS: Final = 100_000
_PER_BODY: Final = 1_000
_TRICKLE_PER_SECOND: Final = 1_000
_TRICKLE_PER_BODY: Final = 20
_POLL_SECONDS: Final = 0.005
_BETWEEN_PROBES_SECONDS: Final = 0.05
_BOOKS_SECONDS: Final = 0.1
_GIB: Final = 2**30


class Pipeline:
    """A province under load, and what the gateway says of it."""

    def __init__(self, province: EmbeddedProvince) -> None:
        """Take a province that has been started."""
        self.province = province
        self.offices = Offices(province.desks)
        # Who reports results has a connection of their own: the office's bulk load keeps its own one busy.
        self._reporter = Office(province.desks[_OFFICE])
        # Whoever waits for a result and whoever looks at the books ask at the same time.
        self._results, self._books = Gateway(province.gateway_url), Gateway(province.gateway_url)
        self._numbers = itertools.count(1)
        self._calon = [calon.id for calon in semua_calon().for_(KONTES[_KONTES], _DESA)]

    def close(self) -> None:
        """Close every connection."""
        self.offices.close()
        self._reporter.close()
        self._results.close()
        self._books.close()

    def service_pids(self) -> Iterator[int]:
        """Yield the processes of our own services."""
        for service in self.province.services.values():
            if service.pid is not None:
                yield service.pid

    async def merged_voters(self) -> int:
        """Return how many voter changes have been merged or refused."""
        return _merged(await asyncio.to_thread(self._books.get, "/v1/status"))

    async def until_merged(self, voters: int) -> None:
        """Wait until so many voter changes have been merged in all."""
        await asyncio.to_thread(
            self._books.until, "/v1/status", lambda status: _merged(status) >= voters, every_seconds=_BOOKS_SECONDS
        )

    async def register_tps(self) -> None:
        """Register the TPS that probes report from, and wait until one of them can be seen."""
        lines = [
            _event("tps.recorded.v1", f"bench-tps-{nth}", {"pemilihan": _PEMILIHAN, "tps": _tps(nth)})
            for nth in range(_TPS)
        ]
        await self._report(b"\n".join(lines))
        await self._until_visible(_tps(_TPS - 1), lambda answer: bool(answer["pendaftaran"]))

    async def probe(self) -> float:
        """Push one result and return how many milliseconds later the gateway shows it."""
        number = next(self._numbers)
        tps = _tps(number % _TPS)
        suara = dict.fromkeys(self._calon, number % 900)
        sah = sum(suara.values())
        data = {"kontes": _KONTES, "tps": tps, "perolehan_suara": suara, "suara_sah": sah}
        data |= {"suara_tidak_sah": 3, "suara_total": sah + 3}
        identity = f"bench-probe-{os.getpid()}-{number}"
        started = time.perf_counter()
        await self._report(_event("c_hasil.recorded.v1", identity, data))
        await self._until_visible(tps, lambda answer: identity in _ids(answer))
        return (time.perf_counter() - started) * 1000

    async def _report(self, ndjson: bytes) -> None:
        await asyncio.to_thread(self._reporter.push, ndjson)

    async def _until_visible(self, tps: str, shows: Callable[[Any], bool]) -> None:
        await asyncio.to_thread(self._results.until, f"/v1/tps/{tps}", shows, every_seconds=_POLL_SECONDS)


async def _measured(province: EmbeddedProvince, voters: int, probes: int) -> list[Figure]:
    pipeline = Pipeline(province)
    try:
        await pipeline.register_tps()
        await _warm_up(pipeline)
        return [*await _bulk(pipeline, voters), *await _trickle(pipeline, probes)]
    finally:
        pipeline.close()


async def _warm_up(pipeline: Pipeline) -> None:
    """Have Kafka's Java compiled before anything is measured: a province runs for weeks, not for a minute."""
    before = await pipeline.merged_voters()
    load = _bodies(_WARM_UP_VOTERS, _PER_BODY, "warm")
    await pipeline.offices.push_all(load)
    await pipeline.until_merged(before + sum(body.count for body in load))


async def _trickle(pipeline: Pipeline, probes: int) -> list[Figure]:
    """Measure how soon a result is seen while 1,000 changes a second arrive."""
    loads = itertools.cycle(_bodies(_TRICKLE_PER_SECOND * 60, _TRICKLE_PER_BODY, "trickle"))

    async def arrive() -> None:
        pause = _TRICKLE_PER_BODY / _TRICKLE_PER_SECOND
        due = time.monotonic()
        async with asyncio.TaskGroup() as pushes:
            for body in loads:
                pushes.create_task(pipeline.offices.push(body.office, body.ndjson))
                due += pause
                await asyncio.sleep(max(0.0, due - time.monotonic()))

    async with _beside(arrive()):
        samples = await _probes(pipeline, probes)
    p50, p99 = percentile(samples, 0.5), percentile(samples, 0.99)
    return [
        Figure(
            "push to visible at 1,000 changes/s, p50",
            f"{p50:.0f} ms",
            f"under {_P50_ASKED_MS} ms",
            p50 < _P50_ASKED_MS,
            f"{len(samples)} results, asked for every {_POLL_SECONDS * 1000:.0f} ms; "
            f"{_TRICKLE_PER_SECOND // _TRICKLE_PER_BODY} pushes/s of {_TRICKLE_PER_BODY} voters beside them",
        ),
        Figure(
            "push to visible at 1,000 changes/s, p99",
            f"{p99:.0f} ms",
            f"under {_P99_ASKED_MS} ms",
            p99 < _P99_ASKED_MS,
        ),
    ]


async def _bulk(pipeline: Pipeline, voters: int) -> list[Figure]:
    """Measure how fast voters are merged, and how soon a result is seen meanwhile."""
    load = _bodies(voters, _PER_BODY, "bulk")
    count = sum(body.count for body in load)
    before = await pipeline.merged_voters()
    samples: list[float] = []

    async def probe() -> None:
        while True:
            samples.append(await pipeline.probe())
            await asyncio.sleep(_BETWEEN_PROBES_SECONDS * 4)

    async with watched(pipeline.service_pids) as peak, _beside(probe()):
        started = time.perf_counter()
        await pipeline.offices.push_all(load)
        pushed = time.perf_counter() - started
        await pipeline.until_merged(before + count)
        merged = time.perf_counter() - started
    rate = count / merged
    gib = peak.bytes / _GIB
    p99 = percentile(samples, 0.99)
    return [
        Figure(
            "voters, HTTP to merged",
            f"{rate:,.0f}/s",
            f"at least {_RATE_ASKED:,}/s",
            rate >= _RATE_ASKED,
            f"{count:,} voters in {merged:.1f} s, {pushed:.1f} s of them until the last 202; results probed meanwhile",
        ),
        Figure(
            "memory of our own processes together, peak",
            f"{gib:.2f} GiB",
            f"under {_MEMORY_ASKED_GIB} GiB",
            gib < _MEMORY_ASKED_GIB,
            f"{len(list(pipeline.service_pids()))} processes, proportional set size",
        ),
        Figure(
            "push to visible of a result under that load, p99",
            f"{p99:.0f} ms",
            f"under {_P99_UNDER_LOAD_ASKED_MS:,} ms",
            p99 < _P99_UNDER_LOAD_ASKED_MS,
            f"{len(samples)} results, p50 {percentile(samples, 0.5):.0f} ms",
        ),
    ]


async def _probes(pipeline: Pipeline, count: int) -> list[float]:
    samples = []
    for _ in range(count):
        samples.append(await pipeline.probe())
        await asyncio.sleep(_BETWEEN_PROBES_SECONDS)
    return samples


@asynccontextmanager
async def _beside(work: Any) -> AsyncIterator[None]:
    """Do ``work`` while the block runs; when it fails, the block fails too."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        done = task.done()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert not done, "the load ended before what it was a load for"


def _bodies(voters: int, per_body: int, batch: str) -> list[Body]:
    return bodies(PROVINCE, voters=voters, per_body=per_body, batch=f"{batch}-{os.getpid()}")


def _event(kind: str, identity: str, data: dict[str, object]) -> bytes:
    return orjson.dumps({"specversion": "1.0", "id": identity, "type": kind, "data": data})


def _merged(status: Any) -> int:
    books = status["neraca"]["pemilih"]
    return int(books["submitted"] - books["in_flight"])


def _ids(answer: Any) -> set[str]:
    """Return the ids of all statements that are shown of a TPS."""
    return {version["id"] for form in answer["c_hasil"] for version in form["versi"]["listed"]}


def _tps(nth: int) -> str:
    return f"{_DESA}{1 + nth:03d}"


def measure(*, voters: int, probes: int) -> list[Figure]:
    """Return the figures of the whole pipeline with ``voters`` bulk changes and ``probes`` results at a trickle."""
    with tempfile.TemporaryDirectory(prefix="satupeta-bench-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL may run as another user
        province = EmbeddedProvince(Path(folder), province=PROVINCE)
        try:
            province.start()
            return asyncio.run(_measured(province, voters, probes))
        finally:
            province.stop()
            province.postgres.remove()
