"""Feeds a province that runs, shows how it fills up, and says at the end whether everything fed has arrived."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx

from deploy.demo.feed import Counters, Feed
from deploy.demo.plan import Plan
from deploy.demo.progress import Progress, books_of, reading_of
from deploy.desk import Desk

_LOOK_SECONDS: Final = 0.5
_ANSWER_SECONDS_MAX: Final = 10.0


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing what the gateway shows with what was fed, in words."""

    differences: list[str]
    beside: list[str] = field(default_factory=list)
    """What was not fed here: somebody pushed by hand meanwhile. If nobody did, it is a fault."""

    @property
    def exact(self) -> bool:
        """Whether the province has exactly what was fed."""
        return not self.differences and not self.beside


Check = Callable[["Gateway", Any, Feed], Awaitable[Compared]]
"""Compares what the gateway shows with what was fed."""


class Gateway:
    """The gateway as the demo asks it."""

    def __init__(self, url: str) -> None:
        """Ask at ``url``."""
        self.url = url
        self._client = httpx.AsyncClient(base_url=url, timeout=_ANSWER_SECONDS_MAX, trust_env=False)

    async def status(self) -> Any:
        """Return where every office stands.

        Raises:
            httpx.HTTPError: the gateway does not answer, or not with that.
        """
        return await self.get("/v1/status")

    async def get(self, path: str) -> Any:
        """Return the answer at ``path``.

        Raises:
            httpx.HTTPError: as :meth:`status`.
        """
        answer = await self._client.get(path)
        answer.raise_for_status()
        return answer.json()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class Show:
    """One run of a plan against a province."""

    def __init__(  # noqa: PLR0913  # what is fed, to whom, and how it is shown
        self,
        plan: Plan,
        desks: Mapping[str, Desk],
        gateway_url: str,
        state_file: Path,
        *,
        check: Check,
        progress: Progress,
    ) -> None:
        """Prepare; what an earlier run has fed already is not fed again.

        Raises:
            OtherPlanError: the state file is of another plan.
            FeedError: an office of the plan has no ingest.
        """
        self._plan = plan
        self._feed = Feed(plan, desks, state_file)
        self._gateway = Gateway(gateway_url)
        self._check = check
        self._progress = progress
        self._began = asyncio.get_running_loop().time()

    @property
    def share_fed(self) -> float:
        """How much of the plan has been pushed and answered."""
        return self._feed.counters.pushed / max(1, self._feed.total)

    async def run(self, pace_seconds: float, *, stay: bool) -> bool:
        """Feed, show and compare; return whether the province has exactly what was fed.

        With ``stay`` the line goes on moving afterwards, until cancelled.

        Raises:
            FeedError: an ingest answers what waiting does not mend.
        """
        watching = asyncio.create_task(self._watch())
        try:
            await self._feed.run(pace_seconds)
            self._progress.say("everything is fed; waiting until the province has all of it")
            status = await self._settled(datetime.now(UTC))
            compared = await self._check(self._gateway, status, self._feed)
            self._progress.say(books_of(status))
            self._progress.say(verdict_of(compared, self._feed.counters))
            if stay:
                self._progress.say(f"the gateway stays at {self._gateway.url}; Ctrl-C stops everything, data stay")
                await watching
            return compared.exact
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
            await self._gateway.close()

    async def _watch(self) -> None:
        while True:
            # While something is killed and comes back, the last line stands.
            with contextlib.suppress(httpx.HTTPError):
                status = await self._gateway.status()
                seconds = asyncio.get_running_loop().time() - self._began
                self._progress.show(reading_of(status, seconds), self._feed.counters.pushed, self.share_fed)
            await asyncio.sleep(_LOOK_SECONDS)

    async def _settled(self, fed: datetime) -> Any:
        """Return the status once every office has been heard of since ``fed`` and nothing is on its way."""
        while True:
            with contextlib.suppress(httpx.HTTPError):
                status = await self._gateway.status()
                if all(
                    self._is_settled(office["office"], lane, fed)
                    for office in status["offices"]
                    for lane in office["lanes"]
                ):
                    return status
            await asyncio.sleep(_LOOK_SECONDS)

    def _is_settled(self, office: str, lane: Mapping[str, Any], fed: datetime) -> bool:
        if (office, lane["lane"]) not in self._plan.scripts:
            return True
        heard = lane["heartbeat_time"]
        return heard is not None and datetime.fromisoformat(heard) > fed and lane["neraca"]["in_flight"] == 0


def verdict_of(compared: Compared, counters: Counters) -> str:
    """Return what the demo says at the end."""
    fed = (
        f"{counters.pushed:,} pushed: {counters.taken:,} taken, {counters.repeated:,} repeated, "
        f"{counters.refused:,} refused in this run"
    )
    lines = [fed]
    if compared.differences:
        lines.append(f"NOT CORRECT, {len(compared.differences)} differences:")
        lines += (f"  {each}" for each in compared.differences)
    else:
        lines.append("CORRECT: the totals equal what was fed, and the books balance.")
    if compared.beside:
        lines.append("Not compared where more was pushed than by the demo (if nobody did, it is a fault):")
        lines += (f"  {each}" for each in compared.beside)
    return "\n".join(lines)
