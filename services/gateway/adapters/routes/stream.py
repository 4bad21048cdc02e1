"""GET /v1/stream: which areas have new figures, as it happens."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Header, Response

from services.gateway.adapters.announcements import Announcements
from services.gateway.adapters.event_stream import EventStream
from services.gateway.core.announcement import Announcement
from services.runtime.answers import ProblemError

_WATCHERS_MAX: Final = 5_000
"""Each has a connection and a queue of its own; more are for another replica."""
_DESCRIPTION: Final = """\
Server-sent events. `perubahan` names areas with new figures (its data is an Announcement): ask again for what you show
of them. `reload` says that announcements have been missed: ask again for everything. `hello` comes first when nothing
has been missed. A comment every ten seconds says that the stream is alive."""


def router(announcements: Announcements) -> APIRouter:
    """Return the route."""
    routes = APIRouter()

    @routes.get(
        "/v1/stream",
        response_class=EventStream,
        status_code=HTTPStatus.OK,
        responses={200: {"model": Announcement, "description": _DESCRIPTION}},
        tags=["stream"],
    )
    async def stream(last_event_id: Annotated[str | None, Header(max_length=100)] = None) -> Response:
        """Areas that have changed, as server-sent events."""
        if announcements.watchers >= _WATCHERS_MAX:
            raise ProblemError(
                code="BUSY", detail=f"seen: {announcements.watchers} watchers; expected: fewer than {_WATCHERS_MAX}"
            )
        return EventStream(announcements, last_event_id)

    return routes
