"""Through all four services: a form with a wrong sum is held, the province releases it, and takes that back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.desk import Desk
from deploy.embedded.province import EmbeddedProvince, Instances
from services.desk.core.ending import Ending
from tests.builders import (
    KONTES_GUBERNUR,
    OFFICE,
    PROVINCE,
    TPS,
    a_c_hasil,
    a_keputusan,
    a_retraction,
    a_submission,
    a_tps,
    ndjson,
    subject_of,
)
from tests.eventually import eventually
from tests.integration.desk.operator import Operator

_WITHIN_SECONDS = 60.0


@pytest.fixture
async def province(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedProvince]:
    """Return a province that runs, with two processes that merge."""
    folder = tmp_path_factory.mktemp("province")
    folder.chmod(0o755)
    folder.parent.chmod(0o755)  # PostgreSQL may run as another user
    started = EmbeddedProvince(folder, instances=Instances(ingest=2, validator=1, sync=2), durable=False)
    await asyncio.to_thread(started.start)
    yield started
    await asyncio.to_thread(started.stop)
    started.postgres.remove()


async def push(client: httpx.AsyncClient, desk: Desk, event: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {desk.key}", "Content-Type": "application/x-ndjson"}
    answer = await client.post(f"{desk.url}/v1/changes", content=ndjson([event]), headers=headers)
    assert answer.is_success, answer.text


async def test_the_province_releases_a_held_form_and_takes_it_back(province: EmbeddedProvince, tmp_path: Path) -> None:
    async with httpx.AsyncClient(timeout=30) as client:

        async def asked(path: str) -> Any:
            return (await client.get(province.gateway_url + path)).json()

        office, provincial = province.desks[OFFICE], province.desks[PROVINCE]
        form = a_c_hasil(suara_sah=1)
        await push(client, office, a_submission(a_tps(), id="tps-1"))
        await push(client, office, a_submission(form, id="form-1"))

        async def on_the_desk() -> dict[str, Any]:
            held = (await asked(f"/v1/held?office={OFFICE}"))["held"]
            assert len(held) == 1
            return dict(held[0])

        asking: Any = on_the_desk
        entry: Any = await eventually(asking, _WITHIN_SECONDS)
        assert entry["subject"] == subject_of(form)
        assert "RES-SUM-PASLON" in {finding["code"] for finding in entry["findings"]}

        decision = a_keputusan(entry["digest"])
        # The office cannot answer the rules in their stead.
        await push(client, office, a_submission(decision, id="sendiri"))

        async def refused() -> bool:
            codes = [one["codes"] for one in (await asked("/v1/rejections"))["rejections"]]
            assert codes == [["AUT-DECISION"]]
            return True

        await eventually(refused, _WITHIN_SECONDS)
        at_the_desk = Operator(tmp_path / "rumah", provincial.url, province.gateway_url, key=provincial.key)
        why = ("--alasan", decision.alasan, "--jabatan", decision.jabatan)
        said = await at_the_desk.run("putuskan", "lepas", entry["digest"], *why)
        assert said.ending is Ending.DONE, said

        async def released() -> bool:
            assert (await asked(f"/v1/held?office={OFFICE}"))["held"] == []
            [shown] = (await asked(f"/v1/tps/{TPS}"))["c_hasil"]
            assert (shown["kontes"], shown["state"]) == (KONTES_GUBERNUR, "accepted")
            [version] = shown["versi"]["listed"]
            assert [said["putusan"] for said in version["keputusan"]] == ["dilepas"]
            return True

        await eventually(released, _WITHIN_SECONDS)
        back = a_submission(
            a_retraction(), id="putusan-2", type="keputusan.retracted.v1", subject=subject_of(decision, PROVINCE)
        )
        await push(client, provincial, back)

        async def held_again() -> bool:
            return (await asking())["keputusan"] == []  # type: ignore[no-any-return]

        await eventually(held_again, _WITHIN_SECONDS)
        broken = province.postgres.psql(
            "SELECT count(*) FROM invariant_keputusan UNION ALL SELECT count(*) FROM invariant_rekap_hasil", "satupeta"
        )
        assert broken.split() == ["0", "0"]
