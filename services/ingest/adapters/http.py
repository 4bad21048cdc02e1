"""HTTP: the ways in for an office, and what it can ask about what it sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from contracts.identifiers import LANES, Lane
from services.ingest.adapters.again import bounds_of, say_again_for
from services.ingest.adapters.answers import refusal_of
from services.ingest.adapters.api_keys import ApiKeys
from services.ingest.adapters.body import Bodies
from services.ingest.adapters.clerk import Clerk, Outcome, SpoolUnavailableError
from services.ingest.adapters.metrics import Metrics
from services.ingest.adapters.publisher import Delivery
from services.ingest.adapters.spool import SpoolReader
from services.ingest.core.framing import FRAMING_OF, Framing
from services.ingest.core.readers.sirekap import Why, change_in, explained_as_before, marked_form
from services.ingest.core.receipt import state_of
from services.ingest.core.refusal import RefusedError
from services.ingest.core.stamp import Entry
from services.ingest.core.statement import key_of, names_results
from services.runtime.answers import ProblemError, items, json_answer, problem_answer

_MINIMAL: Final = "return=minimal"
_ID_LENGTH_MAX: Final = 128
_EVENT: Final = {"type": "object", "description": "A CloudEvents 1.0 event; types: /v1/contracts at the gateway."}
_CHANGES_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/cloudevents+json": {"schema": _EVENT},
            "application/cloudevents-batch+json": {"schema": {"type": "array", "items": _EVENT}},
            "application/x-ndjson": {"schema": {"type": "string", "description": "One event on each line."}},
        },
    }
}
_FILE_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
}


class Desk:
    """One office as HTTP sees it."""

    def __init__(self, office: str, clerk: Clerk, reader: SpoolReader, deliveries: list[Delivery]) -> None:
        """Serve ``office``."""
        self.office = office
        self.clerk = clerk
        self.reader = reader
        self.deliveries = deliveries

    def delivery(self, lane: Lane) -> Delivery:
        """Return the delivery of one lane."""
        return next(delivery for delivery in self.deliveries if delivery.lane == lane)


class Routes:
    """The addresses under ``/v1``, each served to whoever holds a key of an office."""

    def __init__(self, desks: Mapping[str, Desk], keys: ApiKeys, bodies: Bodies, metrics: Metrics) -> None:
        """Serve ``desks``."""
        self._desks = desks
        self._keys = keys
        self._bodies = bodies
        self._metrics = metrics
        self.router = APIRouter(prefix="/v1")
        accepted = HTTPStatus.ACCEPTED
        self.router.post("/changes", status_code=accepted, openapi_extra=_CHANGES_BODY)(self.push_changes)
        self.router.post("/sirekap", status_code=accepted, openapi_extra=_FILE_BODY)(self.push_sirekap)
        self.router.get("/receipts/{identity:path}")(self.receipt)
        self.router.get("/status")(self.status)
        self.router.get("/rejections")(self.rejections)
        self.router.post("/rejections/resend", status_code=accepted)(self.resend)

    async def push_changes(self, request: Request) -> Response:
        """Take changes: one CloudEvent, a batch of them, or one on each line."""
        desk = self.desk_of(request)
        media_type, _, parameters = request.headers.get("content-type", "").partition(";")
        framing = FRAMING_OF.get(media_type.strip().lower())
        charset = parameters.replace(" ", "").replace('"', "").lower()
        if framing is None or ("charset=" in charset and "charset=utf-8" not in charset):
            detail = f"expected one of {', '.join(FRAMING_OF)}, in UTF-8"
            raise ProblemError(code="MEDIA-TYPE-UNKNOWN", detail=detail)
        async with self._bodies.read(request) as body:
            return await self._take(desk, request, body, framing)

    async def push_sirekap(  # noqa: PLR0913, PLR0917  # all that an office may say beside a file
        self,
        request: Request,
        nama: Annotated[str, Query(max_length=200, description="Name of the file: it names the TPS or the wilayah.")],
        kontes: Annotated[str | None, Query(max_length=40, description="Kontes, as in pkwkp-2024.")] = None,
        alasan: Annotated[str | None, Query(max_length=500, description="Why it replaces what was sent.")] = None,
        dokumen: Annotated[str | None, Query(max_length=120, description="Number of the berita acara.")] = None,
        jabatan: Annotated[str | None, Query(max_length=80, description="Role of the officer, never a name.")] = None,
    ) -> Response:
        """Take one file as Sirekap publishes it, of Pemilu (one TPS) or Pilkada (one wilayah).

        A file marked PSU says neither which document ordered that nor who answers for it: both are added here.
        """
        desk = self.desk_of(request)
        async with self._bodies.read(request) as body:
            try:
                why = Why(alasan, dokumen, jabatan)
                change = change_in(body, nama=nama, kontes=kontes, why=why)
            except RefusedError as error:
                for refusal in error.refusals:
                    self._metrics.count_request_refused(desk.office, refusal.code)
                raise refusal_of([refusal.item(0) for refusal in error.refusals]) from None
            if not any(why):
                change = await self._explained(desk, change)
            return await self._take(desk, request, change, Framing.SINGLE)

    async def receipt(self, request: Request, identity: str) -> Response:
        """Tell how far the change with an id has come, and what was said against it."""
        desk = self.desk_of(request)
        found = desk.reader.find(identity) if len(identity) <= _ID_LENGTH_MAX else None
        if found is None:
            raise ProblemError(code="NOT-FOUND", detail="this office has pushed no change with that id")
        [standing] = [one for one in desk.delivery(found.lane).standings() if one.epoch == found.epoch]
        state = state_of(
            found.sequence, published=standing.published, through=standing.through, objection=found.verdict
        )
        return json_answer(
            {
                "id": identity,
                "lane": found.lane,
                "epoch": found.epoch,
                "sequence": found.sequence,
                "state": state,
                "findings": found.findings,
                "recorded_time": time_text(found.recorded_ms),
            }
        )

    async def status(self, request: Request) -> Response:
        """Tell how far each lane of the office has come."""
        desk = self.desk_of(request)
        lanes: dict[str, Any] = {}
        for lane in LANES:
            standing = desk.delivery(lane).standings()[-1]
            lanes[lane] = {
                "epoch": standing.epoch,
                "stamped": standing.stamped,
                "published": standing.published,
                "merged_through": standing.through,
                "held": standing.held,
                "rejected": standing.rejected,
                "recorded_time": time_text(standing.recorded_ms),
                "spool_bytes": desk.reader.spooled_bytes(lane),
            }
        return json_answer({"office": desk.office, "lanes": lanes})

    async def rejections(self, request: Request) -> Response:
        """Tell what the validator held or rejected and nobody has mended since, one entry for each cause."""
        desk = self.desk_of(request)
        causes = [
            {
                "verdict": cause.verdict,
                "code": cause.code,
                "type": cause.type,
                "lane": cause.lane,
                "changes": cause.changes,
                "action": "resend",
            }
            for cause in desk.reader.causes()
        ]
        return json_answer({"office": desk.office, "causes": causes})

    async def resend(
        self,
        request: Request,
        code: Annotated[str, Query(pattern=r"^[A-Z0-9-]{1,60}$", description="Code that it was rejected with.")],
        kind: Annotated[str | None, Query(alias="type", max_length=80, description="Of this event type only.")] = None,
        held: Annotated[bool, Query(description="Also what is held with this code.")] = False,  # noqa: FBT002
    ) -> Response:
        """Say again, as the next revision with the same content, whatever was rejected for one cause."""
        desk = self.desk_of(request)
        said = gone = 0
        try:
            bounds = await desk.clerk.run(bounds_of)
            after: tuple[int, int, int] | None = None
            while True:
                portion = await desk.clerk.run(
                    partial(
                        say_again_for,
                        office=desk.office,
                        code=code,
                        held=held,
                        kind=kind,
                        bounds=bounds,
                        after=after,
                    )
                )
                said, gone, after = said + portion.said, gone + portion.gone, portion.last
                if after is None:
                    break
        except SpoolUnavailableError as error:
            raise ProblemError(
                code="SPOOL-FULL" if error.is_full else "SPOOL-AWAY",
                detail=f"{said} changes were said again; ask once more for the others",
            ) from None
        answer = {"office": desk.office, "code": code, "resent": said, "not_kept": gone}
        return json_answer(answer, HTTPStatus.ACCEPTED)

    async def _explained(self, desk: Desk, change: bytes) -> bytes:
        """Return ``change`` with what the office has said of the same form before, where its line is kept."""
        subject = marked_form(change)
        if subject is None:
            return change
        key = key_of(subject)
        try:
            entry: Entry | None = (await desk.clerk.run(lambda spool: spool.ledger([key]))).get(key)
        except SpoolUnavailableError:
            # Taking the change meets the same disk, and says so.
            return change
        newest = None if entry is None else desk.reader.line("hasil", entry.epoch, entry.sequence)
        return change if newest is None else explained_as_before(change, newest)

    def desk_of(self, request: Request) -> Desk:
        """Return the office that the key of a request belongs to."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise ProblemError(code="KEY-MISSING", detail="no header Authorization: Bearer <key>")
        office = self._keys.office_of(key.strip())
        if office is None or office not in self._desks:
            raise ProblemError(code="KEY-UNKNOWN", detail="the key belongs to no office served here")
        return self._desks[office]

    async def _take(self, desk: Desk, request: Request, body: bytes, framing: Framing) -> Response:
        minimal = _MINIMAL in request.headers.get("prefer", "").replace(" ", "").lower()
        try:
            outcome = await desk.clerk.take(body, framing, urgent=names_results(body), wants_receipts=not minimal)
        except RefusedError as error:
            [refusal] = error.refusals
            self._metrics.count_request_refused(desk.office, refusal.code)
            detail = f"seen: {refusal.seen}; expected: {refusal.expected}"
            raise ProblemError(code=refusal.code, detail=detail) from None
        except SpoolUnavailableError as error:
            code = "SPOOL-FULL" if error.is_full else "SPOOL-AWAY"
            raise ProblemError(code=code, detail="nothing was receipted; send the request again later") from None
        self._metrics.count_push(desk.office, outcome)
        if not outcome.taken and not outcome.repeated:
            return problem_answer(refusal_of(outcome.errors))
        return json_answer(_answer(desk.office, outcome, minimal=minimal), HTTPStatus.ACCEPTED)


def _answer(office: str, outcome: Outcome, *, minimal: bool) -> dict[str, Any]:
    errors = items(outcome.errors)
    if minimal:
        return {
            "office": office,
            "accepted": outcome.taken,
            "repeated": outcome.repeated,
            "first": {lane: outcome.first.get(lane) for lane in LANES},
            "last": {lane: outcome.last.get(lane) for lane in LANES},
            "errors": errors,
        }
    receipts = [
        {
            "id": receipt.id,
            "lane": receipt.lane,
            "epoch": receipt.epoch,
            "sequence": receipt.sequence,
            "subject": receipt.subject,
            "revision": receipt.revision,
            "digest": receipt.digest,
            "repeated": receipt.repeated,
        }
        for receipt in outcome.receipts
    ]
    return {"office": office, "accepted": outcome.taken, "receipts": receipts, "errors": errors}


def time_text(milliseconds: int | None) -> str | None:
    """Return a moment of the office's file as it is answered."""
    if milliseconds is None:
        return None
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
