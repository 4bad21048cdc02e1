"""GET /v1/wilayah/{kode}: the figures of a wilayah and of everything directly in it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from contracts.identifiers import Tingkat
from services.gateway.adapters.conditional import answer_to
from services.gateway.adapters.kept import Kept
from services.gateway.adapters.kode import checked, containing, unknown
from services.gateway.adapters.store import Store
from services.gateway.core.summarise.wilayah import Found, WilayahDetail, parts_of, wilayah_of

_LEVELS = (Tingkat.PROVINSI, Tingkat.KABUPATEN, Tingkat.KECAMATAN, Tingkat.DESA)


def router(store: Store, kept: Kept, province: str) -> APIRouter:
    """Return the route."""
    routes = APIRouter()

    async def compute(kode: str) -> bytes:
        async with store.snapshot() as snapshot:
            path = await snapshot.ask("wilayah_path", [*containing(kode), kode])
            if not path or path[-1]["kode"] != kode:
                raise unknown(kode, f"a wilayah of provinsi {province}")
            children = await snapshot.ask("wilayah_children", kode)
            codes = [row["kode"] for row in children]
            parts = parts_of(kode, codes)
            shown = [kode] * len(parts) + codes, parts + codes
            found = Found(
                path=path,
                children=children,
                kontes=await snapshot.ask("kontes"),
                calon=await snapshot.ask("calon", kode),
                rekap=await snapshot.ask("rekap", *shown),
                suara=await snapshot.ask("rekap_suara", parts),
                pemilih=await snapshot.ask("rekap_pemilih", *shown),
                d_hasil=await snapshot.ask("d_hasil", kode),
                tps=await snapshot.ask("tps_of_desa", kode) if len(kode) == Tingkat.DESA else [],
            )
        return wilayah_of(found).model_dump_json().encode()

    @routes.get("/v1/wilayah/{kode}", response_model=WilayahDetail, tags=["figures"])
    async def wilayah(request: Request, kode: str) -> Response:
        """One wilayah with its figures in every kontes, its voters by count, and its children."""
        code = checked(kode, *_LEVELS, province=province)
        return answer_to(request, await kept.get(f"wilayah/{code}", lambda: compute(code)))

    return routes
