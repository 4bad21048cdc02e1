"""The whole province in containers: what offices push is seen, whatever is killed, scaled or taken down meanwhile."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import pytest

from contracts.identifiers import LANES
from contracts.reference.wilayah import wilayah_of
from tests.builders import PROVINCE
from tests.containers.books import Books, ask, books_of, settled
from tests.containers.province import Province
from tests.containers.pushes import Pushes, figures_of, pushes_of
from tests.eventually import eventually

SERVICES = ("ingest", "validator", "sync", "gateway")
SERVERS = ("kafka", "postgres")
STEPS = ("keys", "create-topics", "migrate")
OFFICES = ("3204", "3273", "3279")
_SECRET_LENGTH_MIN: Final = 16
"""The id of a key is none."""
_DUMP: Final = "/var/lib/postgresql/store.dump"


@pytest.fixture(autouse=True)
def _as_it_was(province: Province) -> Iterator[None]:
    """Whatever a test has killed or scaled, the next finds one of each; and the store keeps its invariants."""
    yield
    if province.running() != Counter((*SERVICES, *SERVERS)):
        province.up()
    views = province.sql(r"SELECT viewname FROM pg_views WHERE viewname LIKE 'invariant\_%' ORDER BY 1").split()
    assert views
    rows = " UNION ALL ".join(f"SELECT '{view}: ' || of_it::text FROM {view} AS of_it" for view in views)  # noqa: S608
    broken = province.sql(rows)
    assert not broken


async def all_arrived(province: Province, before: Books, pushed: Iterable[Pushes]) -> Books:
    """Return the books once all that was pushed has its outcome; every figure of its desa must be exact."""
    listed = list(pushed)
    after = await settled(
        province,
        {
            one.office: (
                before.of(one.office, LANES[0], "submitted")[0] + one.results,
                before.of(one.office, LANES[1], "submitted")[0] + one.voters,
            )
            for one in listed
        },
    )
    for one in listed:
        seen = ask(province, f"/v1/wilayah/{one.desa}")
        sah = figures_of(seen)["suara_sah"]
        assert (sah["value"] or 0, sah["reported"], sah["expected"]) == (one.suara_sah, one.forms, one.registered)
        assert (seen["pemilih"]["aktif"]["value"] or 0) == one.voters
    return after


async def test_what_offices_push_is_judged_merged_and_seen(province: Province) -> None:
    before = books_of(province)
    pushed = [pushes_of(office) for office in OFFICES]
    receipts: dict[str, tuple[str, str]] = {}
    for office in pushed:
        office.register(province, tps=4)
        office.report(province, forms=3)
        held = office.report_wrong_sum(province, tps=4)
        receipts[office.office] = held, office.report_unknown_tps(province)
        office.enrol(province, voters=25)
    after = await all_arrived(province, before, pushed)
    columns = ("accepted", "held", "rejected")
    for kode, identities in receipts.items():
        was, now = before.of(kode, "hasil", *columns), after.of(kode, "hasil", *columns)
        assert tuple(new - old for old, new in zip(was, now, strict=True)) == (4 + 3, 2, 0)
        with province.office(kode) as client:
            told = [client.get(f"/v1/receipts/{identity}").json() for identity in identities]
        assert [one["state"] for one in told] == ["held", "held"], told
        assert [finding["code"] for finding in told[1]["findings"]] == ["RES-TPS-KNOWN"], told


async def test_a_killed_validator_goes_on_where_it_was(province: Province) -> None:
    before = books_of(province)
    pushed = [pushes_of(office) for office in OFFICES]
    for office in pushed:
        office.register(province, tps=6)
        office.report(province, forms=3)
    province.compose("kill", "validator")
    for office in pushed:
        office.report(province, forms=3)
        office.enrol(province, voters=10)
    province.up()
    await all_arrived(province, before, pushed)


async def test_what_crashes_is_started_again_by_the_engine(province: Province) -> None:
    before = books_of(province)
    office = pushes_of("3279")
    office.register(province, tps=2)
    for service in SERVICES:
        province.crash(service)

    def all_are_back() -> bool:
        return all(
            (container["RestartCount"], container["State"].get("Health", {}).get("Status")) == (1, "healthy")
            for service in SERVICES
            for container in province.containers(service)
        )

    await eventually(all_are_back, within_seconds=60)
    office.report(province, forms=2)
    await all_arrived(province, before, [office])


async def test_kafka_and_postgresql_may_be_killed_while_offices_push(province: Province) -> None:
    before = books_of(province)
    pushed = [pushes_of(office) for office in OFFICES]
    for office in pushed:
        office.register(province, tps=4)
    province.compose("kill", "kafka", "postgres")
    for office in pushed:
        office.report(province, forms=4)
        office.enrol(province, voters=10)
    province.up()
    await all_arrived(province, before, pushed)


async def test_several_instances_share_the_work(province: Province) -> None:
    before = books_of(province)
    pushed = [pushes_of(office) for office in wilayah_of(PROVINCE).kabupaten]
    province.up("--scale", "validator=3", "--scale", "sync=2")
    assert [len(province.containers(service)) for service in ("validator", "sync")] == [3, 2]
    for office in pushed:
        office.register(province, tps=2)
        office.report(province, forms=2)
        office.enrol(province, voters=5)
    await all_arrived(province, before, pushed)


async def test_data_and_keys_stay_when_all_is_taken_down(province: Province) -> None:
    office = pushes_of("3273")
    before = books_of(province)
    office.register(province, tps=1)
    office.report(province, forms=1)
    office.enrol(province, voters=1)
    stood = await all_arrived(province, before, [office])
    keys = {file: file.read_bytes() for file in province.secrets_folder.rglob("*") if file.is_file()}
    province.down()
    province.up()
    assert {file: file.read_bytes() for file in province.secrets_folder.rglob("*") if file.is_file()} == keys
    assert (await all_arrived(province, before, [office])).by_office == stood.by_office


async def test_a_store_that_is_restored_asks_for_what_came_since(province: Province) -> None:
    office = pushes_of("3273")
    before = books_of(province)
    office.register(province, tps=2)
    office.report(province, forms=1)
    await all_arrived(province, before, [office])
    client = ["exec", "--no-TTY", "postgres"]
    province.compose(*client, "pg_dump", "-U", "satupeta", "-Fc", "-f", _DUMP, "satupeta")
    office.report(province, forms=1)
    office.enrol(province, voters=5)
    stood = await all_arrived(province, before, [office])
    province.compose("stop", "sync", "gateway")
    for command in (
        ["dropdb", "-U", "satupeta", "satupeta"],
        ["createdb", "-U", "satupeta", "satupeta"],
        ["pg_restore", "-U", "satupeta", "--exit-on-error", "-d", "satupeta", _DUMP],
    ):
        province.compose(*client, *command)
    province.up()
    assert (await all_arrived(province, before, [office])).by_office == stood.by_office


async def test_a_container_may_do_no_more_than_its_work(province: Province) -> None:
    for service in (*SERVICES, *STEPS):
        for container in province.containers(service):
            config, host = container["Config"], container["HostConfig"]
            assert config["User"] == ("0:0" if service == "keys" else "10001:10001"), service
            assert host["ReadonlyRootfs"]
            assert host["CapDrop"] == ["ALL"]
            assert "no-new-privileges:true" in host["SecurityOpt"]
            assert host["Memory"] > 0
            assert container["State"]["ExitCode"] == 0


async def test_only_ingest_and_gateway_are_reached_and_only_from_this_machine(province: Province) -> None:
    bindings = {
        container["Config"]["Labels"]["com.docker.compose.service"]: [
            binding["HostIp"] for each in container["NetworkSettings"]["Ports"].values() for binding in each or []
        ]
        for container in province.containers()
    }
    assert {service: seen for service, seen in bindings.items() if seen} == {
        "ingest": ["127.0.0.1"],
        "gateway": ["127.0.0.1"],
    }
    networks = {
        service: {name.removeprefix(f"{province.name}_") for name in container["NetworkSettings"]["Networks"]}
        for service in (*SERVICES, *SERVERS)
        for container in province.containers(service)
    }
    assert networks == {
        "ingest": {"front", "bus"},
        "validator": {"bus"},
        "sync": {"bus", "store"},
        "gateway": {"front", "store"},
        "kafka": {"bus"},
        "postgres": {"store"},
    }


async def test_neither_secrets_nor_people_stand_in_settings_and_logs(province: Province) -> None:
    before = books_of(province)
    office = pushes_of("3279")
    office.enrol(province, voters=3)
    await all_arrived(province, before, [office])
    said = province.compose("logs", "--no-color") + json.dumps(province.containers())
    secrets = [file.read_text("utf-8").strip() for file in province.secrets_folder.rglob("*") if file.is_file()]
    hidden = [secret for secret in secrets if len(secret) >= _SECRET_LENGTH_MIN]
    assert hidden
    assert not [secret[:4] for secret in (*hidden, *office.niks) if secret in said]
