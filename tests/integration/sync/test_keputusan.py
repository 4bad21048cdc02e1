"""What a person decided about a held version takes effect: in any order, once, and only on that version."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from itertools import islice, permutations
from typing import Any, Final

import asyncpg
import orjson
import pytest

from contracts.identifiers import Lane
from contracts.reference.wilayah import wilayah_of
from services.runtime.errors import TransientError
from services.sync.adapters.store import Arrived, FencedError, Partition
from tests.builders import (
    OFFICE,
    PROVINCE,
    TPS,
    a_c_hasil,
    a_d_hasil,
    a_finding,
    a_keputusan,
    a_line,
    a_pemilih,
    a_rekap_pdpb,
    a_retraction,
    a_tps,
    subject_of,
)
from tests.eventually import eventually
from tests.integration.sync.process import WITHIN_SECONDS, Sync, Validator, asked
from tests.integration.sync.store_of_one import FedStore, a_record_of, fed_store

FORM: Final = a_line(a_c_hasil())
DIGEST: Final[str] = orjson.loads(FORM)["digest"]
HERE: Final[dict[Lane, dict[str, Partition]]] = {
    "hasil": dict.fromkeys(wilayah_of(PROVINCE).offices, ("accepted-hasil", 0)),
    "pemilih": dict.fromkeys(wilayah_of(PROVINCE).offices, ("accepted-pemilih", 0)),
}
COUNTED: Final = {"state": "accepted", "tps_masuk": 1, "tps_ditahan": 0}
HELD: Final = {"state": "held", "tps_masuk": 0, "tps_ditahan": 1}


def a_decision(
    sasaran: str = DIGEST, *, number: int = 1, said: int | None = None, office: str = PROVINCE, **fields: Any
) -> Arrived:
    """Return the record with the ``number``-th statement of ``office``, the ``said``-th about ``sasaran``."""
    line = a_line(a_keputusan(sasaran, **fields), source=office, revision=said or number, sequence=number)
    return a_record_of([line], offset=0, office=office, first=number)


def taken_back(sasaran: str = DIGEST, *, number: int = 2) -> Arrived:
    """Return the record in which the province retracts its decision about ``sasaran``."""
    line = a_line(
        a_retraction(),
        source=PROVINCE,
        type="keputusan.retracted.v1",
        subject=subject_of(a_keputusan(sasaran), PROVINCE),
        revision=number,
        sequence=number,
    )
    return a_record_of([line], offset=0, office=PROVINCE, first=number)


def held_form(line: bytes = FORM, *, number: int = 1) -> Arrived:
    return a_record_of([line], offset=0, first=number, held=[number])


def a_correction(number: int = 2, **fields: Any) -> bytes:
    return a_line(a_c_hasil(jenis_kejadian="psu", **fields), revision=number, sequence=number, base=DIGEST)


async def apply(sync: FedStore, lane: Lane = "hasil") -> Counter[str]:
    """Apply all that is to be applied, as the loop of the service does."""
    states: Counter[str] = Counter()
    while (decided := await sync.store.apply_decisions(lane, HERE[lane], sync.held)).looked_at:
        states += decided.states
    assert await sync.value("SELECT count(*) FROM keputusan_tertunda WHERE lane = $1", lane) == 0
    return states


async def stands(sync: FedStore) -> dict[str, Any]:
    [row] = await sync.rows(
        "SELECT state, tps_masuk, tps_ditahan FROM c_hasil JOIN rekap_hasil USING (kontes) WHERE wilayah = office"
    )
    return row


async def test_a_released_form_counts_in_every_total(store: str) -> None:
    async with fed_store(store) as sync:
        await sync.merge(held_form())
        assert await stands(sync) == HELD
        before = await sync.value("SELECT max(as_of) FROM rekap_hasil")
        await sync.merge(a_decision())
        assert await stands(sync) == HELD
        assert await apply(sync) == {"accepted": 1}
        assert await stands(sync) == COUNTED
        totals = await sync.rows("SELECT wilayah, suara_sah, as_of > $1 AS moved FROM rekap_hasil ORDER BY 1", before)
        expected = a_c_hasil().suara_sah
        assert totals == [{"wilayah": TPS[:digits], "suara_sah": expected, "moved": True} for digits in (4, 6, 10)]
        assert await sync.value("SELECT sum(suara) FROM rekap_suara WHERE wilayah = $1", OFFICE) == expected
        # The books say what the rules said; a decision is no second judgement.
        assert await sync.rows("SELECT office, accepted, held FROM neraca ORDER BY 1") == [
            {"office": PROVINCE, "accepted": 1, "held": 0},
            {"office": OFFICE, "accepted": 0, "held": 1},
        ]


async def test_a_version_that_comes_after_the_decision_about_it_is_never_seen_held(store: str) -> None:
    async with fed_store(store) as sync:
        await sync.merge(a_decision())
        assert await apply(sync) == {}
        await sync.merge(held_form())
        assert await stands(sync) == COUNTED


CORRECTION: Final = a_line(a_c_hasil(jenis_kejadian="psu"), revision=2, sequence=2, base=DIGEST)
CORRECTED: Final[str] = orjson.loads(CORRECTION)["digest"]
HISTORIES: Final = [
    # The retraction is the newest, so the version stands held.
    ([held_form(), a_decision(), taken_back()], HELD),
    # Released, corrected, and released again: what is said about the first version counts for nothing.
    (
        [held_form(), a_decision(), held_form(CORRECTION, number=2), a_decision(CORRECTED, said=1, number=3)],
        COUNTED,
    ),
    ([held_form(), held_form(CORRECTION, number=2), a_decision(), taken_back()], HELD),
]

_WRITTEN: Final = ("neraca", "c_hasil", "pernyataan", "rekap_hasil", "rekap_suara", "finding", "journal_hasil")


@pytest.mark.parametrize(("history", "expected"), HISTORIES)
async def test_any_order_and_repetition_ends_in_the_same_state(
    store: str, history: list[Arrived], expected: dict[str, Any]
) -> None:
    for number, order in enumerate(islice(permutations(history), 0, None, len(history) - 2)):
        async with fed_store(store) as sync:
            for said in (*order, *order[:2]):
                await sync.merge(said)
                if number % 2:
                    await apply(sync)
            await apply(sync)
            assert await stands(sync) == expected
            assert await sync.value("SELECT count(*) FROM invariant_keputusan") == 0
            assert await sync.value("SELECT count(*) FROM invariant_rekap_hasil") == 0
            # As if nothing had been said; the triggers that keep journals from being emptied are not asked.
            emptied = "".join(f"DELETE FROM {table};" for table in _WRITTEN)  # noqa: S608  # names from above
            await sync.pool.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {emptied} COMMIT")


async def test_a_decision_taken_back_takes_the_figures_back(store: str) -> None:
    async with fed_store(store) as sync:
        await sync.merge(held_form(), a_decision())
        await apply(sync)
        assert await stands(sync) == COUNTED
        await sync.merge(taken_back())
        assert await apply(sync) == {"held": 1}
        assert await stands(sync) == HELD
        assert await sync.value("SELECT sum(suara_total) FROM rekap_hasil") == 0
        await sync.merge(a_decision(number=3))
        await apply(sync)
        assert await stands(sync) == COUNTED


async def test_who_releases_and_returns_afterwards_has_returned(store: str) -> None:
    async with fed_store(store) as sync:
        await sync.merge(held_form(), a_decision())
        await apply(sync)
        await sync.merge(a_decision(number=2, putusan="dikembalikan"))
        assert await apply(sync) == {"held": 1}
        assert await stands(sync) == HELD


async def test_a_correction_after_the_release_is_judged_anew(store: str) -> None:
    async with fed_store(store) as sync:
        await sync.merge(held_form(), a_decision())
        await apply(sync)
        await sync.merge(held_form(a_correction(), number=2))
        assert await stands(sync) == HELD
        # What was decided about the version before changes nothing any more, in either direction.
        await sync.merge(taken_back())
        assert await apply(sync) == {}
        await sync.merge(a_decision(number=3))
        assert await apply(sync) == {}
        assert await stands(sync) == HELD
        await sync.merge(a_record_of([a_correction(3)], offset=0, first=3))
        assert await stands(sync) == COUNTED


async def test_two_decisions_with_one_number_are_none(store: str) -> None:
    async with fed_store(store) as sync:
        await sync.merge(held_form(), a_decision())
        await apply(sync)
        other = a_line(a_keputusan(DIGEST, alasan="lain"), source=PROVINCE, sequence=2)
        await sync.merge(a_record_of([other], offset=0, office=PROVINCE, first=2))
        assert await apply(sync) == {"held": 1}
        assert await stands(sync) == HELD


async def test_a_form_in_conflict_stays_in_conflict_whatever_is_decided_about_one_of_its_contents(store: str) -> None:
    async with fed_store(store) as sync:
        await sync.merge(held_form(), a_decision())
        await apply(sync)
        fork = a_line(a_c_hasil(jenis_kejadian="psu"), sequence=2)
        await sync.merge(a_record_of([fork], offset=0, first=2))
        await sync.merge(taken_back())
        await apply(sync)
        assert await sync.rows(
            "SELECT tps_masuk, tps_ditahan, tps_konflik FROM rekap_hasil WHERE wilayah = '3279'"
        ) == [{"tps_masuk": 0, "tps_ditahan": 0, "tps_konflik": 1}]
        await sync.merge(a_decision(number=3))
        await apply(sync)
        assert await sync.value("SELECT sum(suara_sah) FROM rekap_hasil") == 0


@pytest.mark.parametrize(
    ("decision", "why"),
    [
        (a_decision(putusan="dikembalikan"), "a return changes no figure"),
        (a_decision(office=OFFICE), "only the province releases"),
        (a_decision(kantor="3204"), "the record is another office's"),
        (a_decision(lajur="pemilih"), "the version is one of results"),
        (a_decision(tentang="perkara"), "it is about a case"),
        (a_decision("0" * 32), "there is no such version"),
    ],
)
async def test_other_decisions_release_nothing(store: str, decision: Arrived, why: str) -> None:
    async with fed_store(store) as sync:
        await sync.merge(held_form(), decision)
        assert await apply(sync) == {}, why
        assert await apply(sync, "pemilih") == {}, why
        assert await stands(sync) == HELD, why


async def test_what_was_accepted_by_the_rules_is_not_touched_by_a_decision(store: str) -> None:
    async with fed_store(store) as sync:
        await sync.merge(a_record_of([FORM], offset=0), a_decision(), taken_back())
        assert await apply(sync) == {}
        assert await stands(sync) == COUNTED


async def test_every_noun_can_be_released_and_taken_back(store: str) -> None:
    lines = [a_line(a_tps()), a_line(a_d_hasil(), sequence=2), a_line(a_rekap_pdpb(), sequence=3)]
    digests = [orjson.loads(line)["digest"] for line in lines]
    states = (
        "SELECT (SELECT state FROM tps), (SELECT state FROM d_hasil), "
        "(SELECT state FROM pernyataan WHERE noun = 'rekap_pdpb'), (SELECT sum(terdaftar) FROM rekap_tps)"
    )
    async with fed_store(store) as sync:
        await sync.merge(a_record_of(lines, offset=0, held=[1, 2, 3]))
        for number, digest in enumerate(digests, 1):
            line = a_line(a_keputusan(digest), source=PROVINCE, sequence=number)
            await sync.merge(a_record_of([line], offset=0, office=PROVINCE, first=number))
        assert await apply(sync) == {"accepted": 3}
        assert tuple(await sync.pool.fetchrow(states)) == ("accepted", "accepted", "accepted", 3)
        for number, digest in enumerate(digests, 4):
            said = a_retraction()
            subject = subject_of(a_keputusan(digest), PROVINCE)
            kind = "keputusan.retracted.v1"
            line = a_line(said, source=PROVINCE, type=kind, subject=subject, revision=2, sequence=number)
            await sync.merge(a_record_of([line], offset=0, office=PROVINCE, first=number))
        assert await apply(sync) == {"held": 3}
        assert tuple(await sync.pool.fetchrow(states)) == ("held", "held", "held", 0)


async def test_a_decision_that_was_held_itself_takes_effect_when_it_is_released(store: str) -> None:
    first = a_line(a_keputusan(DIGEST), source=PROVINCE)
    about_it = a_keputusan(orjson.loads(first)["digest"], kantor=PROVINCE)
    async with fed_store(store) as sync:
        await sync.merge(held_form(), a_record_of([first], offset=0, office=PROVINCE, held=[1]))
        assert await apply(sync) == {}
        second = a_line(about_it, source=PROVINCE, sequence=2)
        await sync.merge(a_record_of([second], offset=0, office=PROVINCE, first=2))
        assert await apply(sync) == {"accepted": 2}
        assert await stands(sync) == COUNTED


@pytest.mark.parametrize("first", ["voter", "decision"])
async def test_a_released_voter_counts(store: str, first: str) -> None:
    line = a_line(a_pemilih())
    voter = a_record_of([line], offset=0, lane="pemilih", held=[1])
    digest = orjson.loads(line)["digest"]
    decision = a_decision(digest, lajur="pemilih")
    figures = "SELECT wilayah, aktif_l + aktif_p AS aktif, ditahan FROM rekap_pemilih ORDER BY 1"
    areas = ("3279", "327901", "3279011001")
    async with fed_store(store) as sync:
        for said in (voter, decision) if first == "voter" else (decision, voter):
            await sync.merge(said)
        await apply(sync, "pemilih")
        assert await sync.rows(figures) == [{"wilayah": kode, "aktif": 1, "ditahan": 0} for kode in areas]
        await sync.merge(taken_back(digest))
        assert await apply(sync, "pemilih") == {"held": 1}
        assert await sync.rows(figures) == [{"wilayah": kode, "aktif": 0, "ditahan": 1} for kode in areas]
        assert await sync.rows("SELECT office, code, voters FROM pemilih_ditahan") == [
            {"office": OFFICE, "code": a_finding().code, "voters": 1}
        ]


async def test_whoever_watches_hears_which_areas_a_decision_moved(store: str) -> None:
    listener = await asyncpg.connect(store)
    heard: list[str] = []
    try:
        async with fed_store(store) as sync:
            await sync.merge(held_form())
            await sync.merge(a_decision())
            await listener.add_listener("perubahan", lambda *said: heard.append(str(said[-1])))
            await apply(sync)
        await listener.execute("SELECT 1")
    finally:
        await listener.close()
    [notice] = [orjson.loads(said) for said in heard]
    assert notice["lane"] == "hasil"
    assert {area["wilayah"] for area in notice["areas"]} == {OFFICE, TPS[:10]}


async def test_an_instance_that_was_replaced_applies_nothing_and_its_successor_does(store: str) -> None:
    async with fed_store(store) as zombie:
        await zombie.merge(held_form())
        await zombie.merge(a_decision())
        async with fed_store(store) as successor:
            with pytest.raises(FencedError):
                await apply(zombie)
            assert await stands(successor) == HELD
            assert await apply(successor) == {"accepted": 1}
            assert await stands(successor) == COUNTED


async def test_a_decision_that_changes_while_it_is_applied_is_looked_at_again(store: str) -> None:
    async with fed_store(store) as deciding, fed_store(store) as sync:
        await sync.merge(held_form())
        await sync.merge(a_decision())
        async with deciding.pool.acquire() as other, other.transaction():
            # Another instance is amid the retraction: it has been written, nobody sees it yet.
            await other.execute("UPDATE pernyataan SET state = 'retracted', data = NULL WHERE noun = 'keputusan'")
            assert (await sync.store.apply_decisions("hasil", HERE["hasil"], sync.held)).states == {"accepted": 1}
        assert await apply(sync) == {"held": 1}
        assert await stands(sync) == HELD
        # The journal knows nothing of that other instance, which was one of this test.
        await sync.pool.execute(
            "UPDATE pernyataan SET state = 'accepted', data = $1", a_keputusan(DIGEST).model_dump_json()
        )
        await apply(sync)


async def test_killed_amid_applying_it_has_done_nothing_and_the_next_does_all(store: str) -> None:
    async with fed_store(store) as other, fed_store(store) as sync:
        await sync.merge(held_form())
        await sync.merge(a_decision())
        async with other.pool.acquire() as blocker, blocker.transaction():
            await blocker.execute("SELECT FROM rekap_hasil FOR UPDATE")
            applying = asyncio.create_task(sync.store.apply_decisions("hasil", HERE["hasil"], sync.held))

            async def waiting() -> int | None:
                pid: int | None = await blocker.fetchval(
                    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
                return pid

            asking: Any = waiting
            await blocker.execute("SELECT pg_terminate_backend($1)", int(await eventually(asking)))
            with pytest.raises(TransientError):
                await applying
        assert await stands(sync) == HELD
        assert await apply(sync) == {"accepted": 1}
        assert await stands(sync) == COUNTED


async def test_two_instances_release_what_one_of_them_merged_and_a_third_goes_on_after_both_were_killed(
    new_sync: Callable[[], Sync], validator: Validator, store: str
) -> None:
    instances = [new_sync(), new_sync()]
    for sync in instances:
        sync.start()
    for sync in instances:
        await eventually(sync.is_ready, WITHIN_SECONDS)
    # Offices in several partitions, and a voter, whose decision travels on the other lane.
    forms = {}
    for office in ("3201", "3204", OFFICE):
        about = a_c_hasil(f"{office}011001001") if office == OFFICE else a_tps(f"{office}012001001")
        forms[office] = a_line(about, source=office)
    for office, line in forms.items():
        await validator.holds(line, office=office, lane="hasil")
    voter = a_line(a_pemilih())
    await validator.holds(voter, office=OFFICE, lane="pemilih")
    aims = [(office, "hasil", line) for office, line in forms.items()] + [(OFFICE, "pemilih", voter)]
    decisions = [
        a_line(a_keputusan(orjson.loads(line)["digest"], kantor=office, lajur=lane), source=PROVINCE, sequence=number)
        for number, (office, lane, line) in enumerate(aims, 1)
    ]
    await validator.accepts(decisions, office=PROVINCE, lane="hasil", first=1, last=len(decisions))
    await eventually(lambda: asked(store, f"{_RELEASED} = 4"), WITHIN_SECONDS)

    subject = subject_of(a_keputusan(orjson.loads(voter)["digest"]), PROVINCE)
    back = a_line(
        a_retraction(), source=PROVINCE, type="keputusan.retracted.v1", subject=subject, revision=2, sequence=5
    )
    for sync in instances:
        sync.kill()
    await validator.accepts([back], office=PROVINCE, lane="hasil", first=5, last=5)
    successor = new_sync()
    successor.start()
    await eventually(lambda: asked(store, f"{_RELEASED} = 3"), WITHIN_SECONDS)
    assert await asked(store, "SELECT state FROM pemilih") == "held"
    assert 'sync_decided_total{state="held"} 1.0' in await successor.metrics()


_RELEASED: Final = (
    "SELECT (SELECT count(*) FROM tps WHERE state = 'accepted') "
    "+ (SELECT count(*) FROM c_hasil WHERE state = 'accepted') "
    "+ (SELECT count(*) FROM pemilih WHERE state = 'accepted')"
)
