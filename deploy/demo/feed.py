"""Feeds the ingests over HTTP what a plan says, each office in its order, until every push is answered.

A body that may have arrived is sent again as it is: ids make that harmless, with one exception. A change that was
*rejected* has had no effect, so saying it again is rightly a new statement; where it is in doubt whether such a line
arrived, its receipt is asked for first, and the books come out the same however often anything is repeated.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx
import orjson

from contracts.identifiers import Lane
from deploy.demo.plan import Fate, Plan, Push, Script
from deploy.demo.position import Position
from deploy.desk import Desk

_BODY_LINES_MAX: Final = 500
_BODY_BYTES_MAX: Final = 512 * 1024
_GATHER_SECONDS: Final[Mapping[Lane, float]] = {"hasil": 0.4, "pemilih": 2.0}
"""How long what falls due waits for more of the same office: a result is seen within a second, a voter has time."""
_SECONDS_MAX: Final = 30.0
"""An ingest answers within this time or is asked again."""
_BACKOFF_SECONDS: Final = (0.2, 5.0)
_RECEIPT_SECONDS: Final = 0.25
_MERGED_LOOKS: Final = 40
"""So often in a row a receipt must say ``merged`` before it is believed that no objection follows: ten seconds."""
_AGAIN: Final = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
        HTTPStatus.INSUFFICIENT_STORAGE,
    }
)

_log = logging.getLogger(__name__)


class FeedError(RuntimeError):
    """An ingest answered what no plan can mean: a wrong key, a wrong address, a body it will never take."""


@dataclass
class Counters:
    """What has been pushed so far in this run, and what the answers said."""

    pushed: int = 0
    """Answered pushes, those of earlier runs included."""
    taken: int = 0
    repeated: int = 0
    refused: int = 0
    retries: int = 0
    """Requests that had to be sent again."""


class Feed:
    """Everything that all offices push."""

    def __init__(
        self,
        plan: Plan,
        desks: Mapping[str, Desk],
        state_file: Path,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare to push ``plan`` to ``desks``, going on where ``state_file`` says; by TCP unless told otherwise.

        Raises:
            OtherPlanError: the file is of another plan.
            FeedError: an office of the plan has no desk.
        """
        missing = sorted({office for office, _ in plan.scripts} - desks.keys())
        if missing:
            message = f"no ingest for {', '.join(missing)}"
            raise FeedError(message)
        self._plan, self._desks, self._transport = plan, desks, transport
        self.position = Position(state_file, plan.name)
        self.counters = Counters(pushed=sum(self.position.of(*key) for key in plan.scripts))
        self.total = sum(len(script) for script in plan.scripts.values())
        """Pushes of the whole plan."""

    async def run(self, pace_seconds: float) -> None:
        """Push everything; the evening takes ``pace_seconds``, and 0 means as fast as it is taken.

        May be cancelled at any moment and run again.

        Raises:
            FeedError: an answer that waiting does not mend.
        """
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=2 * len(self._desks))
        async with httpx.AsyncClient(
            timeout=_SECONDS_MAX, limits=limits, trust_env=False, transport=self._transport
        ) as client:
            ahead = [
                script.due(reached)
                for key, script in self._plan.scripts.items()
                if (reached := self.position.of(*key)) < len(script)
            ]
            clock = _Evening(max(0.0, min(ahead, default=1.0)), pace_seconds)
            try:
                async with asyncio.TaskGroup() as senders:
                    for (office, lane), script in self._plan.scripts.items():
                        sender = _Sender(office, lane, script, self, client, self._desks[office], clock)
                        senders.create_task(sender.run(), name=f"feed-{office}-{lane}")
            except* FeedError as several:
                # One office's trouble ends the feeding of all; the first tells enough.
                raise several.exceptions[0] from None


class _Evening:
    """The clock of the evening: it starts where the feeding was left off."""

    def __init__(self, start: float, pace_seconds: float) -> None:
        self._start, self._pace = start, pace_seconds
        self._began = asyncio.get_running_loop().time()

    def now(self) -> float:
        """Return the share of the evening that is over."""
        if self._pace <= 0:
            return float("inf")
        return self._start + (asyncio.get_running_loop().time() - self._began) / self._pace

    def seconds_until(self, due: float) -> float:
        return 0.0 if self._pace <= 0 else (due - self.now()) * self._pace


class _Sender:
    """One office and lane: one body at a time, so that order is kept."""

    def __init__(  # noqa: PLR0913, PLR0917  # all that a sender stands between
        self,
        office: str,
        lane: Lane,
        script: Script,
        feed: Feed,
        client: httpx.AsyncClient,
        desk: Desk,
        clock: _Evening,
    ) -> None:
        self._office, self._lane, self._script, self._feed = office, lane, script, feed
        self._client, self._desk, self._clock = client, desk, clock
        self._reached = feed.position.of(office, lane)
        # What was under way when the feeding was stopped, if it ever was, may have arrived.
        self._doubtful_until = self._reached + _BODY_LINES_MAX

    async def run(self) -> None:
        while self._reached < len(self._script):
            await asyncio.sleep(self._clock.seconds_until(self._script.due(self._reached)))
            pushes = self._gathered()
            if pushes[0].mends:
                await self._rejected(pushes[0].mends)
            doubtful = self._reached < self._doubtful_until
            if pushes[0].nama:
                await self._send_file(pushes[0])
            else:
                await self._send_lines(pushes, doubtful=doubtful)
            self._reached += len(pushes)
            self._feed.counters.pushed += len(pushes)
            self._feed.position.reach(self._office, self._lane, self._reached)
            # Whatever falls due meanwhile travels together.
            await asyncio.sleep(min(_GATHER_SECONDS[self._lane], max(0.0, self._clock.seconds_until(1.0))))

    def _gathered(self) -> list[Push]:
        """Return what is due now, as much as fits one body; at least one push."""
        now, pushes, size = self._clock.now(), list[Push](), 0
        for nth in range(self._reached, min(len(self._script), self._reached + _BODY_LINES_MAX)):
            if pushes and self._script.due(nth) > now:
                break
            push = self._script.push(nth)
            size += len(push.body)
            # A file travels alone, and what mends something waits for its turn.
            if pushes and (push.nama or push.mends or size > _BODY_BYTES_MAX):
                break
            pushes.append(push)
            if push.nama:
                break
        return pushes

    async def _send_lines(self, pushes: list[Push], *, doubtful: bool) -> None:
        while True:
            sent = pushes
            if doubtful:
                known = {push.id for push in pushes if push.fate is Fate.REJECTED and await self._state(push.id)}
                sent = [push for push in pushes if push.id not in known]
            if not sent:
                return
            answer = await self._post(
                "/v1/changes",
                b"\n".join(push.body for push in sent) + b"\n",
                {"Content-Type": "application/x-ndjson", "Prefer": "return=minimal"},
                tries=1,
            )
            if answer is not None:
                self._compare(sent, answer)
                return
            doubtful = True

    async def _send_file(self, push: Push) -> None:
        query = f"nama={quote(push.nama)}" + (f"&kontes={quote(push.kontes)}" if push.kontes else "")
        answer = await self._post(f"/v1/sirekap?{query}", push.body, {"Content-Type": "application/json"}, tries=None)
        assert answer is not None, "asked until there is an answer"
        counters = self._feed.counters
        if answer.get("receipts"):
            [receipt] = answer["receipts"]
            counters.taken += not receipt["repeated"]
            counters.repeated += receipt["repeated"]
            outcome = {"id": receipt["id"]} | ({"repeated": "yes"} if receipt["repeated"] else {})
        else:
            counters.refused += 1
            codes = [error["code"] for error in answer.get("errors", [])]
            outcome = {"code": codes[0] if codes else answer["code"]}
        self._feed.position.answers[push.id] = outcome

    async def _post(
        self, path: str, body: bytes, headers: dict[str, str], *, tries: int | None
    ) -> dict[str, Any] | None:
        """Return the answer; ``None`` when there was none after ``tries``, with the back-off already waited for."""
        for wait in _back_off():
            try:
                response = await self._client.post(
                    self._desk.url + path,
                    content=body,
                    headers={"Authorization": f"Bearer {self._desk.key}", **headers},
                )
            except httpx.TransportError as error:
                _log.debug("an ingest did not answer", extra={"office": self._office, "fault": type(error).__name__})
            else:
                if response.status_code not in _AGAIN:
                    return self._read(response)
            self._feed.counters.retries += 1
            await asyncio.sleep(wait)
            if tries is not None:
                return None
        raise AssertionError

    def _read(self, response: httpx.Response) -> dict[str, Any]:
        answer: dict[str, Any] = orjson.loads(response.content)
        # A refusal with items is about the changes; without them it is about the request, which a file may deserve.
        about_changes = bool(answer.get("errors")) or response.request.url.path == "/v1/sirekap"
        unauthorised = response.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}
        if response.is_success or (about_changes and not unauthorised):
            return answer
        message = (
            f"the ingest of {self._office} answered {response.status_code} {answer.get('code')}: {answer.get('detail')}"
        )
        raise FeedError(message)

    def _compare(self, sent: list[Push], answer: dict[str, Any]) -> None:
        """Count an answer, and remember what in it was not planned."""
        codes: dict[int, str] = {}
        for error in answer.get("errors", []):
            codes.setdefault(error["index"], error["code"])
        counters = self._feed.counters
        counters.taken += answer.get("accepted", 0)
        counters.repeated += answer.get("repeated", 0)
        counters.refused += len(codes)
        for nth, push in enumerate(sent):
            code = codes.get(nth, "")
            # A correction that came too early is in time when the body that holds both is sent again.
            if code == push.code or (push.code == "BASE-OUTDATED" and not code):
                continue
            self._feed.position.wonder(
                f"{self._office} {push.id}: {code or 'taken'}, planned was {push.code or 'to be taken'}"
            )

    async def _rejected(self, identity: str) -> None:
        """Wait until the office has heard that its change was rejected."""
        merged = 0
        while merged < _MERGED_LOOKS:
            state = await self._state(identity)
            if state == "rejected":
                return
            # After a restart the change may meanwhile stand for the one that mended it, which is merged.
            merged = merged + 1 if state == "merged" else 0
            await asyncio.sleep(_RECEIPT_SECONDS)

    async def _state(self, identity: str) -> str:
        """Return how far a change has come; empty when the office has not sent it."""
        for wait in _back_off():
            try:
                return await receipt_state(self._client, self._desk, identity)
            except (httpx.TransportError, httpx.HTTPStatusError):
                self._feed.counters.retries += 1
                await asyncio.sleep(wait)
        raise AssertionError


async def receipt_of(client: httpx.AsyncClient, desk: Desk, identity: str) -> dict[str, Any] | None:
    """Return the receipt of a change, or ``None`` when the office has not sent it.

    Raises:
        httpx.TransportError: the ingest does not answer.
        httpx.HTTPStatusError: it answers something else.
    """
    response = await client.get(
        f"{desk.url}/v1/receipts/{quote(identity, safe='/')}", headers={"Authorization": f"Bearer {desk.key}"}
    )
    if response.status_code == HTTPStatus.NOT_FOUND:
        return None
    response.raise_for_status()
    found: dict[str, Any] = orjson.loads(response.content)
    return found


async def receipt_state(client: httpx.AsyncClient, desk: Desk, identity: str) -> str:
    """Return the state in the receipt of a change; empty when there is none."""
    receipt = await receipt_of(client, desk, identity)
    return "" if receipt is None else str(receipt["state"])


def _back_off() -> Any:
    wait, most = _BACKOFF_SECONDS
    while True:
        yield wait
        wait = min(2 * wait, most)
