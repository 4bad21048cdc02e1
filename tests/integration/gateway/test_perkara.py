"""What the gateway shows of contradictions between offices: all of the case, nothing of the voter."""

from __future__ import annotations

import httpx

from tests.builders import OFFICE, a_nik, a_pemilih, a_pemilih_submission
from tests.integration.sync.store_of_one import FedStore
from tests.integration.sync.test_perkara import OTHER, a_claim, a_taking_back, examine_all, say


async def test_a_case_is_shown_with_its_trail_and_without_the_voter(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    await say(sync, a_claim())
    await say(sync, a_claim(OTHER), office=OTHER)
    await examine_all(sync)
    [case] = (await gateway.get("/v1/perkara", params={"code": "VTR-GANDA", "state": "open"})).json()["cases"]
    assert (case["offices"], case["evidence"]["kelas"]) == ([OTHER, OFFICE], "K1")
    await say(sync, a_taking_back(OTHER, sequence=2, revision=2), office=OTHER, first=2)
    await examine_all(sync)
    answer = await gateway.get(f"/v1/perkara/{case['id']}")
    assert [step["action"] for step in answer.json()["trail"]] == ["opened", "closed"]
    assert answer.json()["case"]["state"] == "closed"
    voter = a_pemilih(a_pemilih_submission(nik=a_nik()))
    for canary in (a_nik(), voter.nik_token, voter.match.k1, voter.match.k4):
        assert canary not in answer.text.replace("-", "")


async def test_paging_and_filters_miss_and_repeat_nothing(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    niks = [a_nik(serial) for serial in range(1, 8)]
    await say(sync, *(a_claim(nik=nik, sequence=nth) for nth, nik in enumerate(niks, 1)))
    await say(sync, *(a_claim(OTHER, nik=nik, sequence=nth) for nth, nik in enumerate(niks, 1)), office=OTHER)
    await examine_all(sync)
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = (await gateway.get("/v1/perkara", params={"office": OTHER, "limit": "3", **after})).json()
        seen += [case["id"] for case in page["cases"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert len(seen) == len(set(seen)) == len(niks)
    counts = (await gateway.get("/v1/perkara/counts")).json()["counts"]
    assert [(one["office"], one["cases"]) for one in counts] == [(OTHER, 7), (OFFICE, 7)]
    assert (await gateway.get("/v1/perkara", params={"office": "3201"})).json()["cases"] == []
    assert (await gateway.get("/v1/perkara", params={"after": "x"})).json()["code"] == "QUERY-INVALID"
    assert (await gateway.get(f"/v1/perkara/{'0' * 8}-0000-4000-8000-{'0' * 12}")).status_code == 404
