"""The desk: what stands held, by record and by cause, and what was decided about it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

from contracts.identifiers import c_hasil_subject
from contracts.reference.wilayah import wilayah_of
from tests.builders import (
    KONTES_GUBERNUR,
    OFFICE,
    PROVINCE,
    TPS,
    a_c_hasil,
    a_finding,
    a_keputusan,
    a_line,
    a_nik,
    a_pemilih,
    a_pemilih_submission,
    a_tps,
)
from tests.integration.sync.store_of_one import FedStore, a_record_of

NEIGHBOUR = "3204"


async def decide(sync: FedStore, digest: str, *, office: str = PROVINCE, number: int = 1, **fields: Any) -> None:
    sequence = 900 + number
    line = a_line(a_keputusan(digest, **fields), source=office, revision=number, sequence=sequence)
    await sync.merge(a_record_of([line], offset=0, office=office, first=sequence))
    here = dict.fromkeys(wilayah_of(PROVINCE).offices, ("accepted-hasil", 0))
    while (await sync.store.apply_decisions("hasil", here, sync.held)).looked_at:
        pass


async def hold_stations(sync: FedStore, count: int, office: str = OFFICE, first: int = 1) -> list[str]:
    """Hold ``count`` polling stations of ``office``; return their digests."""
    desa = TPS[:10] if office == OFFICE else f"{office}012001"
    numbers = range(first, first + count)
    lines = [a_line(a_tps(f"{desa}{number:03d}"), source=office, sequence=number) for number in numbers]
    await sync.merge(a_record_of(lines, offset=0, office=office, first=first, held=list(numbers)))
    return [orjson.loads(line)["digest"] for line in lines]


async def pages(gateway: httpx.AsyncClient, **filters: Any) -> AsyncIterator[list[dict[str, Any]]]:
    after: dict[str, str] = {}
    while True:
        answer = await gateway.get("/v1/held", params={**filters, **after})
        assert answer.status_code == 200, answer.text
        yield answer.json()["held"]
        if answer.json()["next"] is None:
            return
        after = {"after": answer.json()["next"]}


async def test_an_entry_says_what_is_held_why_and_since_when(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    line = a_line(a_c_hasil(), sequence=2)
    await sync.merge(a_record_of([a_line(a_tps()), line], offset=0, held=[2]))
    [entry] = (await gateway.get("/v1/held")).json()["held"]
    assert entry.pop("since")
    assert entry.pop("findings") == [a_finding().model_dump(mode="json")]
    assert entry == {
        "office": OFFICE,
        "subject": c_hasil_subject(KONTES_GUBERNUR, TPS),
        "type": "c_hasil.recorded.v1",
        "epoch": 1,
        "sequence": 2,
        "revision": 1,
        "digest": orjson.loads(line)["digest"],
        "keputusan": [],
    }


async def test_what_is_returned_stays_on_the_desk_with_the_reason_and_what_is_released_leaves_it(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    [digest] = await hold_stations(sync, 1)
    nik = a_nik()
    await decide(sync, digest, putusan="dikembalikan", alasan=f"NIK {nik} di alamat", dokumen="BA-3")
    await decide(sync, digest, office=OFFICE, putusan="dikembalikan", jabatan="Operator")
    [entry] = (await gateway.get("/v1/held")).json()["held"]
    first, second = entry["keputusan"]
    assert (first["oleh"], first["putusan"], first["dokumen"]) == (PROVINCE, "dikembalikan", "BA-3")
    assert (second["oleh"], second["jabatan"]) == (OFFICE, "Operator")
    assert first["alasan"] == "NIK [disamarkan] di alamat"

    await decide(sync, digest, number=2)
    assert (await gateway.get("/v1/held")).json()["held"] == []
    [registration] = (await gateway.get(f"/v1/tps/{TPS}")).json()["pendaftaran"]
    [version] = registration["versi"]["listed"]
    assert (registration["state"], version["held"]) == ("accepted", True)
    assert [said["putusan"] for said in version["keputusan"]] == ["dikembalikan", "dilepas"]


async def test_a_correction_takes_the_version_off_the_desk(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    await hold_stations(sync, 1)
    await sync.merge(a_record_of([a_line(a_tps(dpt_l=3), revision=2, sequence=2)], offset=0, first=2))
    assert (await gateway.get("/v1/held")).json() == {"held": [], "next": None, "groups": None}


async def test_paging_misses_and_repeats_nothing_while_others_come_and_go(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    digests = [*await hold_stations(sync, 7), *await hold_stations(sync, 5, NEIGHBOUR)]
    digests += await hold_stations(sync, 4, first=8)
    seen: list[str] = []
    added = 100
    async for page in pages(gateway, limit=3):
        assert len(page) <= 3
        seen += [entry["digest"] for entry in page]
        await hold_stations(sync, 1, first=added)
        added += 1
        if len(seen) == 3:
            await decide(sync, seen[0])
    assert sorted(seen) == sorted(digests)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"office": OFFICE}, 2),
        ({"office": NEIGHBOUR}, 1),
        ({"office": "3201"}, 0),
        ({"lane": "hasil"}, 3),
        ({"code": a_finding().code}, 3),
        ({"code": "RES-OTHER"}, 0),
    ],
)
async def test_filters_leave_out_the_rest(
    gateway: httpx.AsyncClient, sync: FedStore, filters: dict[str, str], expected: int
) -> None:
    await hold_stations(sync, 2)
    await hold_stations(sync, 1, NEIGHBOUR)
    assert len([entry async for page in pages(gateway, **filters) for entry in page]) == expected


async def test_voters_are_counted_by_cause_and_never_listed(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    await hold_stations(sync, 2)
    voters = [a_line(a_pemilih(a_pemilih_submission(number)), sequence=number) for number in (1, 2, 3)]
    await sync.merge(a_record_of(voters, offset=0, lane="pemilih", held=[1, 2, 3]))
    groups = (await gateway.get("/v1/held", params={"group": "true"})).json()["groups"]
    code = a_finding().code
    assert all(group.pop("since") for group in groups)
    assert groups == [
        {"lane": "pemilih", "code": code, "office": OFFICE, "records": 3},
        {"lane": "hasil", "code": code, "office": OFFICE, "records": 2},
    ]
    assert [entry["type"] for entry in (await gateway.get("/v1/held")).json()["held"]] == ["tps.recorded.v1"] * 2
    for filters, lanes in (({"lane": "pemilih"}, ["pemilih"]), ({"office": NEIGHBOUR}, []), ({"code": "X-Y"}, [])):
        answer = await gateway.get("/v1/held", params={"group": "true", **filters})
        assert [group["lane"] for group in answer.json()["groups"]] == lanes
    refused = await gateway.get("/v1/held", params={"lane": "pemilih"})
    assert refused.status_code == 422
    assert "group=true" in refused.json()["detail"]


@pytest.mark.parametrize("after", ["besok", "é", "e30", "eyJzaW5jZSI6MX0"])
async def test_a_place_that_is_none_is_refused(gateway: httpx.AsyncClient, after: str) -> None:
    assert (await gateway.get("/v1/held", params={"after": after})).status_code == 422
