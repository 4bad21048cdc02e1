"""GET /v1/rules: every rule there is, in words, with its tier and where it comes from."""

from __future__ import annotations

import hashlib
from typing import Final

from fastapi import APIRouter, Request, Response

from contracts.rule_catalogue import RuleCatalogue, RuleEntry, rule_catalogue
from services.gateway.adapters.conditional import answer_to
from services.gateway.adapters.kept import Answer
from services.runtime.answers import ProblemError, seen

_ETAG_HEX: Final = 32


def router() -> APIRouter:
    """Return the routes; the catalogue is read once, and needs no store."""
    routes = APIRouter()
    catalogue = rule_catalogue()
    everything = _answer(catalogue)
    by_code = {entry.code: _answer(entry) for entry in catalogue.rules}

    @routes.get("/v1/rules", response_model=RuleCatalogue, tags=["rules"])
    async def rules(request: Request) -> Response:
        """Every rule: what it asks, of which events, its tier, its basis and its texts."""
        return answer_to(request, everything)

    @routes.get("/v1/rules/{code}", response_model=RuleEntry, tags=["rules"])
    async def rule(request: Request, code: str) -> Response:
        """One rule by its code."""
        found = by_code.get(code)
        if found is None:
            raise ProblemError(
                code="NOT-FOUND", detail=f"seen: {seen(code)}; expected: a code of a rule, as listed under /v1/rules"
            )
        return answer_to(request, found)

    return routes


def _answer(said: RuleCatalogue | RuleEntry) -> Answer:
    body = said.model_dump_json().encode()
    return Answer(body, f'"{hashlib.sha256(body).hexdigest()[:_ETAG_HEX]}"', computed=0.0)
