"""GET /v1/tps/{kode}: what one TPS says, with every version of it and what the rules found."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response

from contracts.identifiers import Tingkat
from services.gateway.adapters.conditional import answer_to
from services.gateway.adapters.kept import Kept
from services.gateway.adapters.kode import checked, containing, unknown
from services.gateway.adapters.store import Store
from services.gateway.core.summarise.tps import FoundTps, TpsDetail, desa_of, subjects_of, tps_of

_VERSIONS_MAX: Final = 50
"""Of one record: a form has a handful; thousands would come from a machine that repeats itself."""


def router(store: Store, kept: Kept, province: str) -> APIRouter:
    """Return the route."""
    routes = APIRouter()

    async def compute(kode: str) -> bytes:
        async with store.snapshot() as snapshot:
            registrations = await snapshot.ask("tps_registration", kode)
            forms = await snapshot.ask("tps_forms", kode)
            if not registrations and not forms:
                raise unknown(kode, f"a TPS that is registered, as listed under /v1/wilayah/{desa_of(kode)}")
            versions = await snapshot.ask("versions", subjects_of(kode, registrations, forms), _VERSIONS_MAX)
            findings = await snapshot.ask(
                "version_findings",
                kode[: Tingkat.KABUPATEN],
                [row["epoch"] for row in versions],
                [row["sequence"] for row in versions],
            )
            decisions = await snapshot.ask(
                "decisions", [row["office"] for row in versions], [row["digest"] for row in versions]
            )
            found = FoundTps(
                kode=kode,
                path=await snapshot.ask("wilayah_path", containing(kode)),
                registrations=registrations,
                forms=forms,
                calon=await snapshot.ask("calon", kode),
                versions=versions,
                findings=findings,
                decisions=decisions,
            )
        return tps_of(found).model_dump_json().encode()

    @routes.get("/v1/tps/{kode}", response_model=TpsDetail, tags=["figures"])
    async def tps(request: Request, kode: str) -> Response:
        """One TPS: its registration and forms, as they stand and in all versions, with all findings."""
        code = checked(kode, Tingkat.TPS, province=province)
        return answer_to(request, await kept.get(f"tps/{code}", lambda: compute(code)))

    return routes
