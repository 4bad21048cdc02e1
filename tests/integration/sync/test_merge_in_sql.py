"""What one transaction of sync does to the store: totals, journal, books, position and the guards around them."""

from __future__ import annotations

import asyncio
from itertools import permutations
from typing import Any

import asyncpg
import orjson
import pytest

from contracts.batch import BatchHeader, LineFindings
from contracts.verdict import Tier
from services.runtime.errors import TransientError
from services.sync.adapters.store import Arrived, FencedError, RewoundError
from services.sync.core.records import batch_of
from tests.builders import (
    OFFICE,
    TPS,
    a_c_hasil,
    a_d_hasil,
    a_finding,
    a_heartbeat,
    a_line,
    a_pemilih,
    a_pemilih_submission,
    a_retraction,
    a_tps,
    an_objection,
    subject_of,
)
from tests.eventually import eventually
from tests.integration.sync.store_of_one import a_record_of, fed_store

KONTES = "pkwkp-2024"
KIND = ("pemilih.recorded.v1", "pemilih.recorded.v1", "pemilih.retracted.v1")


def votes(*figures: int) -> dict[str, int]:
    return dict(zip(("1000026", "1000027", "1000028", "1000029"), figures, strict=True))


async def test_a_form_counts_in_every_total_above_it(store: str) -> None:
    async with fed_store(store) as sync:
        form = a_c_hasil(perolehan_suara=votes(10, 20, 30, 40))
        await sync.merge(a_record_of([a_line(a_tps()), a_line(form, sequence=2)], offset=0))
        assert await sync.rows("SELECT wilayah, tps_masuk, suara_sah FROM rekap_hasil ORDER BY wilayah") == [
            {"wilayah": TPS[:4], "tps_masuk": 1, "suara_sah": 100},
            {"wilayah": TPS[:6], "tps_masuk": 1, "suara_sah": 100},
            {"wilayah": TPS[:10], "tps_masuk": 1, "suara_sah": 100},
        ]
        assert await sync.value("SELECT sum(suara) FROM rekap_suara WHERE wilayah = $1", OFFICE) == 100
        assert await sync.value("SELECT terdaftar FROM rekap_tps WHERE wilayah = $1", OFFICE) == 1


async def test_a_correction_replaces_and_never_adds(store: str) -> None:
    async with fed_store(store) as sync:
        first, second = a_c_hasil(perolehan_suara=votes(1, 2, 3, 400)), a_c_hasil(perolehan_suara=votes(1, 2, 3, 40))
        await sync.merge(a_record_of([a_line(first), a_line(second, revision=2, sequence=2)], offset=0))
        assert await sync.value("SELECT suara_sah FROM rekap_hasil WHERE wilayah = $1", OFFICE) == 46
        assert await sync.value("SELECT count(*) FROM journal_hasil WHERE outcome = 'applied'") == 2


async def test_a_held_correction_takes_the_old_figures_out(store: str) -> None:
    async with fed_store(store) as sync:
        await sync.merge(a_record_of([a_line(a_c_hasil())], offset=0))
        correction = a_line(a_c_hasil(perolehan_suara=votes(9, 9, 9, 9)), revision=2, sequence=2)
        await sync.merge(a_record_of([correction], offset=1, first=2, held=[2]))
        row = (await sync.rows("SELECT * FROM rekap_hasil WHERE wilayah = $1", OFFICE))[0]
        assert (row["tps_masuk"], row["tps_ditahan"], row["suara_sah"]) == (0, 1, 0)
        assert await sync.value("SELECT count(*) FROM finding") == 1


async def test_a_retraction_leaves_no_figure_and_every_version(store: str) -> None:
    async with fed_store(store) as sync:
        form = a_c_hasil()
        retraction = a_line(
            a_retraction(),
            type="c_hasil.retracted.v1",
            subject=f"c_hasil/{KONTES}/{TPS}",
            revision=2,
            sequence=2,
        )
        await sync.merge(a_record_of([a_line(form), retraction], offset=0))
        assert await sync.value("SELECT suara_sah FROM rekap_hasil WHERE wilayah = $1", OFFICE) == 0
        assert await sync.value("SELECT state FROM c_hasil") == "retracted"
        assert await sync.value("SELECT count(*) FROM journal_hasil") == 2


async def test_votes_that_nobody_has_read_are_null_and_count_no_tps(store: str) -> None:
    async with fed_store(store) as sync:
        form = a_c_hasil().model_copy(
            update={"perolehan_suara": None, "suara_sah": None, "suara_tidak_sah": None, "suara_total": None}
        )
        await sync.merge(a_record_of([a_line(form)], offset=0))
        assert await sync.value("SELECT perolehan_suara FROM c_hasil") is None
        assert await sync.value("SELECT tps_masuk FROM rekap_hasil WHERE wilayah = $1", OFFICE) == 0


async def test_a_fork_counts_in_no_total_until_a_later_version_settles_it(store: str) -> None:
    async with fed_store(store) as sync:
        one, other = (
            a_line(a_c_hasil(perolehan_suara=votes(1, 1, 1, 1))),
            a_line(a_c_hasil(perolehan_suara=votes(2, 2, 2, 2)), sequence=2),
        )
        await sync.merge(a_record_of([one, other], offset=0))
        row = (await sync.rows("SELECT * FROM rekap_hasil WHERE wilayah = $1", OFFICE))[0]
        assert (row["tps_masuk"], row["tps_konflik"], row["suara_sah"]) == (0, 1, 0)
        settled = a_line(a_c_hasil(perolehan_suara=votes(3, 3, 3, 3)), revision=2, sequence=3)
        await sync.merge(a_record_of([settled], offset=1, first=3))
        row = (await sync.rows("SELECT * FROM rekap_hasil WHERE wilayah = $1", OFFICE))[0]
        assert (row["tps_masuk"], row["tps_konflik"], row["suara_sah"]) == (1, 0, 12)


async def test_a_form_whose_votes_nobody_has_read_adds_nothing_to_any_total(store: str) -> None:
    unread = {"perolehan_suara": None}
    async with fed_store(store) as sync:
        form = a_c_hasil().model_copy(update=unread)
        await sync.merge(a_record_of([a_line(form)], offset=0))
        row = (await sync.rows("SELECT * FROM rekap_hasil WHERE wilayah = $1", OFFICE))[0]
        assert (row["tps_masuk"], row["suara_sah"], row["suara_total"], row["pemilih_dpt"]) == (0, 0, 0, 0)


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_a_fork_over_two_desa_counts_in_one_of_them_whichever_came_first(
    store: str, order: tuple[int, ...]
) -> None:
    here, there = a_pemilih(), a_pemilih(a_pemilih_submission(desa="3279012001"))
    subject = subject_of(here)
    said = (here, there, a_retraction())
    lines = [
        a_line(said[nth], subject=subject, sequence=place, type=KIND[nth]) for place, nth in enumerate(order, start=1)
    ]
    async with fed_store(store) as sync:
        for offset, line in enumerate(lines):
            await sync.merge(a_record_of([line], offset=offset, first=offset + 1, lane="pemilih"))
        assert await sync.rows("SELECT wilayah, aktif_p, konflik FROM rekap_pemilih WHERE konflik <> 0 ORDER BY 1") == [
            {"wilayah": wilayah, "aktif_p": 0, "konflik": 1} for wilayah in ("3279", "327901", "3279011001")
        ]


async def test_rejected_lines_are_counted_though_they_are_not_there(store: str) -> None:
    async with fed_store(store) as sync:
        merged = await sync.merge(a_record_of([a_line(a_tps(), sequence=2)], offset=0, first=1, last=5))
        assert await sync.rows("SELECT accepted, held, rejected FROM neraca") == [
            {"accepted": 1, "held": 0, "rejected": 4}
        ]
        assert merged.positions[0].through == 5


async def test_a_record_again_or_cut_otherwise_counts_once(store: str) -> None:
    lines = [a_line(a_tps(f"32790110010{n:02d}"), sequence=n) for n in range(1, 7)]
    async with fed_store(store) as sync:
        await sync.merge(a_record_of(lines[:4], offset=0))
        await sync.merge(a_record_of(lines[:4], offset=1))
        await sync.merge(a_record_of(lines[2:], offset=2, first=3))
        assert await sync.value("SELECT cardinality(seen) FROM neraca") == 6
        assert await sync.value("SELECT count(*) FROM journal_hasil") == 6
        assert await sync.value("SELECT terdaftar FROM rekap_tps WHERE wilayah = $1", OFFICE) == 6


async def test_what_was_merged_is_known_by_its_number_and_never_by_its_offset(store: str) -> None:
    async with fed_store(store) as sync:
        await sync.merge(a_record_of([a_line(a_tps())], offset=700))
        # The topic was made anew: its offsets begin again, and what is in it has not been seen.
        again = a_record_of([a_line(a_tps())], offset=0)
        new = a_record_of([a_line(a_tps("3279011001002"), sequence=2)], offset=1, first=2)
        await sync.merge(again, new)
        assert await sync.value("SELECT count(*) FROM tps") == 2
        assert await sync.value("SELECT next_offset FROM consumer_position WHERE topic = 'accepted-hasil'") == 2


async def test_an_instance_takes_back_what_it_holds_and_nothing_that_was_taken_over(store: str) -> None:
    async with fed_store(store) as sync, fed_store(store) as other:
        assert await sync.store.take_back(sync.held) == {}
        await other.merge(a_record_of([a_line(a_tps())], offset=4))
        assert await other.store.take_back(other.held) == other.held
        await other.pool.execute("DELETE FROM consumer_position WHERE topic = 'accepted-hasil'")
        back = await other.store.take_back(other.held)
        assert back["accepted-hasil", 0] == other.held["accepted-hasil", 0]._replace(next_offset=0)


async def test_a_store_that_was_set_back_is_noticed(store: str) -> None:
    async with fed_store(store) as sync:
        await sync.merge(a_record_of([a_line(a_tps())], offset=7))
        for next_offset, fence in ((3, 1), (8, 0)):
            await sync.pool.execute("UPDATE consumer_position SET next_offset = $1, fence = $2", next_offset, fence)
            with pytest.raises(RewoundError):
                await sync.merge(a_record_of([a_line(a_tps(), sequence=2, revision=2)], offset=8, first=2))
        await sync.pool.execute("DELETE FROM consumer_position")
        with pytest.raises(RewoundError):
            await sync.merge(a_record_of([a_line(a_tps(), sequence=2, revision=2)], offset=8, first=2))
        assert await sync.value("SELECT count(*) FROM journal_hasil") == 1


async def test_an_instance_that_was_replaced_writes_nothing(store: str) -> None:
    async with fed_store(store) as zombie, fed_store(store) as successor:
        with pytest.raises(FencedError):
            await zombie.merge(a_record_of([a_line(a_tps())], offset=0))
        await successor.merge(a_record_of([a_line(a_tps())], offset=0))
        assert await successor.value("SELECT count(*) FROM journal_hasil") == 1


async def test_a_line_the_store_refuses_is_parked_and_its_neighbours_go_on(store: str) -> None:
    good = [a_line(a_tps(f"32790110010{n:02d}"), sequence=n) for n in (1, 3)]
    # The office in the subject is another than the record's: the column check refuses it (I9).
    foreign = a_line(a_tps("3204012001001"), sequence=2, source="3204")
    unreadable = b'{"not":"a change"}'
    async with fed_store(store) as sync:
        merged = await sync.merge(a_record_of([good[0], foreign, good[1], unreadable], offset=0))
        assert (merged.outcomes["applied"], merged.outcomes["parked"]) == (2, 2)
        assert await sync.value("SELECT count(*) FROM tps") == 2
        assert await sync.value("SELECT parked FROM neraca") == 2


async def test_a_recapitulation_stands_beside_the_sums_and_is_never_added(store: str) -> None:
    async with fed_store(store) as sync:
        await sync.merge(a_record_of([a_line(a_d_hasil())], offset=0))
        assert await sync.value("SELECT count(*) FROM rekap_hasil") == 0
        assert await sync.value("SELECT data ->> 'wilayah' FROM d_hasil") == "327901"


async def test_the_journal_is_never_rewritten(store: str) -> None:
    async with fed_store(store) as sync:
        await sync.merge(a_record_of([a_line(a_tps())], offset=0))
        for command in ("UPDATE journal_hasil SET held = true", "DELETE FROM journal_hasil", "TRUNCATE journal_hasil"):
            with pytest.raises(Exception, match="append-only"):
                await sync.pool.execute(command)


async def test_one_bad_line_among_many_is_found_and_parked(store: str) -> None:
    lines = [
        a_line(a_pemilih(a_pemilih_submission(n)), sequence=n, digest=None if n not in {3, 77} else "no digest")
        for n in range(1, 101)
    ]
    async with fed_store(store) as sync:
        await sync.merge(a_record_of(lines, offset=0, lane="pemilih"))
        assert await sync.rows("SELECT sequence FROM journal_pemilih WHERE outcome = 'parked' ORDER BY 1") == [
            {"sequence": 3},
            {"sequence": 77},
        ]
        assert await sync.value("SELECT count(*) FROM pemilih") == 98


async def test_a_time_that_is_none_parks_its_line_and_holds_nothing_up(store: str) -> None:
    async with fed_store(store) as sync:
        lines = [a_line(a_tps(), recordedtime="2024-11-27T99:99:99Z"), a_line(a_tps("3279011001002"), sequence=2)]
        await sync.merge(a_record_of(lines, offset=0))
        assert await sync.rows("SELECT applied, parked FROM neraca") == [{"applied": 1, "parked": 1}]


async def test_two_lines_with_one_number_are_both_kept(store: str) -> None:
    async with fed_store(store) as sync:
        await sync.merge(a_record_of([a_line(a_tps()), a_line(a_tps("3279011001002"))], offset=0))
        assert await sync.rows("SELECT sequence, outcome FROM journal_hasil ORDER BY sequence") == [
            {"sequence": 1, "outcome": "applied"},
            {"sequence": 2, "outcome": "parked"},
        ]


async def test_lines_that_the_header_counts_and_the_value_lacks_are_not_taken_for_rejected(store: str) -> None:
    header = BatchHeader(office=OFFICE, lane="hasil", epoch=1, first=1, last=5, count=4)
    async with fed_store(store) as sync:
        await sync.merge(Arrived("accepted-hasil", 0, 0, batch_of(header, a_line(a_tps()), [])))
        assert await sync.rows("SELECT applied, parked, rejected FROM neraca") == [
            {"applied": 1, "parked": 3, "rejected": 1}
        ]


async def test_one_subject_many_times_in_one_record_is_merged_in_order(store: str) -> None:
    lines = [a_line(a_tps(dpt_l=100 + n), revision=n, sequence=n) for n in range(1, 31)]
    async with fed_store(store) as sync:
        await sync.merge(a_record_of(lines, offset=0))
        assert await sync.value("SELECT dpt_l FROM tps") == 130
        assert await sync.value("SELECT applied FROM neraca") == 30


async def test_a_notice_is_never_too_long_however_many_areas_changed(store: str) -> None:
    contests = ("pkwkp-2024", "pkwkk-2024", "ppwp-2024", "pdpr-2024", "pdpd-2024", "pdprdp-2024", "pdprdk-2024")
    listener = await asyncpg.connect(store)
    heard: list[str] = []
    try:
        await listener.add_listener("perubahan", lambda *said: heard.append(str(said[-1])))
        async with fed_store(store) as sync:
            records = []
            for nth in range(140):
                desa = f"32{1 + nth % 27:02d}01{1001 + nth:04d}"
                office = desa[:4]
                form = a_c_hasil(kontes="pkwkp-2024")
                data = form.model_dump(mode="json", exclude_unset=True)
                kontes = contests[nth % len(contests)]
                body = orjson.dumps({**data, "tps": f"{desa}001", "kontes": kontes}, option=orjson.OPT_SORT_KEYS)
                line = a_line(form, source=office, subject=f"c_hasil/{kontes}/{desa}001", data=body, sequence=nth + 1)
                records.append(a_record_of([line], offset=nth, office=office, first=nth + 1))
            await sync.merge(*records)
        await listener.execute("SELECT 1")
    finally:
        await listener.close()
    notices: list[dict[str, Any]] = [orjson.loads(notice) for notice in heard]
    assert {notice["lane"] for notice in notices} == {"hasil"}
    offices = {area["wilayah"] for notice in notices for area in notice["areas"]}
    assert {f"32{number:02d}" for number in range(1, 28)} <= offices


async def test_findings_are_kept_whatever_was_seen_on_the_line(store: str) -> None:
    finding = a_finding(tier=Tier.REJECT, seen="nul \0 byte")
    header = BatchHeader(office=OFFICE, lane="hasil", epoch=1, first=1, last=1, count=1)
    findings = [LineFindings(sequence=1, held=True, findings=[finding, a_finding("RES-OTHER")])]
    async with fed_store(store) as sync:
        await sync.merge(Arrived("accepted-hasil", 0, 0, batch_of(header, a_line(a_tps()), findings)))
        assert await sync.rows("SELECT nth, tier, seen FROM finding ORDER BY nth") == [
            {"nth": 0, "tier": "reject", "seen": "nul \N{REPLACEMENT CHARACTER} byte"},
            {"nth": 1, "tier": "hold", "seen": "202"},
        ]


async def test_feedback_written_twice_is_there_once_and_an_older_heartbeat_takes_nothing_back(store: str) -> None:
    objections = [an_objection(sequence=1, id="nul \0"), an_objection("held", sequence=2), an_objection(sequence=3)]
    async with fed_store(store) as sync:
        for offset, stamped in ((0, 9), (0, 9), (1, 5)):
            upto = {("rejected", 0): offset + 1, ("progress", 0): offset + 1}
            await sync.store.write_feedback(objections, [a_heartbeat(stamped)], upto, sync.held)
        assert await sync.rows("SELECT sequence FROM rejection ORDER BY 1") == [{"sequence": 1}, {"sequence": 3}]
        assert await sync.value("SELECT stamped FROM neraca") == 9


async def test_rejections_before_and_after_their_record_count_once(store: str) -> None:
    async with fed_store(store) as sync:
        upto = {("rejected", 0): 1}
        await sync.store.write_feedback([an_objection(sequence=2)], [], upto, sync.held)
        await sync.merge(a_record_of([a_line(a_tps())], offset=0, last=2))
        await sync.store.write_feedback([an_objection(sequence=2)], [], upto, sync.held)
        assert await sync.value("SELECT rejected FROM neraca") == 1
        assert await sync.value("SELECT count(*) FROM rejection") == 1


@pytest.mark.parametrize("ending", ["waited too long", "cancelled", "killed"])
async def test_whatever_ends_a_transaction_leaves_nothing_and_the_same_again_succeeds(store: str, ending: str) -> None:
    record = a_record_of([a_line(a_c_hasil())], offset=0)
    patience = {"lock_timeout": "50ms"} if ending == "waited too long" else {}
    async with fed_store(store) as other, fed_store(store, **patience) as sync:
        async with other.pool.acquire() as blocker, blocker.transaction():
            # A lock on a roll-up row that the merge has to wait for.
            await blocker.execute("INSERT INTO rekap_hasil (kontes, wilayah) VALUES ('pkwkp-2024', $1)", TPS[:4])
            merging = asyncio.create_task(sync.merge(record))
            if ending != "waited too long":
                pid = await _waiting_backend(blocker, store)
                await blocker.execute(_CANCEL if ending == "cancelled" else _KILL, pid)
            with pytest.raises(TransientError):
                await merging
        assert await sync.value("SELECT count(*) FROM journal_hasil") == 0
        assert await sync.value("SELECT next_offset FROM consumer_position WHERE topic = 'accepted-hasil'") == 0
        await sync.merge(record)
        assert await sync.value("SELECT applied FROM neraca") == 1


async def test_a_line_is_not_blamed_for_a_writer_that_should_not_be(store: str) -> None:
    voter = a_pemilih()
    record = a_record_of([a_line(voter, revision=2)], offset=0, lane="pemilih")
    async with fed_store(store) as other, fed_store(store) as sync:
        async with other.pool.acquire() as writer, writer.transaction():
            await writer.execute(
                "INSERT INTO pemilih (office, nik_token, version, epoch, sequence, digest, state) "
                "VALUES ($1, $2, (1::bigint << 32) + 1, 1, 1, $2, 'accepted')",
                OFFICE,
                voter.nik_token,
            )
            merging = asyncio.create_task(sync.merge(record))
            await _waiting_backend(writer, store)
        with pytest.raises(TransientError):
            await merging
        assert await sync.value("SELECT count(*) FROM journal_pemilih") == 0
        await sync.merge(record)
        assert await sync.rows("SELECT applied, parked FROM neraca") == [{"applied": 1, "parked": 0}]


_CANCEL = "SELECT pg_cancel_backend($1)"
_KILL = "SELECT pg_terminate_backend($1)"


async def _waiting_backend(connection: Any, store: str) -> int:
    async def waiting() -> int | None:
        pid: int | None = await connection.fetchval(
            "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'", store.rpartition("/")[2]
        )
        return pid

    asked: Any = waiting
    return int(await eventually(asked))
