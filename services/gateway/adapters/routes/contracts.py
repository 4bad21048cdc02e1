"""GET /v1/contracts: what may be said and in which shape, as it is published beside the code."""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import Field

from contracts.envelope import EVENT_TYPES, ClosedModel
from contracts.identifiers import Lane
from contracts.problems import CATALOGUE
from services.gateway.adapters.conditional import answer_to
from services.gateway.adapters.kept import Answer
from services.runtime.answers import ProblemError, seen

_PREFIX: Final = "/v1/contracts"
_ETAG_HEX: Final = 32


class EventContract(ClosedModel):
    """One kind of statement that an office can make."""

    type: Annotated[str, Field(description="As an event names it, as in c_hasil.recorded.v1.")]
    lane: Lane
    judul: str
    definisi: Annotated[str, Field(description="What it means, in Bahasa Indonesia, complete in itself.")]
    submission: Annotated[str, Field(description="Address of the JSON Schema of what an office sends.")]
    shape: Annotated[str, Field(description="Address of the JSON Schema of what travels and is stored.")]


class ProblemContract(ClosedModel):
    """One way in which a request can be refused, with what to do about it."""

    code: str
    status: int
    judul: str
    title: str
    saran: str
    fix: str


class Contracts(ClosedModel):
    """Everything that is published of them."""

    events: list[EventContract]
    documents: Annotated[list[str], Field(description="Addresses of all schemas, and of the AsyncAPI document.")]
    problems: Annotated[str, Field(description="Address of the catalogue of refusals.")]
    rules: Annotated[str, Field(description="Address of the catalogue of rules.")]


class Problems(ClosedModel):
    """Every way in which a request can be refused."""

    problems: Annotated[list[ProblemContract], Field(description="In order of code.")]


def router() -> APIRouter:
    """Return the routes; the files are read once, and need no store."""
    routes = APIRouter(tags=["contracts"])
    documents = {name: _kept(body) for name, body in _published().items()}
    index = _kept(_index(documents).model_dump_json().encode())
    problems = _kept(_problems().model_dump_json().encode())

    @routes.get(_PREFIX, response_model=Contracts)
    async def contracts(request: Request) -> Response:
        """Every event type with its schemas, the topics they travel on, and the catalogues."""
        return answer_to(request, index)

    @routes.get(f"{_PREFIX}/problems", response_model=Problems)
    async def catalogue(request: Request) -> Response:
        """Every way in which a request can be refused: code, status, texts and what to do."""
        return answer_to(request, problems)

    @routes.get(f"{_PREFIX}/{{name:path}}")
    async def document(request: Request, name: str) -> Response:
        """Read one document: a JSON Schema (draft 2020-12), or ``asyncapi.json``."""
        found = documents.get(name)
        if found is None:
            detail = f"seen: {seen(name)}; expected: one of the documents listed under {_PREFIX}"
            raise ProblemError(code="NOT-FOUND", detail=detail)
        return answer_to(request, found)

    return routes


def _published() -> dict[str, bytes]:
    """Return every generated document by its name, which is its place in the package: they refer to one another so."""
    package = resources.files("contracts")
    schemas = sorted(file.name for file in package.joinpath("schemas").iterdir() if file.name.endswith(".json"))
    names = ["asyncapi.json", *(f"schemas/{name}" for name in schemas)]
    return {name: package.joinpath(name).read_bytes() for name in names}


def _index(documents: dict[str, Answer]) -> Contracts:
    return Contracts(
        events=[
            EventContract(
                type=kind.name,
                lane=kind.lane,
                judul=kind.standar.judul,
                definisi=kind.standar.definisi,
                submission=f"{_PREFIX}/schemas/{kind.name}.submission.json",
                shape=f"{_PREFIX}/schemas/{kind.name}.json",
            )
            for kind in sorted(EVENT_TYPES, key=lambda kind: kind.name)
        ],
        documents=[f"{_PREFIX}/{name}" for name in documents],
        problems=f"{_PREFIX}/problems",
        rules="/v1/rules",
    )


def _problems() -> Problems:
    return Problems(
        problems=[
            ProblemContract(
                code=entry.code,
                status=entry.status,
                judul=entry.judul,
                title=entry.title,
                saran=entry.saran,
                fix=entry.fix,
            )
            for _, entry in sorted(CATALOGUE.items())
        ]
    )


def _kept(body: bytes) -> Answer:
    orjson.loads(body)  # what is published is JSON, or nothing is served
    return Answer(body, f'"{hashlib.sha256(body).hexdigest()[:_ETAG_HEX]}"', computed=0.0)
