"""Pushes prepared bodies as the offices would: each office one body at a time, all offices at once.

The client is the standard library's, in threads: it costs a tenth of what an asynchronous one does, and what the load
costs is taken from what is measured.
"""

from __future__ import annotations

import asyncio
import http.client
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from deploy.demo.voters import Body
from deploy.desk import Desk

_TIMEOUT_SECONDS: Final = 60.0
_WAIT_SECONDS_MAX: Final = 300.0


class Office:
    """One office with its connection, used by one thread at a time."""

    def __init__(self, desk: Desk) -> None:
        """Push to ``desk``."""
        self._connection = http.client.HTTPConnection(urlsplit(desk.url).netloc, timeout=_TIMEOUT_SECONDS)
        self._turn = threading.Lock()
        self._headers = {
            "Authorization": f"Bearer {desk.key}",
            "Content-Type": "application/x-ndjson",
            "Prefer": "return=minimal",
        }

    def push(self, ndjson: bytes) -> None:
        """Push a body of which everything must be taken."""
        with self._turn:
            self._connection.request("POST", "/v1/changes", ndjson, self._headers)
            answer = self._connection.getresponse()
            content = answer.read()
        assert answer.status == HTTPStatus.ACCEPTED, f"{answer.status}: {content[:500]!r}"
        errors = orjson.loads(content)["errors"]
        assert not errors, f"a valid change was refused: {errors[0]}"

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class Gateway:
    """Whoever looks at the gateway, with one connection."""

    def __init__(self, url: str) -> None:
        """Ask at ``url``."""
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=_TIMEOUT_SECONDS)

    def get(self, path: str) -> Any:
        """Return the answer at ``path``, or ``None`` when there is nothing."""
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        assert answer.status == HTTPStatus.OK, f"{answer.status}: {content[:500]!r}"
        return orjson.loads(content)

    def until(self, path: str, shows: Callable[[Any], bool], *, every_seconds: float) -> Any:
        """Return the answer at ``path`` as soon as it ``shows`` what is waited for."""
        deadline = time.monotonic() + _WAIT_SECONDS_MAX
        while True:
            answer = self.get(path)
            if answer is not None and shows(answer):
                return answer
            assert time.monotonic() < deadline, f"{path} did not show it within {_WAIT_SECONDS_MAX:.0f} s"
            time.sleep(every_seconds)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class Offices:
    """Every office."""

    def __init__(self, desks: Mapping[str, Desk]) -> None:
        """Push to ``desks``."""
        self._offices = {office: Office(desk) for office, desk in desks.items()}
        self._threads = ThreadPoolExecutor(max_workers=len(self._offices), thread_name_prefix="office")

    async def push(self, office: str, ndjson: bytes) -> None:
        """Push one body, once the office's connection is free."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self._offices[office].push, ndjson)

    async def push_all(self, bodies: Sequence[Body]) -> None:
        """Push ``bodies``, each office's in their order."""
        of_office: dict[str, list[Body]] = {}
        for body in bodies:
            of_office.setdefault(body.office, []).append(body)

        def push_in_order(office: str) -> None:
            for body in of_office[office]:
                self._offices[office].push(body.ndjson)

        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._threads, push_in_order, office) for office in of_office))

    def close(self) -> None:
        """Close every connection."""
        self._threads.shutdown()
        for office in self._offices.values():
            office.close()
