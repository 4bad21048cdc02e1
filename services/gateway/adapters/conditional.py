"""Kept answers over HTTP: with an ETag, and 304 for whoever has the newest already."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request, Response

from services.gateway.adapters.kept import Answer


def answer_to(request: Request, answer: Answer) -> Response:
    """Return ``answer``, or that it is what the client has."""
    # Whoever keeps it asks before showing it again: a figure must not be older than it says.
    headers = {"ETag": answer.etag, "Cache-Control": "no-cache"}
    if _has(request.headers.get("if-none-match", ""), answer.etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(answer.body, media_type="application/json", headers=headers)


def _has(if_none_match: str, etag: str) -> bool:
    listed = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return etag in listed or "*" in listed
