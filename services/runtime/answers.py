"""Answers that say no: RFC 9457 problem details, also for what the web framework refuses by itself."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from contracts.json_words import json_word
from contracts.problems import CATALOGUE, MEDIA_TYPE, ProblemItem, problem
from services.runtime.logs import masked

_CODE_OF_STATUS: Final = {
    HTTPStatus.NOT_FOUND: "NOT-FOUND",
    HTTPStatus.METHOD_NOT_ALLOWED: "METHOD-NOT-ALLOWED",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "BODY-TOO-LARGE",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "MEDIA-TYPE-UNKNOWN",
}
_RETRY_SECONDS: Final = "5"
_SEEN_LENGTH_MAX: Final = 80

_log = logging.getLogger(__name__)


class ProblemError(Exception):
    """A request that is refused as a whole."""

    def __init__(self, *, code: str, detail: str, errors: Sequence[ProblemItem] = ()) -> None:
        """Refuse with an entry of the catalogue."""
        assert code in CATALOGUE, f"{code} is not in the catalogue"
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.errors = list(errors)


def json_answer(content: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Return ``content`` as JSON."""
    return Response(orjson.dumps(content), status_code=status, media_type="application/json")


def problem_answer(error: ProblemError) -> Response:
    """Return the problem details for ``error``."""
    entry = CATALOGUE[error.code]
    headers = {}
    if entry.status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if entry.status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = _RETRY_SECONDS
    body = problem(error.code, error.detail).model_dump(mode="json")
    body["errors"] = items(error.errors)
    return Response(orjson.dumps(body), status_code=entry.status, media_type=MEDIA_TYPE, headers=headers)


def items(errors: Sequence[ProblemItem]) -> list[dict[str, Any]]:
    """Return errors as they are answered, in the order of the changes they are about."""
    return [dict(item) for item in sorted(errors, key=lambda item: item.index)]


def seen(value: object) -> str:
    """Return ``value`` as it may stand in an answer: short, and without a number as long as a NIK."""
    text = json_word(value) if value is None or isinstance(value, bool) else masked(repr(value))
    return text if len(text) <= _SEEN_LENGTH_MAX else text[:_SEEN_LENGTH_MAX] + "…"


def install(app: FastAPI, *, failed: str) -> None:
    """Have every refusal of ``app`` answered as problem details; ``failed`` is said when it is our own fault."""

    @app.exception_handler(ProblemError)
    async def refused(_: Request, error: ProblemError) -> Response:
        return problem_answer(error)

    @app.exception_handler(HTTPException)
    async def refused_by_framework(request: Request, error: HTTPException) -> Response:
        code = _CODE_OF_STATUS.get(HTTPStatus(error.status_code), "INTERNAL")
        answer = problem_answer(ProblemError(code=code, detail=f"{request.method} is not served here"))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(RequestValidationError)
    async def parameter_refused(_: Request, error: RequestValidationError) -> Response:
        said = "; ".join(
            f"{'/'.join(str(part) for part in found['loc'])}: seen {seen(found['input'])}, expected: {found['msg']}"
            for found in error.errors()
        )
        return problem_answer(ProblemError(code="QUERY-INVALID", detail=said))

    @app.exception_handler(Exception)
    async def failed_by_itself(_: Request, error: Exception) -> Response:
        # Its text might hold what the request holds, so only its kind is told.
        _log.error("a request failed", extra={"fault": type(error).__name__})
        return problem_answer(ProblemError(code="INTERNAL", detail=failed))
