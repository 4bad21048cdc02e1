"""The HTTP face of ingest over offices in memory, with a network that loses requests and answers on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from enum import Enum
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import httpx

from deploy.demo.plan import Fate
from deploy.desk import Desk
from services.ingest.core.readers.sirekap import change_in
from services.ingest.core.refusal import RefusedError
from tests.unit.demo.small_province import Outcome, SmallOffice

Weather = Callable[[httpx.Request], "Trouble | None"]


class Trouble(Enum):
    """What may befall a request."""

    LOST_REQUEST = "lost request"
    LOST_ANSWER = "lost answer"
    """The ingest has taken it and nobody learns of it."""
    NO_ANSWER = "no answer"
    """The ingest has taken it, and the sender is killed while it waits."""
    AWAY = "away"
    """503: the ingest cannot write."""


class IngestInMemory(httpx.AsyncBaseTransport):
    """All ingests of a province."""

    def __init__(self, offices: Iterable[str], weather: Weather | None = None) -> None:
        """Serve ``offices`` in whatever ``weather``."""
        self.offices = {office: SmallOffice(office) for office in offices}
        self.desks = {office: Desk(f"http://ingest/{office}", f"kunci-{office}") for office in self.offices}
        self.weather = weather
        self.requests = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        self.requests += 1
        trouble = self.weather(request) if self.weather else None
        if trouble is Trouble.LOST_REQUEST:
            message = "no answer"
            raise httpx.ConnectError(message)
        if trouble is Trouble.AWAY:
            return httpx.Response(HTTPStatus.SERVICE_UNAVAILABLE, json={"code": "SPOOL-AWAY"}, request=request)
        answer = await self._answer(request)
        if trouble is Trouble.NO_ANSWER:
            await asyncio.Event().wait()
        if trouble is Trouble.LOST_ANSWER:
            message = "gone"
            raise httpx.ReadTimeout(message)
        return answer

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        named = request.headers["authorization"].removeprefix("Bearer kunci-")
        if named not in self.offices:
            return httpx.Response(HTTPStatus.UNAUTHORIZED, json={"code": "KEY-UNKNOWN", "detail": "no such key"})
        office, path = self.offices[named], request.url.path.removeprefix(f"/{named}")
        if path.startswith("/v1/receipts/"):
            identity = unquote(path.removeprefix("/v1/receipts/"))
            state = office.states.get(identity)
            if state is None:
                return httpx.Response(HTTPStatus.NOT_FOUND, json={"code": "NOT-FOUND", "detail": ""}, request=request)
            receipt = {"id": identity, "state": state, "findings": office.findings[identity]}
            return httpx.Response(HTTPStatus.OK, json=receipt, request=request)
        if path == "/v1/sirekap":
            return _file_answer(office, body, request)
        return _lines_answer([office.take(line) for line in body.splitlines()])


def _lines_answer(outcomes: list[Outcome]) -> httpx.Response:
    errors = [
        {"code": code, "index": nth}
        for nth, outcome in enumerate(outcomes)
        if outcome.fate is Fate.REFUSED
        for code in outcome.codes
    ]
    repeated = sum(1 for outcome in outcomes if outcome.fate is Fate.REPEATED)
    taken = len(outcomes) - repeated - len({error["index"] for error in errors})
    if not taken and not repeated:
        status = HTTPStatus.CONFLICT if errors[0]["code"] == "BASE-OUTDATED" else HTTPStatus.UNPROCESSABLE_ENTITY
        return httpx.Response(status, json={"code": "CHANGES-REFUSED", "detail": "", "errors": errors})
    return httpx.Response(HTTPStatus.ACCEPTED, json={"accepted": taken, "repeated": repeated, "errors": errors})


def _file_answer(office: SmallOffice, body: bytes, request: httpx.Request) -> httpx.Response:
    query = request.url.params
    try:
        line = change_in(body, nama=query["nama"], kontes=query.get("kontes"))
    except RefusedError as error:
        code = error.refusals[0].code
        errors: list[dict[str, Any]] = [{"code": code, "index": 0}]
        return httpx.Response(HTTPStatus.UNPROCESSABLE_ENTITY, json={"code": code, "detail": "", "errors": errors})
    outcome = office.take(line)
    if outcome.fate is Fate.REFUSED:
        return _lines_answer([outcome])
    receipt = {"id": office.newest, "repeated": outcome.fate is Fate.REPEATED}
    return httpx.Response(HTTPStatus.ACCEPTED, json={"accepted": 1, "receipts": [receipt], "errors": []})
