"""HTTP: what of the office's own the province holds, one by one, as a decision has to name it.

The province only counts voters that are held; who they are her office alone knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Query, Request, Response

from contracts.identifiers import LANES
from contracts.personal import PersonalKeys
from services.ingest.adapters.clerk import SpoolUnavailableError
from services.ingest.adapters.http import Desk
from services.ingest.adapters.recognised import masked_voter
from services.ingest.adapters.spool import Objected, Spool
from services.runtime.answers import ProblemError, json_answer

_ROWS_MAX: Final = 500
_ROWS_USUAL: Final = 100
_PLACE: Final = re.compile(r"([0-9])\.([0-9]{1,9})\.([0-9]{1,15})", re.ASCII)


def router(desk_of: Callable[[Request], Desk], keys: PersonalKeys) -> APIRouter:
    """Return the route, for the office that ``desk_of`` recognises in a request."""
    routes = APIRouter(prefix="/v1")

    @routes.get("/held")
    async def held(
        request: Request,
        code: Annotated[str | None, Query(pattern=r"^[A-Z0-9-]{1,60}$", description="Held for this only.")] = None,
        kind: Annotated[str | None, Query(alias="type", max_length=80, description="Of this event type only.")] = None,
        after: Annotated[str | None, Query(max_length=40, description="`next` of the page before.")] = None,
        limit: Annotated[int, Query(ge=1, le=_ROWS_MAX)] = _ROWS_USUAL,
    ) -> Response:
        """List newest versions that stand held, in the order of their numbers; a voter is masked."""
        desk = desk_of(request)
        asked = partial(_held, code=code, kind=kind, after=_place_in(after), limit=limit)
        try:
            found: list[Objected] = await desk.clerk.run(asked)
        except SpoolUnavailableError:
            raise ProblemError(code="SPOOL-AWAY", detail="nothing could be looked up; ask again later") from None
        listed = [told for one in found if (told := _told(desk, keys, one)) is not None]
        last = found[-1] if len(found) == limit else None
        following = None if last is None else f"{last.lane}.{last.epoch}.{last.sequence}"
        return json_answer({"office": desk.office, "held": listed, "next": following})

    return routes


def _held(
    spool: Spool, *, code: str | None, kind: str | None, after: tuple[int, int, int] | None, limit: int
) -> list[Objected]:
    codes = () if code is None else (code,)
    return spool.objected(verdicts=("held",), codes=codes, kind=kind, after=after, limit=limit)


def _told(desk: Desk, keys: PersonalKeys, one: Objected) -> dict[str, Any] | None:
    """Return one of them; ``None`` when a newer version has let go of its line in the meantime."""
    lane = LANES[one.lane]
    line = desk.reader.line(lane, one.epoch, one.sequence)
    if line is None:
        return None
    change = orjson.loads(line)
    receipt = desk.reader.find(change["id"])
    told = {
        "id": change["id"],
        "lane": lane,
        "epoch": one.epoch,
        "sequence": one.sequence,
        "type": change["type"],
        "digest": change["digest"],
        "findings": [] if receipt is None else receipt.findings,
    }
    if lane != "pemilih":
        return {**told, "subject": change["subject"], "desa": None, "nik": None, "nama": None}
    return {**told, "subject": None, "desa": change["data"].get("desa"), **masked_voter(keys, line)}


def _place_in(after: str | None) -> tuple[int, int, int] | None:
    if after is None:
        return None
    place = _PLACE.fullmatch(after)
    if place is None:
        raise ProblemError(code="QUERY-INVALID", detail="after: expected `next` of the page before, unaltered")
    lane, epoch, sequence = map(int, place.groups())
    return lane, epoch, sequence
