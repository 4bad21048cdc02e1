"""HTTP over a bad link: the same request again, until it is answered or patience is at its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import httpx

T = TypeVar("T")

_CONNECT_SECONDS: Final = 10.0
_ANSWER_SECONDS: Final = 90.0
"""Ingest waits a minute for a body: giving up before it does would repeat what it is still taking."""
_PAUSE_SECONDS_FIRST: Final = 1.0
_PAUSE_SECONDS_MAX: Final = 30.0
_CHUNK_BYTES: Final = 256 * 1024
_PASSING: Final = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
        HTTPStatus.INSUFFICIENT_STORAGE,
    }
)
"""Answers of which the catalogue says: nothing was taken, send the same again."""


class PassingError(Exception):
    """Nobody answered just now, or somebody asked to wait: the same again may be answered."""

    def __init__(self, why: str, asked_seconds: float = 0.0) -> None:
        """Say why, and for how long to wait at least."""
        super().__init__(why)
        self.why = why
        self.asked_seconds = asked_seconds


class UnreachableError(Exception):
    """Nobody answered for as long as there was patience."""


class RefusedError(Exception):
    """The service said no, and why."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        """Take its problem details (RFC 9457)."""
        super().__init__(f"{status} {problem.get('code', '')}")
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str:
        """The stable code of the catalogue, empty when somebody else answered."""
        return str(self.problem.get("code", ""))

    @property
    def errors(self) -> list[dict[str, Any]]:
        """What is wrong with each change, when that is why."""
        return list(self.problem.get("errors") or ())


Waiting = Callable[[float, str], None]
"""Told for how many seconds the link waits before it asks again, and why."""


class Link:
    """One service at a base address.

    Every request may be sent twice: reading changes nothing, and what is pushed carries its id or has one derived
    from its content, so that the second time is answered as repeated.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        patience_seconds: float,
        waiting: Waiting,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Speak to ``url`` with the ``key`` of an office."""
        self.url = url
        self._patience_seconds = patience_seconds
        self._waiting = waiting
        self._pause = pause
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(
            base_url=url, headers=headers, timeout=httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS)
        )

    def __enter__(self) -> Self:
        """Lend it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close its connections."""
        self._client.close()

    def get(self, path: str, **params: Any) -> Any:
        """Return the JSON at ``path``.

        Raises:
            UnreachableError: nobody answered.
            RefusedError: the answer says no.
        """
        return self.send("GET", path, params=params).json()

    def post(self, path: str, content: bytes = b"", *, headers: Mapping[str, str] | None = None, **params: Any) -> Any:
        """Return the JSON answered to ``content``.

        Raises:
            UnreachableError: nobody answered.
            RefusedError: the answer says no.
        """
        answer = self.send("POST", path, content, headers=headers, params=params)
        return answer.json() if answer.content else {}

    def get_file(self, path: str) -> bytes | None:
        """Return what stands at ``path``, or ``None`` when there is no such thing.

        Raises:
            UnreachableError: nobody answered.
            RefusedError: the answer says no.
        """
        try:
            return self.send("GET", path).content
        except RefusedError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    def send(
        self,
        method: str,
        path: str,
        content: bytes = b"",
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        """Return the answer to a request, which is repeated while nobody answers or somebody asks to wait.

        Raises:
            UnreachableError: nobody answered.
            RefusedError: the answer says no.
        """
        return self.patiently(lambda: self.once(method, path, content, headers=headers, params=params))

    def patiently(self, attempt: Callable[[], T]) -> T:
        """Return what ``attempt`` returns, again and again while nobody answers or somebody asks to wait.

        Raises:
            UnreachableError: patience is at its end.
        """
        pause = _PAUSE_SECONDS_FIRST
        waited = 0.0
        while True:
            try:
                return attempt()
            except PassingError as error:
                why, pause = error.why, max(pause, error.asked_seconds)
            if waited >= self._patience_seconds:
                raise UnreachableError(why)
            pause = min(pause, _PAUSE_SECONDS_MAX, max(self._patience_seconds - waited, _PAUSE_SECONDS_FIRST))
            self._waiting(pause, why)
            self._pause(pause)
            waited += pause
            pause *= 2

    def once(  # noqa: PLR0913  # all that a request has
        self,
        method: str,
        path: str,
        content: bytes | Path = b"",
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        sent: Callable[[int], None] | None = None,
    ) -> httpx.Response:
        """Return the answer to a request that is made once.

        Raises:
            PassingError: nobody answered, or somebody asks to wait.
            RefusedError: the answer says no.
        """
        given = {name: value for name, value in (params or {}).items() if value is not None}
        length = {} if isinstance(content, bytes) else {"Content-Length": str(content.stat().st_size)}
        try:
            answer = self._client.request(
                method,
                path,
                params=given,
                headers={**(headers or {}), **length},
                content=content if isinstance(content, bytes) else _chunks(content, sent),
            )
        except httpx.TransportError as error:
            raise PassingError(type(error).__name__) from error
        if answer.is_success:
            return answer
        problem = _problem(answer)
        if answer.status_code in _PASSING:
            raise PassingError(str(problem.get("code") or answer.status_code), _asked_seconds(answer))
        raise RefusedError(answer.status_code, problem)


def _chunks(path: Path, sent: Callable[[int], None] | None) -> Iterator[bytes]:
    """Yield a file piece by piece: a snapshot of a whole kabupaten is larger than the memory of an old computer."""
    left = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            left += len(chunk)
            yield chunk
            if sent is not None:
                sent(left)


def _asked_seconds(answer: httpx.Response) -> float:
    asked = answer.headers.get("retry-after", "")
    return float(asked) if asked.isdecimal() else 0.0


def _problem(answer: httpx.Response) -> Mapping[str, Any]:
    """Return the problem details of an answer; a proxy in between may have answered with something else."""
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
