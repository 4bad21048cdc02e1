"""A file is compared with the ledger: only differences are said, and what disappeared is proposed."""

from __future__ import annotations

import asyncio
import stat
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.events.retracted_v1 import RetractedV1
from services.ingest.adapters.snapshots.book import Job, a_new_job
from services.ingest.adapters.snapshots.deciding import Decided, confirm, dismiss
from services.ingest.core.snapshots.named import Named
from services.ingest.core.snapshots.reading import Scope
from tests.builders import OFFICE, TPS, a_c_hasil, a_pemilih_submission, a_submission, an_objection
from tests.eventually import eventually
from tests.unit.ingest.snapshots.office import Counter, a_counter, voter_row

DESA = TPS[:10]
REASON = RetractedV1(alasan="tidak ada lagi dalam daftar", dokumen="BA-4/PDPB/2025", jabatan="Ketua Divisi Data")


def rows(first: int, last: int) -> list[dict[str, Any]]:
    return [voter_row(serial) for serial in range(first, last + 1)]


async def confirmed(counter: Counter, job: Job, nths: list[int] | None = None) -> Decided:
    return await counter.office.clerk.run(partial(confirm, office=OFFICE, number=job.number, nths=nths, about=REASON))


async def test_the_same_file_twice_says_nothing_twice(tmp_path: Path) -> None:
    async with a_counter(tmp_path) as counter:
        first = await counter.hand_over(*rows(1, 2_500))
        assert (first.state, first.counts["new"], first.counts["rows"]) == ("done", 2_500, 2_500)
        again = await counter.hand_over(*rows(1, 2_500))
        assert (again.state, again.counts["same"], again.counts["new"]) == ("done", 2_500, 0)
        assert len(counter.office.lines("pemilih")) == 2_500


async def test_a_file_with_one_changed_row_says_one_thing(tmp_path: Path) -> None:
    async with a_counter(tmp_path) as counter:
        await counter.hand_over(*rows(1, 20))
        job = await counter.hand_over(*rows(1, 10), voter_row(11, nama="SITI AMINAH"), *rows(12, 20))
        assert (job.counts["changed"], job.counts["same"]) == (1, 19)
        assert [line["revision"] for line in counter.office.lines("pemilih")[20:]] == [2]


async def test_the_ledger_vouches_for_no_content_that_came_another_way(tmp_path: Path) -> None:
    async with a_counter(tmp_path) as counter:
        await counter.hand_over(*rows(1, 3))
        await counter.office.push(a_submission(a_pemilih_submission(2, nama="SITI AMINAH")))
        job = await counter.hand_over(*rows(1, 3))
        assert (job.counts["changed"], job.counts["same"]) == (1, 2)
        assert counter.office.lines("pemilih")[-1]["revision"] == 3


async def test_what_was_rejected_is_said_again_by_the_same_file(tmp_path: Path) -> None:
    async with a_counter(tmp_path) as counter:
        await counter.hand_over(*rows(1, 3))
        line = counter.office.lines("pemilih")[1]
        place = {key: line[key] for key in ("id", "type", "subject", "epoch", "sequence")}
        said = an_objection("rejected", lane="pemilih", **place)
        await counter.office.clerk.run(lambda spool: spool.add_objections([said]))
        job = await counter.hand_over(*rows(1, 3))
        assert (job.counts["changed"], job.counts["same"]) == (1, 2)


async def test_a_voter_that_disappeared_is_proposed_and_never_taken_back_by_itself(tmp_path: Path) -> None:
    async with a_counter(tmp_path) as counter:
        await counter.hand_over(*rows(1, 5))
        job = await counter.hand_over(*rows(1, 3))
        assert (job.state, job.counts["disappeared"]) == ("waiting", 2)
        assert len(counter.office.lines("pemilih")) == 5
        assert await confirmed(counter, job) == Decided(2, 2, 0)
        assert await confirmed(counter, job) == Decided(0, 0, 0), "confirmed twice is one retraction"
        gone = counter.office.lines("pemilih")[5:]
        assert {line["type"] for line in gone} == {"pemilih.retracted.v1"}
        before = {line["subject"]: line["digest"] for line in counter.office.lines("pemilih")[:5]}
        assert all(line["base"] == before[line["subject"]] for line in gone)
        assert gone[0]["data"] == REASON.model_dump(mode="json")
        assert (found := counter.worker.book.job(job.id)) is not None
        assert found.state == "done"
        back = await counter.hand_over(*rows(1, 5))
        assert (back.state, back.counts["changed"]) == ("done", 2), "a voter may come back"


async def test_a_voter_that_changed_since_is_not_taken_back(tmp_path: Path) -> None:
    async with a_counter(tmp_path) as counter:
        await counter.hand_over(*rows(1, 3))
        job = await counter.hand_over(*rows(1, 1))
        await counter.office.push(a_submission(a_pemilih_submission(3, nama="SITI AMINAH")))
        assert await confirmed(counter, job) == Decided(2, 1, 1)
        assert counter.worker.book.decisions(job.number) == {"confirmed": 1, "outdated": 1}


async def test_some_of_the_proposals_may_be_confirmed_and_others_dismissed(tmp_path: Path) -> None:
    async with a_counter(tmp_path) as counter:
        await counter.hand_over(*rows(1, 5))
        job = await counter.hand_over(*rows(1, 1))
        assert await confirmed(counter, job, [2, 4]) == Decided(2, 2, 0)
        assert await counter.office.clerk.run(partial(dismiss, number=job.number, nths=None)) == 2
        listed = counter.worker.book.disappeared(job.number, after=0, limit=10)
        assert [state for _, state in listed] == ["dismissed", "confirmed", "dismissed", "confirmed"]


async def test_a_file_of_a_desa_says_nothing_of_another(tmp_path: Path) -> None:
    other = f"{DESA[:9]}2"
    async with a_counter(tmp_path, scope=(DESA,)) as counter:
        await counter.hand_over(voter_row(1, desa=DESA), voter_row(2, desa=DESA))
        await counter.office.push(a_submission(a_pemilih_submission(3, desa=other)))
        job = await counter.hand_over(voter_row(1, desa=DESA))
        assert job.counts["disappeared"] == 1
        # She has moved: the other desa says so before anybody has confirmed.
        await counter.office.push(a_submission(a_pemilih_submission(2, desa=other)))
        assert await confirmed(counter, job) == Decided(1, 0, 1)
        assert (await counter.hand_over(voter_row(1, desa=DESA))).counts["disappeared"] == 0


async def test_a_list_of_changes_says_nothing_of_the_others(tmp_path: Path) -> None:
    async with a_counter(tmp_path, scope=()) as counter:
        await counter.hand_over(*rows(1, 5))
        assert (await counter.hand_over(*rows(1, 2))).counts["disappeared"] == 0


async def test_a_row_that_cannot_be_used_still_protects_whom_it_names(tmp_path: Path) -> None:
    async with a_counter(tmp_path) as counter:
        await counter.hand_over(*rows(1, 2))
        job = await counter.hand_over(voter_row(1), {"change": None, "nik": a_pemilih_submission(2).nik})
        assert (job.counts["unusable"], job.counts["disappeared"]) == (1, 0)


async def test_a_table_of_forms_takes_nothing_back(tmp_path: Path) -> None:
    async with a_counter(tmp_path, scope=()) as counter:
        places = [f"{DESA}{nth:03}" for nth in range(1, 4)]
        await counter.office.push(*[a_submission(a_c_hasil(place)) for place in places])
        job = await counter.hand_over({"change": a_submission(a_c_hasil(places[0]))})
        assert (job.state, job.counts["same"]) == ("done", 1)


def test_a_scope_is_a_desa_a_kecamatan_or_the_whole_kabupaten() -> None:
    desa = int(DESA)
    assert desa in Scope((DESA,))
    assert desa in Scope((DESA[:6], "3279021001"))
    assert desa not in Scope((f"{DESA[:9]}9",))
    assert None not in Scope((DESA, DESA[:6]))
    assert None in Scope((OFFICE,)), "where a voter is not known to be, only the whole list tells"


async def test_what_the_contract_refuses_is_told_by_its_row(tmp_path: Path) -> None:
    async with a_counter(tmp_path) as counter:
        foreign = voter_row(2, desa="3201011001")
        job = await counter.hand_over(voter_row(1), foreign)
        assert (job.counts["new"], job.counts["unusable"], job.counts["problems"]) == (1, 1, 1)
        [(_, problem)] = counter.worker.book.problems(job.number, after=-1, limit=10)
        assert (problem["code"], problem["place"]) == ("SUBJECT-FOREIGN", "2")
        [group] = counter.worker.book.groups(job.number)
        assert group["count"] == 1
        counter.worker.tidy()
        assert counter.shelf.copy_of(job.id).exists(), "a marked copy outlives a restart"
        counter.shelf.forget_copies(2.0**40)
        assert not counter.shelf.copy_of(job.id).exists()


async def test_a_file_that_breaks_off_is_read_from_its_beginning_without_doubling(tmp_path: Path) -> None:
    async with a_counter(tmp_path) as counter:
        counter.breaks_at = [1_500, None]
        job = await counter.hand_over(*rows(1, 2_000))
        assert (job.state, job.counts["rows"]) == ("done", 2_000)
        assert job.counts["new"] + job.counts["same"] == 2_000
        subjects = [line["subject"] for line in counter.office.lines("pemilih")]
        assert len(subjects) == len(set(subjects)) == 2_000


async def test_a_file_lies_for_its_owner_alone_and_no_longer_than_it_is_read(tmp_path: Path) -> None:
    async with a_counter(tmp_path) as counter:
        stray = counter.shelf.path_of("sisa")
        counter.breaks_at = [1, None]

        modes: list[int] = []
        opened = counter._open  # noqa: SLF001  # the counter is a test's own

        def look(path: Path, **told: Any) -> Any:
            modes.append(stat.S_IMODE(path.stat().st_mode))
            return opened(path, **told)

        counter.worker._open_file = look  # noqa: SLF001  # likewise
        job = await counter.hand_over(*rows(1, 2))
        assert modes == [0o600, 0o600]
        await eventually(lambda: not counter.shelf.path_of(job.id).exists())
        stray.write_bytes(b"tertinggal")
    async with a_counter(tmp_path):
        await eventually(lambda: not stray.exists())


async def test_a_file_that_is_gone_from_the_shelf_keeps_no_other_waiting(tmp_path: Path) -> None:
    async with a_counter(tmp_path) as counter:
        await counter.worker.add(a_new_job("hilang", "daftar.csv", None, None, size=1, now_ms=1))
        assert (await counter.hand_over(*rows(1, 2))).state == "done"
        assert (lost := counter.worker.book.job("hilang")) is not None
        assert (lost.state, (lost.reason or "").partition(":")[0]) == ("refused", "FILE-UNREADABLE")


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.dictionaries(st.integers(1, 8), st.sampled_from(("ANI", "BUDI")), min_size=1), min_size=1, max_size=4)
)
def test_after_any_files_the_ledger_says_what_the_last_one_said(files: list[dict[int, str]]) -> None:
    async def run(folder: Path) -> None:
        stands: dict[int, str] = {}
        async with a_counter(folder) as counter:
            for listed in files:
                said = [voter_row(serial, nama=nama) for serial, nama in listed.items()]
                job = await counter.hand_over(*said)
                assert job.counts["new"] + job.counts["changed"] == sum(
                    stands.get(serial) != nama for serial, nama in listed.items()
                )
                assert job.counts["disappeared"] == len(stands.keys() - listed.keys())
                stands |= listed
                if job.state == "waiting":
                    await confirmed(counter, job)
                    stands = dict(listed)
                lines = len(counter.office.lines("pemilih"))
                again = await counter.hand_over(*said)
                assert (again.counts["same"], again.state) == (len(listed), "done")
                assert len(counter.office.lines("pemilih")) == lines

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 200) | st.integers(0, 2**24)), max_size=60))
def test_what_was_named_is_a_set_of_versions(versions: list[tuple[int, int]]) -> None:
    named, known = Named(), set[tuple[int, int]]()
    for version in versions:
        assert (version in named) == (version in known)
        named.add([version])
        known.add(version)
        assert version in named
    neighbours = {(epoch, sequence + step) for epoch, sequence in versions for step in (-1, 1) if sequence + step >= 0}
    assert all((one in named) == (one in known) for one in neighbours)
