"""What the gateway says about offices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from contracts.progress import Heartbeat
from services.runtime import clock
from tests.builders import OFFICE, TPS, a_c_hasil, a_finding, a_heartbeat, a_line, a_tps, an_objection
from tests.eventually import eventually
from tests.integration.sync.store_of_one import FedStore, a_record_of


async def hear(sync: FedStore, *heartbeats: Heartbeat) -> None:
    await sync.store.write_feedback([], heartbeats, {}, {})


async def lane_of(gateway: httpx.AsyncClient, office: str = OFFICE, lane: str = "hasil") -> dict[str, Any]:
    answer = (await gateway.get("/v1/status")).json()
    [of_office] = [one for one in answer["offices"] if one["office"] == office]
    found: dict[str, Any] = next(one for one in of_office["lanes"] if one["lane"] == lane)
    return found


async def test_every_office_is_listed_and_grey_before_it_is_heard_of(gateway: httpx.AsyncClient) -> None:
    answer = (await gateway.get("/v1/status")).json()
    assert len(answer["offices"]) == 28
    assert answer["province"] == "32"
    assert answer["colours"] == {"green": 0, "amber": 0, "red": 0, "grey": 56}


async def test_an_office_that_is_in_step_is_green_and_its_books_balance(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    await sync.merge(a_record_of([a_line(a_tps()), a_line(a_c_hasil(), sequence=2)], offset=0, held=[2]))
    await hear(sync, a_heartbeat(2, sent_time=clock.now()))

    async def lane() -> dict[str, Any]:
        found = await lane_of(gateway)
        assert found["state"]["colour"] == "green", found
        return found

    found = await eventually(lane)
    assert found["neraca"]["balanced"] is True
    assert {name: found["neraca"][name] for name in ("submitted", "accepted", "held", "rejected", "in_flight")} == {
        "submitted": 2,
        "accepted": 1,
        "held": 1,
        "rejected": 0,
        "in_flight": 0,
    }
    assert (found["seconds_behind"], found["held_now"]) == (0.0, 1)


async def test_what_waits_at_the_office_and_what_waits_on_kafka_are_told_apart(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    await sync.merge(a_record_of([a_line(a_tps())], offset=0))
    await hear(sync, a_heartbeat(10, 4, sent_time=clock.now()))

    async def queue() -> dict[str, int]:
        found: dict[str, int] = (await lane_of(gateway))["queue"]
        return found

    async def queue_is_told() -> bool:
        return await queue() == {"office": 6, "province": 3}

    await eventually(queue_is_told)


async def test_an_office_that_fell_silent_is_red_and_must_act(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    await sync.merge(a_record_of([a_line(a_tps())], offset=0))
    await hear(sync, a_heartbeat(1, sent_time=clock.now() - timedelta(minutes=10)))

    async def state() -> bool:
        found = (await lane_of(gateway))["state"]
        return (found["colour"], found["code"], found["actor"]) == ("red", "SILENT", "office")

    await eventually(state)


async def test_an_office_says_where_its_numbering_has_holes(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    await sync.merge(a_record_of([a_line(a_tps(), sequence=5)], offset=0, first=5))
    await hear(sync, a_heartbeat(5, sent_time=clock.now()))
    answer = (await gateway.get(f"/v1/offices/{OFFICE}")).json()
    assert "banjar" in answer["nama"].lower()
    assert answer["holes"] == [{"lane": "hasil", "epoch": 1, "first": 1, "last": 4}]
    assert answer["epochs"] == [
        {"lane": "hasil", "epoch": 1, "stamped": 5, "published": 5, "through": 0, "seen": 1},
    ]
    assert answer["lanes"][0]["neraca"]["in_flight"] == 4


async def test_an_office_says_what_was_refused_and_what_is_held_and_why(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    await sync.merge(a_record_of([a_line(a_c_hasil())], offset=0, last=2, held=[1]))
    await sync.store.write_feedback([an_objection(sequence=2)], [], {}, {})
    answer = (await gateway.get(f"/v1/offices/{OFFICE}")).json()
    [held] = answer["held_by_code"]
    assert held == {"lane": "hasil", "code": a_finding().code, "changes": 1, "standing": 1}
    [rejected] = answer["rejected_by_code"]
    assert (rejected["code"], rejected["changes"]) == (a_finding().code, 1)


async def test_a_merge_is_seen_in_the_status_at_once(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    before = await lane_of(gateway)
    assert before["neraca"]["applied"] == 0
    await sync.merge(a_record_of([a_line(a_tps())], offset=0))

    async def seen() -> bool:
        return bool((await lane_of(gateway))["neraca"]["applied"] == 1)

    await eventually(seen, within_seconds=0.4)


async def test_as_of_never_goes_back(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    seen = []
    for offset in range(20):
        line = a_line(a_c_hasil(), revision=offset + 1, sequence=offset + 1)
        await sync.merge(a_record_of([line], offset=offset, first=offset + 1))
        status, wilayah = (await gateway.get("/v1/status")).json(), (await gateway.get(f"/v1/wilayah/{TPS[:4]}")).json()
        seen.append((status["as_of"], wilayah["as_of"] or ""))
    assert [one for one, _ in seen] == sorted(one for one, _ in seen)
    assert [one for _, one in seen] == sorted(one for _, one in seen)
    assert seen[-1][1] > seen[0][1]


async def test_whoever_has_the_newest_status_is_not_sent_it_again(gateway: httpx.AsyncClient) -> None:
    async def asked_twice_within_the_life_of_one() -> bool:
        first = await gateway.get("/v1/status")
        again = await gateway.get("/v1/status", headers={"If-None-Match": f'W/"other", {first.headers["etag"]}'})
        # A status says how old its proofs are, so it changes by itself: only the very same one is left out.
        assert (again.status_code == 304) == (again.headers["etag"] == first.headers["etag"])
        assert again.content == b"" if again.status_code == 304 else again.json()
        return again.status_code == 304

    await eventually(asked_twice_within_the_life_of_one)
