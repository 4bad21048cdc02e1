"""What an operator is told of what the province made of her data."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import orjson
import pytest

from services.desk.core.ending import Ending
from services.runtime import clock
from tests.builders import OFFICE, PROVINCE, TPS, a_c_hasil, a_finding, a_heartbeat, a_line, a_tps, subject_of
from tests.eventually import eventually
from tests.integration.desk.operator import Operator
from tests.integration.gateway.serving import serving
from tests.integration.sync.store_of_one import FedStore, a_record_of, fed_store
from tests.integration.sync.test_perkara import OTHER, a_claim, examine_all, say


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


async def test_what_is_held_is_decided_about_and_deciding_twice_is_one_decision(
    informed: Operator, sync: FedStore, tmp_path: Path
) -> None:
    stations = [a_line(a_tps(f"{TPS[:-1]}{nth}"), sequence=nth) for nth in (1, 2, 3)]
    await sync.merge(a_record_of(stations, offset=0, held=[1, 2, 3]))
    first = orjson.loads(stations[0])["digest"]
    assert first in (await informed.run("ditahan", "--code", a_finding().code)).out
    why = ("--alasan", "foto tidak terbaca", "--jabatan", "Ketua Divisi Teknis")
    refused = await informed.run("putuskan", "lepas", first, *why)
    assert (refused.ending, "Hanya provinsi" in refused.aside) == (Ending.USAGE, True)
    for counted in ((1, 0), (0, 1)):
        returned = await informed.run("putuskan", "kembalikan", first, *why, "--json")
        assert (returned.answer["accepted"], returned.answer["repeated"]) == counted, returned
    provincial = Operator(tmp_path / "provinsi", informed.ingest, informed.gateway, office=PROVINCE)
    group = ("lepas", "--code", a_finding().code, *why)
    fewer = await provincial.run("putuskan", *group, "--all", 2)
    assert (fewer.ending, "Ada 3, lebih dari 2" in fewer.aside) == (Ending.USAGE, True)
    unexplained = await provincial.run("decide", "release", first, "--reason", "foto")
    assert unexplained.ending is Ending.USAGE
    released = await provincial.run("putuskan", *group, "--all", 3)
    assert (released.ending, "3 putusan dicatat, 0 sudah" in released.out) == (Ending.DONE, True), released
    # Of what is not on the desk, released by then or yet to come, the owner has to be named.
    unknown = ("lepas", "ab" * 16, *why)
    assert (await provincial.run("putuskan", *unknown)).ending is Ending.USAGE
    named = await provincial.run("putuskan", *unknown, "--pemilik", OFFICE)
    assert (named.ending, "kini tidak ditahan" in named.aside) == (Ending.DONE, True)
    assert (await provincial.run("putuskan", "lepas", "TPS-1", *why)).ending is Ending.USAGE


async def test_a_case_is_shown_with_its_trail_and_settled(informed: Operator, sync: FedStore) -> None:
    assert "Tidak ada perkara." in (await informed.run("perkara")).out
    await say(sync, a_claim())
    await say(sync, a_claim(OTHER), office=OTHER)
    await examine_all(sync)
    listed = await informed.run("cases", "--json")
    [case] = listed.answer["cases"]
    assert (listed.ending, case["code"]) == (Ending.INCOMPLETE, "VTR-GANDA")
    assert case["id"][:8] in (await informed.run("perkara")).out
    assert "dibuka" in (await informed.run("perkara", case["id"])).out
    why = ("--reason", "dua orang berbeda", "--role", "Kasubbag Data")
    settled = await informed.run("decide", "settle", case["id"], *why, "--json")
    assert (settled.ending, settled.answer["accepted"]) == (Ending.DONE, 1), settled
    assert settled.answer["receipts"][0]["subject"] == f"keputusan/{OFFICE}/{case['id'].replace('-', '')}"
    again = await informed.run("--lang", "en", "decide", "settle", "--code", "VTR-GANDA", "--all", 1, *why)
    assert "Decisions: 0 recorded, 1 recorded before, 0 refused." in again.out


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
