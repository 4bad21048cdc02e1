"""HTTP: an office hands over a file, follows it, reads what is wrong in it and decides about what has disappeared."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field, StringConstraints, ValidationError
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse

from contracts.events.retracted_v1 import RetractedV1
from contracts.personal import PersonalKeys
from services.ingest.adapters.body import Bodies
from services.ingest.adapters.clerk import SpoolUnavailableError, milliseconds
from services.ingest.adapters.http import Desk, time_text
from services.ingest.adapters.recognised import masked_voter
from services.ingest.adapters.snapshots.book import UNFINISHED, Job, a_new_job
from services.ingest.adapters.snapshots.deciding import PORTION, Decided, confirm, dismiss
from services.ingest.adapters.snapshots.worker import Live, Worker
from services.ingest.core.refusal import RefusedError
from services.ingest.core.snapshots.retraction import check_reason
from services.runtime import clock
from services.runtime.answers import ProblemError, json_answer

_PAGE_MAX: Final = 1_000
_NTHS_MAX: Final = 10_000
_COVERS_MAX: Final = 500
"""More than any kabupaten has desa."""
_FILE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

KodeWilayah = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(?:[0-9]{2}(?:[0-9]{4})?)?$")]
Limit = Annotated[int, Query(ge=1, le=_PAGE_MAX)]


class Decision(RetractedV1):
    """Why what is gone is taken back, or stands all the same, and which proposals that is about."""

    nomor: Literal["semua"] | Annotated[list[int], Field(min_length=1, max_length=_NTHS_MAX)]
    """Places in the list of what disappeared, from 1; or all of them."""


class SnapshotRoutes:
    """The addresses under ``/v1/snapshots``."""

    def __init__(
        self,
        desk_of: Callable[[Request], Desk],
        workers: Mapping[str, Worker],
        keys: PersonalKeys,
        bodies: Bodies,
    ) -> None:
        """Serve the office that ``desk_of`` recognises in a request."""
        self._desk_of = desk_of
        self._workers = workers
        self._keys = keys
        self._bodies = bodies
        self.router = APIRouter(prefix="/v1/snapshots")
        accepted = HTTPStatus.ACCEPTED
        self.router.post("", status_code=accepted, openapi_extra=_FILE)(self.hand_over)
        self.router.get("")(self.jobs)
        self.router.get("/{identity}")(self.job)
        self.router.get("/{identity}/problems")(self.problems)
        self.router.get("/{identity}/marked")(self.marked)
        self.router.get("/{identity}/disappeared")(self.disappeared)
        self.router.post("/{identity}/disappeared/confirm")(self.confirm)
        self.router.post("/{identity}/disappeared/dismiss")(self.dismiss)

    async def hand_over(
        self,
        request: Request,
        nama: Annotated[str, Query(min_length=1, max_length=200, description="Name of the file.")],
        jenis: Annotated[str | None, Query(max_length=40, description="Kind of list, where it is not plain.")] = None,
        kontes: Annotated[str | None, Query(max_length=40, description="Kontes, as in pkwkp-2024.")] = None,
        cakupan: Annotated[
            list[KodeWilayah] | None,
            Query(
                max_length=_COVERS_MAX,
                description="Wilayah of which the file lists every voter, where it does not say so itself.",
            ),
        ] = None,
    ) -> Response:
        """Take a file as the office has it; what it says that is new is emitted, the rest is recognised."""
        desk = self._desk_of(request)
        worker = self._workers[desk.office]
        for code in cakupan or ():
            if not code.startswith(desk.office):
                raise ProblemError(
                    code="QUERY-INVALID", detail=f"cakupan: seen {code}, expected a wilayah of {desk.office}"
                )
        identity = uuid.uuid4().hex
        try:
            size = await worker.shelf.put(identity, _chunks(request))
            now_ms = milliseconds(clock.now())
            job = a_new_job(identity, nama, jenis, kontes, size=size, now_ms=now_ms, covers=cakupan or ())
            await worker.add(job)
        except SpoolUnavailableError as error:
            worker.shelf.remove(identity)
            code = "SPOOL-FULL" if error.is_full else "SPOOL-AWAY"
            raise ProblemError(code=code, detail="the file was not taken; send it again later") from None
        except OSError:
            worker.shelf.remove(identity)
            raise ProblemError(code="SPOOL-FULL", detail="the file was not taken; send it again later") from None
        return json_answer(_told(job, None, {}), HTTPStatus.ACCEPTED)

    async def jobs(self, request: Request, before: int | None = None, limit: Limit = 50) -> Response:
        """Tell what became of the office's files, the newest first; ``next`` is what ``before`` goes on with."""
        worker = self._workers[self._desk_of(request).office]
        jobs = worker.book.jobs(before=before, limit=limit)
        return json_answer(
            {
                "snapshots": [_told(job, worker.live, worker.book.decisions(job.number)) for job in jobs],
                "next": jobs[-1].number if len(jobs) == limit else None,
            }
        )

    async def job(self, request: Request, identity: str) -> Response:
        """Tell how far one file has come."""
        worker, job = self._job(request, identity)
        return json_answer(_told(job, worker.live, worker.book.decisions(job.number)))

    async def problems(
        self,
        request: Request,
        identity: str,
        group: Annotated[bool, Query(description="Counted by cause.")] = False,  # noqa: FBT002
        after: int = -1,
        limit: Limit = 200,
    ) -> Response:
        """Tell what is wrong in a file, cell by cell, or counted by cause."""
        worker, job = self._job(request, identity)
        if group:
            return json_answer({"groups": worker.book.groups(job.number)})
        found = worker.book.problems(job.number, after=after, limit=limit)
        return json_answer(
            {
                "problems": [problem for _, problem in found],
                "next": found[-1][0] if len(found) == limit else None,
            }
        )

    async def marked(self, request: Request, identity: str) -> Response:
        """Give back the file with every bad cell coloured and explained."""
        worker, job = self._job(request, identity)
        path = worker.shelf.copy_of(job.id)
        if not path.exists():
            raise ProblemError(code="NOT-FOUND", detail="no marked copy: nothing to mark, too large, or no longer kept")
        return FileResponse(path, media_type=_XLSX, filename=f"{job.id}.xlsx")

    async def disappeared(self, request: Request, identity: str, after: int = 0, limit: Limit = 200) -> Response:
        """Tell which voters the file no longer names."""
        worker, job = self._job(request, identity)
        desk = self._desk_of(request)
        found = worker.book.disappeared(job.number, after=max(0, after), limit=limit)
        listed = [
            {
                "nomor": nth,
                "state": state,
                "desa": str(one.place) if one.place else None,
                **masked_voter(self._keys, desk.reader.line("pemilih", one.epoch, one.sequence)),
            }
            for nth, (one, state) in enumerate(found, start=max(0, after) + 1)
        ]
        return json_answer({"disappeared": listed, "next": after + limit if len(found) == limit else None})

    async def confirm(self, request: Request, identity: str) -> Response:
        """Take back what is gone, all of it or row by row, for a reason and in the name of an office role."""
        worker, job = self._read_to_the_end(request, identity)
        desk = self._desk_of(request)
        decision = await self._decision(request)
        about = RetractedV1(alasan=decision.alasan, dokumen=decision.dokumen, jabatan=decision.jabatan)
        nths = _nths_of(decision, worker.book.decisions(job.number))
        retracted = outdated = 0
        while True:
            portion: Decided = await _done(
                desk, partial(confirm, office=desk.office, number=job.number, nths=nths, about=about)
            )
            retracted, outdated = retracted + portion.retracted, outdated + portion.outdated
            if portion.looked_at < PORTION:
                # Whoever decides once more because an answer was lost reads here that it has been done.
                standing = worker.book.decisions(job.number)
                return json_answer({"retracted": retracted, "outdated": outdated, "decisions": standing})

    async def dismiss(self, request: Request, identity: str) -> Response:
        """Leave what is gone from the file as it stands, all of it or row by row."""
        worker, job = self._read_to_the_end(request, identity)
        desk = self._desk_of(request)
        decision = await self._decision(request)
        nths = _nths_of(decision, worker.book.decisions(job.number))
        dismissed = 0
        while True:
            portion: int = await _done(desk, partial(dismiss, number=job.number, nths=nths))
            dismissed += portion
            if portion < PORTION:
                return json_answer({"dismissed": dismissed, "decisions": worker.book.decisions(job.number)})

    def _job(self, request: Request, identity: str) -> tuple[Worker, Job]:
        worker = self._workers[self._desk_of(request).office]
        job = worker.book.job(identity)
        if job is None:
            raise ProblemError(code="NOT-FOUND", detail="this office has handed over no such file")
        return worker, job

    def _read_to_the_end(self, request: Request, identity: str) -> tuple[Worker, Job]:
        worker, job = self._job(request, identity)
        if job.state in UNFINISHED:
            raise ProblemError(code="BUSY", detail="the file is still being read; decide when all of it is known")
        return worker, job

    async def _decision(self, request: Request) -> Decision:
        async with self._bodies.read(request) as body:
            try:
                decision = Decision.model_validate_json(body)
                check_reason(decision)
            except ValidationError as error:
                # What was sent is not repeated: a reason may hold anything.
                wrong = "; ".join(
                    f"{'/'.join(map(str, found['loc']))}: {found['msg']}"
                    for found in error.errors(include_url=False, include_context=False, include_input=False)
                )
                raise ProblemError(code="FIELD-INVALID", detail=wrong) from None
            except RefusedError as error:
                refusal = error.refusals[0]
                raise ProblemError(
                    code=refusal.code, detail=f"{refusal.pointer}: {refusal.seen}; expected: {refusal.expected}"
                ) from None
            return decision


def _nths_of(decision: Decision, decisions: Mapping[str, int]) -> list[int] | None:
    """Return the places that a decision is about, ``None`` for all; one that is no place is a misunderstanding."""
    if decision.nomor == "semua":
        return None
    last = sum(decisions.values())
    beyond = [nth for nth in decision.nomor if not 1 <= nth <= last]
    if beyond:
        expected = f"1 to {last}" if last else "nothing: no row has disappeared from this file"
        raise ProblemError(code="FIELD-INVALID", detail=f"nomor: seen {beyond[0]}, expected {expected}")
    return decision.nomor


async def _done(desk: Desk, do: Callable[..., Any]) -> Any:
    try:
        return await desk.clerk.run(do)
    except SpoolUnavailableError as error:
        code = "SPOOL-FULL" if error.is_full else "SPOOL-AWAY"
        raise ProblemError(code=code, detail="part of it may be decided; decide again, twice counts once") from None


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect:
        raise ProblemError(code="BODY-TIMEOUT", detail="the sender has gone away") from None


def _told(job: Job, live: Live | None, decisions: Mapping[str, int]) -> dict[str, Any]:
    reading = live is not None and live.job.id == job.id and job.state in UNFINISHED
    counts, seconds, share, eta = job.counts, None, None, None
    if live is not None and reading:
        counts, seconds = live.counts, live.seconds
        share = min(1.0, live.bytes_read / live.bytes_total) if live.bytes_total else 0.0
        eta = round(seconds * (1 - share) / share, 1) if share else None
    elif job.state in {"waiting", "done"}:
        share = 1.0
    return {
        "id": job.id,
        "nama": job.name,
        "jenis": job.kind,
        "wilayah": job.scope.split() if job.scope else [],
        "cakupan": job.covers.split() if job.covers else [],
        # One TPS alone is listed of these: nobody is looked for there unless the office says what the file covers.
        "satu_tps": job.uncovered.split() if job.uncovered else [],
        "state": "reading" if reading else job.state,
        "reason": job.reason,
        "bytes": job.bytes_total,
        "progress": None if share is None else round(share, 4),
        "rows_per_second": round(counts.get("rows", 0) / seconds) if seconds else None,
        "eta_seconds": eta,
        "counts": dict(counts),
        "decisions": dict(decisions),
        "received_time": time_text(job.received_ms),
        "ended_time": time_text(job.ended_ms),
    }
