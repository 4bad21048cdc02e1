"""What the gateway says about offices."""

from __future__ import annotations

import httpx

from services.runtime import clock
from tests.builders import OFFICE, a_c_hasil, a_heartbeat, a_line, a_tps, an_objection
from tests.integration.sync.store_of_one import FedStore, a_record_of


async def test_every_office_is_listed_and_grey_before_it_is_heard_of(gateway: httpx.AsyncClient) -> None:
    answer = (await gateway.get("/v1/status")).json()
    assert len(answer["offices"]) == 28
    assert answer["province"] == "32"
    assert answer["colours"] == {"green": 0, "amber": 0, "red": 0, "grey": 56}
