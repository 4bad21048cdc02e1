"""What the gateway says is usual, and which TPS it names."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.builders import KONTES_GUBERNUR, OFFICE, TPS, a_c_hasil, a_line, a_tps
from tests.integration.sync.store_of_one import FedStore
from tests.integration.sync.test_statistik import CALON, compute_all, say

KECAMATAN = TPS[:6]
STRANGE = f"{TPS[:10]}901"


async def fill(sync: FedStore) -> None:
    """Count eight TPS that are alike, and one in a prison that is not."""
    lines: list[bytes] = []
    for number in (*range(1, 9), 901):
        tps = f"{TPS[:10]}{number:03}"
        votes = (0, 150, 50, 10) if tps == STRANGE else (120 + number, 40, 30, 15)
        lines.append(a_line(a_tps(tps), sequence=len(lines) + 1))
        form = a_c_hasil(tps, perolehan_suara=dict(zip(CALON, votes, strict=True)))
        lines.append(a_line(form, sequence=len(lines) + 1))
    await say(sync, lines, office=OFFICE)


def asked(wilayah: str, **other: Any) -> dict[str, Any]:
    return {"kontes": KONTES_GUBERNUR, "wilayah": wilayah, **other}


async def test_a_tps_unlike_its_neighbours_is_named_with_what_was_seen_and_expected(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    await fill(sync)
    assert (await gateway.get("/v1/statistik", params=asked(KECAMATAN, limit=0))).json()["mutakhir"] is False
    await compute_all(sync)
    for wilayah in ("32", OFFICE, KECAMATAN):
        answer = (await gateway.get("/v1/statistik", params=asked(wilayah))).json()
        assert answer["mutakhir"] is True
        assert (answer["cakupan"]["reported"], answer["cakupan"]["expected"]) == (9, 9)
        assert {row["uji"]: row["temuan"] for row in answer["jumlah_temuan"]} == {"ekstrem": 1, "unggulan": 1}
        named = {row["uji"]: row for row in answer["temuan"]}
        assert named["unggulan"]["tps"] == named["ekstrem"]["tps"] == STRANGE
        assert named["ekstrem"]["lokasi_khusus"] is True
        assert named["ekstrem"]["seen"] == {"pembilang": 0, "penyebut": 210, "pangsa": 0}
        assert named["ekstrem"]["nama_calon"].startswith("Drs. KH. ACEP")
        assert named["unggulan"]["expected"]["wilayah"] == KECAMATAN
        assert named["unggulan"]["expected"]["batas_bawah"] > 0.4
        for row in answer["temuan"]:
            assert "bukan bukti kesalahan" in row["pesan"]
            assert "no proof of anything" in row["message"]
        assert answer["ambang"]["skor_maks"] == 3.5
    usual = {(row["wilayah"], row["ukuran"]) for row in answer["ukuran"]}
    assert usual == {(KECAMATAN, ukuran) for ukuran in ("partisipasi", "tidak_sah", "unggulan")}
    known = {"If-None-Match": (await gateway.get("/v1/statistik", params=asked(OFFICE))).headers["ETag"]}
    assert (await gateway.get("/v1/statistik", params=asked(OFFICE), headers=known)).status_code == 304
    few = (await gateway.get("/v1/statistik", params=asked("32", limit=1))).json()
    assert (len(few["temuan"]), len(few["jumlah_temuan"])) == (1, 2), "what is not shown is counted"


async def test_what_is_not_there_is_said_to_be_not_there(gateway: httpx.AsyncClient) -> None:
    for params, status, named in (
        (asked("3279019"), 422, "2 or 4 or 6 digits"),
        (asked("3101"), 404, "provinsi 32"),
        (asked("327999"), 404, "a wilayah of provinsi 32"),
        ({"kontes": "ppwp-2029", "wilayah": "32"}, 404, "a kontes that is under way"),
        (asked("32", kabupaten=OFFICE), 422, "kabupaten"),
    ):
        answer = await gateway.get("/v1/statistik", params=params)
        assert answer.status_code == status, params
        assert named in answer.text


async def test_one_uneven_kabupaten_among_many_is_corrected_for_the_many(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    await fill(sync)
    await compute_all(sync)
    probabilities = {"3201": 0.002, "3202": 0.03, "3203": 0.031, "3204": 0.4, OFFICE: 0.9}
    await sync.pool.executemany(
        "INSERT INTO statistik_angka (kontes, kabupaten, calon, digit, khi_kuadrat, peluang) "
        "VALUES ($1, $2, 2, array_fill(30, ARRAY[10]), 1, $3)",
        [(KONTES_GUBERNUR, kabupaten, chance) for kabupaten, chance in probabilities.items()],
    )
    answer = (await gateway.get("/v1/statistik", params=asked("32"))).json()
    ranked = sorted(probabilities.values())
    for row in answer["angka"]:
        at_least_as_likely = [
            chance * len(ranked) / rank for rank, chance in enumerate(ranked, 1) if chance >= row["peluang"]
        ]
        assert row["q"] == pytest.approx(min(at_least_as_likely))
        assert (row["kabupaten_diuji"], row["angka"]) == (5, 300)
        assert row["layak_dilihat"] is (row["kabupaten"] == "3201")
    own = (await gateway.get("/v1/statistik", params=asked(OFFICE))).json()["angka"]
    assert [(row["kabupaten"], row["kabupaten_diuji"]) for row in own] == [(OFFICE, 5)]
