"""GET /v1/statistik: what is usual in a wilayah, and which TPS are worth a look."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.events.c_hasil_v1 import KodeKontes
from contracts.identifiers import Tingkat
from services.gateway.adapters.conditional import answer_to
from services.gateway.adapters.kept import Kept
from services.gateway.adapters.kode import checked, containing, unknown
from services.gateway.adapters.store import Store
from services.gateway.core.summarise.statistik import FoundStatistik, Statistik, statistik_of
from services.gateway.core.summarise.wilayah import parts_of
from services.runtime.answers import ProblemError, seen

_LEVELS: Final = (Tingkat.PROVINSI, Tingkat.KABUPATEN, Tingkat.KECAMATAN)
_ROWS_MAX: Final = 500
_ROWS_USUAL: Final = 100


class StatistikWanted(BaseModel):
    """Of which kontes and where."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kontes: Annotated[KodeKontes, Field(description="As in pkwkp-2024.")]
    wilayah: Annotated[str, Field(max_length=13, description="Code of a provinsi, kabupaten or kecamatan.")]
    limit: Annotated[int, Field(ge=0, le=_ROWS_MAX, description="TPS named; for all of them ask each kecamatan.")] = (
        _ROWS_USUAL
    )


def router(store: Store, kept: Kept, province: str) -> APIRouter:
    """Return the route."""
    routes = APIRouter()

    async def compute(kontes: str, kode: str, limit: int) -> bytes:
        async with store.snapshot() as snapshot:
            path = await snapshot.ask("wilayah_path", [*containing(kode), kode])
            if not path or path[-1]["kode"] != kode:
                raise unknown(kode, f"a wilayah of provinsi {province}")
            under_way = {row["kode"]: row for row in await snapshot.ask("kontes")}
            if kontes not in under_way:
                known = ", ".join(under_way) or "none"
                raise ProblemError(
                    code="NOT-FOUND", detail=f"seen: {seen(kontes)}; expected: a kontes that is under way: {known}"
                )
            below = [] if len(kode) == Tingkat.KECAMATAN else await snapshot.ask("wilayah_children", kode)
            children = [row["kode"] for row in below]
            parts = parts_of(kode, children)
            kabupaten = sorted({part[: Tingkat.KABUPATEN] for part in parts})
            found = FoundStatistik(
                own=path[-1],
                kontes=under_way[kontes],
                rekap=[
                    row for row in await snapshot.ask("rekap", [kode] * len(parts), parts) if row["kontes"] == kontes
                ],
                computed=await snapshot.ask("statistik", kontes, kabupaten),
                ukuran=await snapshot.ask("statistik_ukuran", kontes, [kode, *children]),
                temuan=await snapshot.ask("statistik_temuan", kontes, kode, limit),
                jumlah=await snapshot.ask("statistik_jumlah", kontes, kode),
                # A kecamatan has too few votes for them.
                angka=[]
                if len(kode) == Tingkat.KECAMATAN
                else await snapshot.ask("statistik_angka", kontes, kabupaten),
                calon=await snapshot.ask("calon_kontes", kontes),
            )
        return statistik_of(found).model_dump_json().encode()

    @routes.get("/v1/statistik", response_model=Statistik, tags=["figures"])
    async def statistik(request: Request, wanted: Annotated[StatistikWanted, Query()]) -> Response:
        """Tell what is usual among the TPS of a wilayah and which lie far from it: worth a look, never a verdict."""
        code = checked(wanted.wilayah, *_LEVELS, province=province)
        question = f"statistik/{wanted.kontes}/{code}/{wanted.limit}"
        return answer_to(request, await kept.get(question, lambda: compute(wanted.kontes, code, wanted.limit)))

    return routes
