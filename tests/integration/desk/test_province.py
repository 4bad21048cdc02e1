"""What an operator is told of what the province made of her data."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from services.desk.core.ending import Ending
from services.runtime import clock
from tests.builders import OFFICE, a_c_hasil, a_finding, a_heartbeat, a_line, a_tps, subject_of
from tests.eventually import eventually
from tests.integration.desk.operator import Operator
from tests.integration.gateway.serving import serving
from tests.integration.sync.store_of_one import FedStore, a_record_of, fed_store


@pytest.fixture
async def sync(store: str) -> AsyncIterator[FedStore]:
    """Return what fills the store."""
    async with fed_store(store) as fed:
        yield fed


@pytest.fixture
async def informed(operator: Operator, store_as_reader: str) -> AsyncIterator[Operator]:
    """Return an operator whose desk knows the gateway."""
    async with serving(store_as_reader) as gateway:

        async def ready() -> bool:
            return (await gateway.get("/readyz")).is_success

        await eventually(ready)
        operator.gateway = str(gateway.base_url).rstrip("/")
        yield operator


async def test_status_shows_the_colour_and_the_books(informed: Operator, sync: FedStore) -> None:
    await sync.merge(a_record_of([a_line(a_tps()), a_line(a_c_hasil(), sequence=2)], offset=0, held=[2]))
    await sync.store.write_feedback([], [a_heartbeat(2, sent_time=clock.now())], {}, {})

    async def green() -> bool:
        said = await informed.run("status", "--json")
        assert said.ending is Ending.DONE, said
        [lane] = [one for one in said.answer["gateway"]["lanes"] if one["lane"] == "hasil"]
        return bool(lane["state"]["colour"] == "green")

    await eventually(green, within_seconds=20)
    shown = await informed.run("status")
    assert "hijau" in shown.out
    assert "Belum ada kabar dari kantor ini." in shown.out, "of its voters"
    english = await informed.run("--lang", "en", "status")
    assert "green" in english.out
    held = await informed.run("held", "--json")
    assert held.ending is Ending.INCOMPLETE
    assert [(one["code"], one["records"]) for one in held.answer["groups"]] == [(a_finding().code, 1)]
    listed = await informed.run("held", "--code", a_finding().code, "--json")
    assert [one["subject"] for one in listed.answer["held"]] == [subject_of(a_c_hasil())]
    assert a_finding().code in (await informed.run("ditahan")).out
    assert (await informed.run("held", "--lane", "pemilih")).ending is Ending.DONE


async def test_an_office_without_rejections_is_told_so(informed: Operator) -> None:
    said = await informed.run("rejections")
    assert said.ending is Ending.DONE
    assert f"Tidak ada penolakan untuk kantor {OFFICE}" in said.out


async def test_a_gateway_that_refuses_does_not_hide_the_offices_own_books(operator: Operator) -> None:
    async with httpx.AsyncClient(base_url=operator.ingest) as client:
        assert (await client.get("/livez")).is_success
    # Ingest answers under this address, and knows no such question.
    operator.gateway = operator.ingest
    said = await operator.run("status")
    assert said.ending is Ending.REFUSED
    assert "Catatan kantor" in said.out


async def test_every_rule_can_be_read_at_the_desk(informed: Operator) -> None:
    listed = await informed.run("rules", "--json")
    assert listed.ending is Ending.DONE, listed
    assert "RES-SUM-PASLON" in {rule["code"] for rule in listed.answer}
    assert "RES-SUM-PASLON" in (await informed.run("aturan")).out
    one = await informed.run("rules", "res-sum-paslon")
    assert "Akibat: ditahan" in one.out
    unknown = await informed.run("rules", "RES-TIDAK-ADA")
    assert unknown.ending is Ending.REFUSED
    assert "NOT-FOUND" in unknown.aside
