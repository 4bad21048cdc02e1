"""What was refused, page by page, while more is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import pytest

from contracts.verdict import Tier
from tests.builders import OFFICE, a_finding, an_objection
from tests.integration.sync.store_of_one import FedStore


async def refuse(sync: FedStore, sequences: Sequence[int], **fields: Any) -> None:
    await sync.store.write_feedback([an_objection(sequence=number, **fields) for number in sequences], [], {}, {})


async def pages(gateway: httpx.AsyncClient, **filters: Any) -> AsyncIterator[list[dict[str, Any]]]:
    after: dict[str, str] = {}
    while True:
        answer = await gateway.get("/v1/rejections", params={**filters, **after})
        assert answer.status_code == 200, answer.text
        yield answer.json()["rejections"]
        if answer.json()["next"] is None:
            return
        after = {"after": answer.json()["next"]}


async def test_paging_misses_and_repeats_nothing_while_more_is_refused(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    await refuse(sync, range(1, 8))
    await refuse(sync, range(8, 20))
    seen: list[int] = []
    added = 100
    async for page in pages(gateway, limit=3):
        assert 1 <= len(page) <= 3
        seen += [row["sequence"] for row in page]
        added += 1
        await refuse(sync, [added])
    assert sorted(seen) == list(range(1, 20))
    assert len([page async for page in pages(gateway, limit=500)]) == 1


async def test_what_has_no_number_is_paged_too(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    unnumbered = [an_objection(sequence=0, id=f"submitted-3279-hasil:0:{offset}") for offset in range(7)]
    await sync.store.write_feedback(unnumbered, [], {}, {})
    seen = [row["id"] async for page in pages(gateway, limit=2) for row in page]
    assert sorted(seen) == [one.id for one in unnumbered]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"office": OFFICE}, {1, 2}),
        ({"lane": "pemilih"}, {3}),
        ({"code": "RES-TPS-KNOWN"}, {2}),
        ({"office": "3201", "lane": "hasil"}, set()),
    ],
)
async def test_filters_leave_out_the_rest(
    gateway: httpx.AsyncClient, sync: FedStore, filters: dict[str, str], expected: set[int]
) -> None:
    await refuse(sync, [1])
    await refuse(sync, [2], findings=[a_finding("RES-TPS-KNOWN", Tier.REJECT)])
    await refuse(sync, [3], office="3201", lane="pemilih")
    assert {row["sequence"] async for page in pages(gateway, **filters) for row in page} == expected


async def test_reasons_are_counted(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    await refuse(sync, [1, 2, 3])
    await refuse(sync, [4], findings=[a_finding("RES-TPS-KNOWN", Tier.REJECT)])
    answer = (await gateway.get("/v1/rejections/by-code", params={"office": OFFICE})).json()
    assert [(group["code"], group["changes"]) for group in answer["groups"]] == [
        (a_finding().code, 3),
        ("RES-TPS-KNOWN", 1),
    ]
