"""Cases between offices: opened by the second claim, closed by themselves, in any order and whoever is killed."""

from __future__ import annotations

import asyncio
from itertools import permutations
from typing import Any

import asyncpg
import pytest

from contracts.identifiers import pemilih_subject
from services.sync.adapters.examiner import Examiner
from services.sync.adapters.store import Arrived
from tests.builders import OFFICE, a_keputusan, a_line, a_nik, a_pemilih, a_pemilih_submission, a_retraction
from tests.eventually import eventually
from tests.integration.sync.conftest import NewSync
from tests.integration.sync.process import Validator
from tests.integration.sync.store_of_one import FedStore, a_record_of, fed_store

OTHER = "3278"
DESA = {OFFICE: "3279011001", OTHER: "3278011001"}


def a_claim(office: str = OFFICE, *, sequence: int = 1, revision: int = 1, **fields: Any) -> bytes:
    """Return the line in which ``office`` says that the voter is its own; ``tms`` says that she is not any more."""
    tms = fields.pop("tms", None)
    status = {"status": "tms", "tms": tms} if tms else {}
    voter = a_pemilih(a_pemilih_submission(desa=DESA[office], **{"nik": a_nik(), **fields}), **status)
    return a_line(voter, source=office, sequence=sequence, revision=revision)


def a_taking_back(office: str, *, sequence: int, revision: int) -> bytes:
    token = a_pemilih(a_pemilih_submission(nik=a_nik())).nik_token
    return a_line(
        a_retraction(),
        source=office,
        type="pemilih.retracted.v1",
        subject=pemilih_subject(office, token),
        sequence=sequence,
        revision=revision,
    )


async def say(sync: FedStore, *lines: bytes, office: str = OFFICE, first: int = 1, held: tuple[int, ...] = ()) -> None:
    say_at = sync.held["accepted-pemilih", 0].next_offset
    record: Arrived = a_record_of(lines, offset=say_at, first=first, office=office, lane="pemilih", held=held)
    await sync.merge(record)


async def examine_all(sync: FedStore) -> None:
    examiner = Examiner(lambda: sync.pool)
    while await examiner.examine():
        pass


async def cases(sync: FedStore) -> list[tuple[str, str, list[str]]]:
    rows = await sync.rows("SELECT state, evidence ->> 'kelas' AS kelas, offices FROM perkara ORDER BY kunci")
    return [(row["state"], row["kelas"], row["offices"]) for row in rows]


@pytest.mark.parametrize(
    ("other", "kelas"),
    [
        ({}, "K1"),
        ({"nkk": "3279010101150099"}, "K2"),
        ({"alamat": "JL. LAIN"}, "K3"),
        ({"tempat_lahir": "GARUT"}, "K4"),
        ({"nama": "ORANG LAIN"}, "NIK"),
    ],
)
async def test_two_claims_of_one_number_are_a_case_of_the_strongest_class(
    store: str, other: dict[str, Any], kelas: str
) -> None:
    async with fed_store(store) as sync:
        await say(sync, a_claim())
        await examine_all(sync)
        assert await cases(sync) == []
        await say(sync, a_claim(OTHER, **other), office=OTHER)
        await examine_all(sync)
        assert await cases(sync) == [("open", kelas, [OTHER, OFFICE])]
        token = a_pemilih(a_pemilih_submission(nik=a_nik())).nik_token
        shown = await sync.value("SELECT string_agg(perkara::text, '') FROM perkara")
        assert token not in shown.replace("-", "")


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("is_examined_between", [True, False])
async def test_a_move_is_no_case_whichever_office_speaks_first(
    store: str, order: tuple[int, ...], *, is_examined_between: bool
) -> None:
    told = (
        (OFFICE, 1, a_claim()),
        (OFFICE, 2, a_claim(sequence=2, revision=2, tms="4")),
        (OTHER, 1, a_claim(OTHER)),
    )
    async with fed_store(store) as sync:
        for nth in order:
            office, first, line = told[nth]
            await say(sync, line, office=office, first=first)
            if is_examined_between:
                await examine_all(sync)
        await examine_all(sync)
        assert [case for case in await cases(sync) if case[0] != "closed"] == []


async def test_a_case_that_comes_back_keeps_its_trail(store: str) -> None:
    async with fed_store(store) as sync:
        await say(sync, a_claim())
        await say(sync, a_claim(OTHER), office=OTHER)
        await examine_all(sync)
        await say(sync, a_taking_back(OTHER, sequence=2, revision=2), office=OTHER, first=2)
        await examine_all(sync)
        assert [state for state, *_ in await cases(sync)] == ["closed"]
        await say(sync, a_claim(OTHER, sequence=3, revision=3), office=OTHER, first=3, held=(3,))
        await examine_all(sync)
        assert [state for state, *_ in await cases(sync)] == ["open"]
        trail = await sync.rows("SELECT action FROM perkara_riwayat ORDER BY nomor")
        assert [row["action"] for row in trail] == ["opened", "closed", "reopened"]
        with pytest.raises(asyncpg.RestrictViolationError):
            await sync.pool.execute("DELETE FROM perkara_riwayat")


async def test_a_conflicted_record_claims_nothing(store: str) -> None:
    async with fed_store(store) as sync:
        await say(sync, a_claim(OTHER), office=OTHER)
        await say(sync, a_claim(), a_claim(sequence=2, alamat="JL. LAIN"))
        await examine_all(sync)
        assert await cases(sync) == []


async def test_a_decision_is_written_once_and_holds_until_something_changes(store: str) -> None:
    async with fed_store(store) as sync:
        await say(sync, a_claim())
        await say(sync, a_claim(OTHER, nama="ORANG LAIN"), office=OTHER)
        await examine_all(sync)
        case = await sync.value("SELECT id FROM perkara")
        decide = "SELECT putuskan_perkara($1, 'keputusan/1', 'dua orang', 'KTP-el diperiksa', 'Ketua')"
        assert [await sync.value(decide, case), await sync.value(decide, case)] == [True, False]
        # Said again without a change to what contradicts.
        await say(sync, a_claim(sequence=2, revision=2), first=2)
        await examine_all(sync)
        assert [state for state, *_ in await cases(sync)] == ["decided"]
        await say(sync, a_claim(OTHER, sequence=2, revision=2), office=OTHER, first=2)
        await examine_all(sync)
        assert await cases(sync) == [("open", "K1", [OTHER, OFFICE])]


async def test_a_decision_that_somebody_sends_settles_a_case_once(store: str) -> None:
    here = dict.fromkeys((OFFICE, OTHER, "3204"), ("accepted-pemilih", 0))

    async def decide(decider: str, sequence: int, **fields: Any) -> None:
        revision = fields.pop("revision", 1)
        decision = a_keputusan(case.hex, tentang="perkara", putusan="selesai", lajur="pemilih", **fields)
        line = a_line(decision, source=decider, sequence=sequence, revision=revision)
        await sync.merge(a_record_of([line], offset=0, office=decider, first=sequence))
        await look()

    async def take_back(decider: str, sequence: int, *, revision: int) -> None:
        line = a_line(
            a_retraction(),
            source=decider,
            type="keputusan.retracted.v1",
            subject=f"keputusan/{decider}/{case.hex}",
            sequence=sequence,
            revision=revision,
        )
        await sync.merge(a_record_of([line], offset=0, office=decider, first=sequence))
        await look()

    async def look() -> None:
        while (await sync.store.apply_decisions("pemilih", here, sync.held)).looked_at:
            pass

    async with fed_store(store) as sync:
        await say(sync, a_claim())
        await say(sync, a_claim(OTHER, nama="ORANG LAIN"), office=OTHER)
        await examine_all(sync)
        case = await sync.value("SELECT id FROM perkara")
        await decide("3204", 1, kantor="3204")
        assert [state for state, *_ in await cases(sync)] == ["open"], "it does not concern that office"
        await decide(OFFICE, 1)
        await decide("32", 1, alasan="setelah itu")
        assert [state for state, *_ in await cases(sync)] == ["decided"]
        trail = "SELECT putusan, alasan, jabatan FROM perkara_riwayat WHERE action = 'decided' ORDER BY nomor"
        own = {"putusan": "selesai", "alasan": "sesuai foto C.Hasil", "jabatan": "Anggota KPU Provinsi"}
        assert await sync.rows(trail) == [own]
        # Open again because something changed: what was decided before that is not decided again by itself.
        await say(sync, a_claim(OTHER, sequence=2, revision=2), office=OTHER, first=2)
        await examine_all(sync)
        assert [state for state, *_ in await cases(sync)] == ["open"]
        await decide("32", 2, revision=2, alasan="orang yang sama")
        assert [state for state, *_ in await cases(sync)] == ["decided"]
        assert await sync.rows(trail) == [own, {**own, "alasan": "orang yang sama"}]
        # Taken back by whoever did not decide it changes nothing, by the other opens it again, once.
        await take_back(OFFICE, 2, revision=2)
        assert [state for state, *_ in await cases(sync)] == ["decided"]
        await take_back("32", 3, revision=3)
        await examine_all(sync)
        assert [state for state, *_ in await cases(sync)] == ["open"]
        actions = await sync.rows("SELECT action FROM perkara_riwayat ORDER BY nomor")
        assert [row["action"] for row in actions] == ["opened", "decided", "changed", "decided", "reopened"]


async def test_two_instances_that_cannot_see_one_another_miss_nothing(store: str) -> None:
    async with fed_store(store) as one, fed_store(store) as other:
        await one.pool.execute(
            "INSERT INTO consumer_position (topic, partition, next_offset, fence) VALUES ('accepted-pemilih', 1, 0, 1)"
        )
        await one.take_over()
        other.held = await other.store.take_over([("accepted-pemilih", 1)])
        mine = a_record_of([a_claim()], offset=0, lane="pemilih")
        theirs = a_record_of([a_claim(OTHER)], offset=0, lane="pemilih", office=OTHER)
        theirs = Arrived(theirs.topic, 1, theirs.offset, theirs.batch)
        await asyncio.gather(
            one.merge(mine),
            other.merge(theirs),
            Examiner(lambda: one.pool).examine(),
            Examiner(lambda: other.pool).examine(),
        )
        await examine_all(one)
        assert await cases(one) == [("open", "K1", [OTHER, OFFICE])]


async def test_what_a_killed_sync_has_not_examined_is_examined_by_the_next(
    store: str, new_sync: NewSync, validator: Validator
) -> None:
    async with fed_store(store) as fed:
        # As a sync leaves it that is killed between its merge and its examination.
        await say(fed, a_claim())
        await say(fed, a_claim(OTHER), office=OTHER)
        assert await fed.value("SELECT count(*) FROM periksa") == 2
        assert validator
        new_sync().start()

        async def opened() -> bool:
            return await cases(fed) == [("open", "K1", [OTHER, OFFICE])]

        await eventually(opened, 60)
        assert await fed.value("SELECT count(*) FROM periksa") == 0


async def test_the_gateway_cannot_read_which_voter_a_case_is_about(store_as_reader: str) -> None:
    connection = await asyncpg.connect(store_as_reader)
    try:
        assert await connection.fetch("SELECT * FROM perkara") == []
        for table in ("pemilih_kantor", "pemilih_perkara"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"SELECT * FROM {table}")  # noqa: S608  # names of this test
    finally:
        await connection.close()
