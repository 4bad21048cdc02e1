"""What the gateway says about wilayah."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx

from tests.builders import (
    KONTES_GUBERNUR,
    OFFICE,
    TPS,
    a_c_hasil,
    a_d_hasil,
    a_line,
    a_pemilih,
    a_pemilih_submission,
    a_tps,
)
from tests.eventually import eventually
from tests.integration.sync.store_of_one import FedStore, a_record_of

NEIGHBOUR = "3201"
TPS_OF_NEIGHBOUR = "3201012001001"
VOTES = ("suara_sah", "suara_tidak_sah", "suara_total")


def figures_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every figure anywhere in an answer."""
    if isinstance(value, dict):
        if "reported" in value:
            yield value
        for part in value.values():
            yield from figures_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from figures_in(part)


def kontes_in(answer: dict[str, Any], kode: str = KONTES_GUBERNUR) -> dict[str, Any]:
    [found] = [one for one in answer["kontes"] if one["kode"] == kode]
    return dict(found)


async def fill(sync: FedStore) -> None:
    """Two offices: one with a counted, a held and an absent form, one with a counted form and a voter."""
    tps = [f"{TPS[:10]}{number:03}" for number in (1, 2, 3)]
    lines = [
        *(a_line(a_tps(kode), sequence=number) for number, kode in enumerate(tps, start=1)),
        a_line(a_c_hasil(tps[0]), sequence=4),
        a_line(a_c_hasil(tps[1]), sequence=5),
        a_line(a_d_hasil(), sequence=6),
    ]
    await sync.merge(a_record_of(lines, offset=0, held=[5]))
    lines = [
        a_line(a_tps(TPS_OF_NEIGHBOUR), source=NEIGHBOUR),
        a_line(a_c_hasil(TPS_OF_NEIGHBOUR), source=NEIGHBOUR, sequence=2),
    ]
    await sync.merge(a_record_of(lines, offset=1, office=NEIGHBOUR))
    voters = [a_line(a_pemilih(a_pemilih_submission(serial)), sequence=serial) for serial in (1, 2, 3)]
    await sync.merge(a_record_of(voters, offset=0, lane="pemilih"))


async def test_every_level_is_the_exact_sum_of_its_children(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    await fill(sync)
    for kode in ("32", OFFICE, TPS[:6], TPS[:10]):
        answer = (await gateway.get(f"/v1/wilayah/{kode}")).json()
        whole = kontes_in(answer)
        for name in VOTES:
            parts = [
                part[name] for child in answer["anak"] for part in child["kontes"] if part["kode"] == KONTES_GUBERNUR
            ]
            assert whole[name]["value"] == sum(part["value"] or 0 for part in parts), (kode, name)
            for column in ("reported", "expected", "held", "conflict"):
                assert whole[name][column] == sum(part[column] for part in parts), (kode, name, column)
        assert whole["suara_sah"]["value"] > 0
    assert kontes_in((await gateway.get("/v1/wilayah/32")).json())["suara_sah"]["reported"] == 2


async def test_the_provincial_votes_of_each_candidate_are_the_sum_of_the_kabupaten(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    await fill(sync)

    async def votes_of(kode: str) -> dict[str, int]:
        listed = kontes_in((await gateway.get(f"/v1/wilayah/{kode}")).json())["perolehan_suara"]
        return {one["id"]: one["suara"]["value"] for one in listed}

    province, one, other = await votes_of("32"), await votes_of(OFFICE), await votes_of(NEIGHBOUR)
    assert province == {calon: one[calon] + other[calon] for calon in province}
    assert len(province) == 4


async def test_a_kabupaten_contest_has_no_candidates_above_the_kabupaten(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    await fill(sync)
    province, office = [
        kontes_in((await gateway.get(f"/v1/wilayah/{kode}")).json(), "pkwkk-2024") for kode in ("32", OFFICE)
    ]
    assert province["perolehan_suara"] is None
    assert office["perolehan_suara"]


async def test_every_figure_says_how_far_it_is_known(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    await fill(sync)
    answer = (await gateway.get(f"/v1/wilayah/{TPS[:10]}")).json()
    figures = list(figures_in(answer))
    assert len(figures) > 20
    for figure in figures:
        assert set(figure) == {"value", "reported", "expected", "held", "conflict", "status", "as_of"}
    sah = kontes_in(answer)["suara_sah"]
    assert (sah["reported"], sah["expected"], sah["held"], sah["status"]) == (1, 3, 1, "sementara")
    by_tps = {child["kode"]: kontes_in(child)["suara_sah"] for child in answer["anak"]}
    counted, held, absent = (by_tps[f"{TPS[:10]}{number:03}"] for number in (1, 2, 3))
    assert (counted["value"], counted["status"]) == (sah["value"], "lengkap")
    assert (held["value"], held["status"]) == (None, "diperiksa")
    assert (absent["value"], absent["status"], absent["as_of"]) == (None, "kosong", None)


async def test_a_recapitulation_stands_beside_the_sums_and_is_not_added(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    await fill(sync)
    kontes = kontes_in((await gateway.get(f"/v1/wilayah/{TPS[:6]}")).json())
    [form] = kontes["d_hasil"]
    said = a_d_hasil()
    assert (form["jalur"], form["suara_sah"]["value"]) == ("rekap", said.suara_sah)
    assert form["suara_sah"]["reported"] == said.tps_masuk
    assert kontes["suara_sah"]["value"] != said.suara_sah


async def test_voters_are_counted_and_never_listed(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    await fill(sync)
    province = (await gateway.get("/v1/wilayah/32")).json()["pemilih"]
    desa = (await gateway.get(f"/v1/wilayah/{TPS[:10]}")).json()["pemilih"]
    for answer in (province, desa):
        assert (answer["aktif_p"]["value"], answer["aktif_l"]["value"], answer["aktif"]["value"]) == (3, 0, 3)
        assert answer["aktif"]["expected"] is None


async def test_one_answer_is_of_one_snapshot_while_the_store_moves(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    await sync.merge(a_record_of([a_line(a_tps()), a_line(a_c_hasil(), sequence=2)], offset=0))
    done = asyncio.Event()

    async def correct() -> None:
        for offset in range(1, 100):
            votes = {"1000026": offset, "1000027": 0, "1000028": 0, "1000029": 0}
            line = a_line(a_c_hasil(perolehan_suara=votes), revision=offset + 1, sequence=offset + 2)
            await sync.merge(a_record_of([line], offset=offset, first=offset + 2))
        done.set()

    correcting = asyncio.create_task(correct())
    seen = set()
    while not done.is_set():
        answer = (await gateway.get("/v1/wilayah/32")).json()
        whole = kontes_in(answer)["suara_sah"]
        [part] = [
            kontes["suara_sah"]["value"]
            for child in answer["anak"]
            if child["kode"] == OFFICE
            for kontes in child["kontes"]
            if kontes["kode"] == KONTES_GUBERNUR
        ]
        assert whole["value"] == part
        seen.add(whole["value"])
    await correcting
    assert len(seen) > 1


async def test_a_wilayah_is_sent_again_only_when_it_has_changed(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    await fill(sync)
    etag = (await gateway.get(f"/v1/wilayah/{OFFICE}")).headers["etag"]
    same = await gateway.get(f"/v1/wilayah/{OFFICE}", headers={"If-None-Match": etag})
    assert (same.status_code, same.content) == (304, b"")
    await sync.merge(a_record_of([a_line(a_c_hasil(f"{TPS[:10]}003"), sequence=7)], offset=2, first=7))

    async def sent_again() -> bool:
        answer = await gateway.get(f"/v1/wilayah/{OFFICE}", headers={"If-None-Match": etag})
        return answer.status_code == 200 and kontes_in(answer.json())["suara_sah"]["reported"] == 2

    await eventually(sent_again, within_seconds=2)


async def test_as_of_stays_where_it_is_when_the_clock_of_the_store_was_ahead(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    await sync.merge(a_record_of([a_line(a_tps()), a_line(a_c_hasil(), sequence=2)], offset=0))
    await sync.pool.execute("UPDATE rekap_hasil SET as_of = now() + interval '1 hour'")
    before = (await gateway.get(f"/v1/wilayah/{OFFICE}")).json()["as_of"]
    votes = {"1000026": 1, "1000027": 2, "1000028": 3, "1000029": 4}
    line = a_line(a_c_hasil(perolehan_suara=votes), revision=2, sequence=3)
    await sync.merge(a_record_of([line], offset=1, first=3))

    async def corrected() -> Any:
        answer = (await gateway.get(f"/v1/wilayah/{OFFICE}")).json()
        return answer if kontes_in(answer)["suara_sah"]["value"] == 10 else None

    assert (await eventually(corrected))["as_of"] == before
