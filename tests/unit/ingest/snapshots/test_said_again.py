"""What was held or rejected is said again: on request, and by itself when what it lacked has come."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.envelope import ClosedModel
from contracts.events.jadwal_v1 import MasaV1
from contracts.identifiers import LANES, jadwal_subject
from contracts.objection import Objection
from contracts.remembered import CalendarEntry, Edition, Entry, Turn
from contracts.verdict import Tier
from services.ingest.adapters.again import PORTION, bounds_of, follow_objections, say_again_for
from services.ingest.adapters.clerk import milliseconds
from services.ingest.adapters.feedback import Value, values_ahead
from services.ingest.adapters.mending import (
    follow_clock,
    follow_mended,
    follow_reference,
    say_a_portion,
)
from services.ingest.adapters.metrics import Metrics
from services.ingest.adapters.publisher import Delivery
from services.ingest.adapters.repeater import Repeater
from services.ingest.adapters.spool import Spool
from services.ingest.core.mending import SETTLE_SECONDS
from services.runtime.metrics import registry
from services.runtime.outlet import Outlet
from tests.builders import (
    KONTES_GUBERNUR,
    OFFICE,
    TPS,
    a_c_hasil,
    a_finding,
    a_pemilih_submission,
    a_retraction,
    a_submission,
    a_tps,
    an_objection,
    subject_of,
)
from tests.unit.ingest.snapshots.office import Office, an_office

FORM = a_submission(a_c_hasil(), id="formulir")
REGISTRATION = a_submission(a_tps(), id="tps")


def objection(
    line: dict[str, Any], code: str = "RES-TPS-KNOWN", *, verdict: str = "held", lane: str = "hasil"
) -> Objection:
    tier = Tier.HOLD if verdict == "held" else Tier.REJECT
    place = {key: line[key] for key in ("id", "type", "subject", "epoch", "sequence")}
    return an_objection(verdict, lane=lane, findings=[a_finding(code, tier)], **place)


async def tell(office: Office, *said: Objection) -> int:
    def write(spool: Spool) -> int:
        spool.add_objections(said)
        follow_mended(spool, said, now_ms=0)
        return follow_objections(spool, OFFICE, said)

    return await office.clerk.run(write)


async def resend(office: Office, code: str, *, held: bool = False) -> int:
    bounds = await office.clerk.run(bounds_of)
    portion = await office.clerk.run(
        partial(say_again_for, office=OFFICE, code=code, held=held, kind=None, bounds=bounds, after=None)
    )
    return portion.said


async def test_a_form_that_waits_follows_the_registration_of_its_tps(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(FORM)
        await tell(office, objection(office.lines("hasil")[0]))
        await office.push(REGISTRATION)
        first, tps, again = office.lines("hasil")
        assert [line["type"] for line in (first, tps, again)] == [
            "c_hasil.recorded.v1",
            "tps.recorded.v1",
            "c_hasil.recorded.v1",
        ]
        assert (again["revision"], again["digest"], again["base"]) == (2, first["digest"], first["digest"])
        assert again["id"] != first["id"]
        await office.push(a_submission(a_tps(dpt_l=7)))
        assert len(office.lines("hasil")) == 4, "another registration finds nobody waiting"


async def test_a_registration_that_came_before_the_objection_was_read_is_seen_too(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(FORM)
        await office.push(REGISTRATION)
        said = objection(office.lines("hasil")[0])
        assert await tell(office, said) == 1
        assert await tell(office, said) == 0, "reading an objection twice changes nothing"
        assert len(office.lines("hasil")) == 3


async def test_a_form_of_another_tps_goes_on_waiting(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(FORM)
        await tell(office, objection(office.lines("hasil")[0]))
        await office.push(a_submission(a_tps(f"{TPS[:10]}002")))
        assert len(office.lines("hasil")) == 2


async def test_four_thousand_rejections_with_one_cause_are_said_again_at_once(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(*[a_submission(a_pemilih_submission(serial)) for serial in range(1, 1_101)])
        lines = office.lines("pemilih")
        await tell(
            office,
            *[objection(line, "VTR-NIK-REGION", verdict="rejected", lane="pemilih") for line in lines[:400]],
            *[objection(line, "VTR-AGE-MIN", lane="pemilih") for line in lines[400:450]],
        )
        [worst, other] = office.reader.causes()
        assert (worst.code, worst.changes, worst.verdict) == ("VTR-NIK-REGION", 400, "rejected")
        assert (other.code, other.changes, other.verdict) == ("VTR-AGE-MIN", 50, "held")
        assert await resend(office, "VTR-NIK-REGION") == 400
        assert await resend(office, "VTR-NIK-REGION") == 0
        assert await resend(office, "VTR-AGE-MIN") == 0, "what is held is said again only when asked for"
        assert await resend(office, "VTR-AGE-MIN", held=True) == 50
        after = office.lines("pemilih")[1_100:]
        assert [line["subject"] for line in after] == [line["subject"] for line in lines[:450]]
        assert {line["revision"] for line in after} == {2}
        assert [line["data"] for line in after] == [line["data"] for line in lines[:450]]
        assert not office.reader.causes()


async def test_what_was_corrected_since_is_not_said_again(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(FORM)
        await tell(office, objection(office.lines("hasil")[0], "RES-SUM-PASLON", verdict="rejected"))
        await office.push(a_submission(a_c_hasil(suara_tidak_sah=9)))
        assert not office.reader.causes()
        assert await resend(office, "RES-SUM-PASLON") == 0


async def test_lines_with_an_objection_are_kept_until_a_newer_version_stands(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(FORM)
        await tell(office, objection(office.lines("hasil")[0], "RES-SUM-PASLON"))
        await office.push(a_submission(a_c_hasil(f"{TPS[:10]}002")))

        def old(spool: Spool) -> int:
            spool.mark_published("hasil", 1, 9)
            spool.connection.execute("UPDATE numbering SET through = stamped")
            return spool.prune(before_ms=2**60)

        assert await office.clerk.run(old) == 0
        assert await resend(office, "RES-SUM-PASLON", held=True) == 1
        assert await office.clerk.run(old) == 2


NOW = datetime(2024, 11, 28, 9, tzinfo=UTC)


async def publish(office: Office, key: str, value: ClosedModel, *, now: datetime = NOW) -> bool:
    written = value.model_dump_json().encode()
    return await office.clerk.run(lambda spool: follow_reference(spool, OFFICE, key, written, now=now))


async def work_off(office: Office, now: datetime = NOW) -> int:
    """Go through what is due a moment later; return how many lines that has added."""
    before = len(office.lines("hasil")) + len(office.lines("pemilih"))
    due = milliseconds(now) + int(SETTLE_SECONDS * 1000)
    while await office.clerk.run(partial(say_a_portion, office=OFFICE, now_ms=due)):
        pass
    return len(office.lines("hasil")) + len(office.lines("pemilih")) - before


def rules(**digests: str) -> Edition:
    return Edition(parts={code.replace("_", "-"): digest for code, digest in digests.items()})


async def test_a_changed_rule_moves_what_it_held_or_refused_and_nothing_else_once(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(*[a_submission(a_c_hasil(f"{TPS[:10]}{nth:03}")) for nth in (1, 2, 3)])
        held, refused, other = office.lines("hasil")
        await tell(
            office,
            objection(held, "KOR-BASE"),
            objection(refused, "KOR-BASE", verdict="rejected"),
            objection(other, "RES-SUM-PASLON"),
        )
        assert not await publish(office, "aturan", rules(KOR_BASE="a", RES_SUM_PASLON="a")), "it was never seen"
        assert await publish(office, "aturan", rules(KOR_BASE="b", RES_SUM_PASLON="a"))
        assert not await publish(office, "aturan", rules(KOR_BASE="b", RES_SUM_PASLON="a"))
        moment = milliseconds(NOW)
        assert not await office.clerk.run(partial(say_a_portion, office=OFFICE, now_ms=moment)), "others read it too"
        assert await work_off(office) == 2
        again = office.lines("hasil")[3:]
        assert [(line["subject"], line["revision"]) for line in again] == [
            (held["subject"], 2),
            (refused["subject"], 2),
        ]
        await tell(office, *[objection(line, "KOR-BASE") for line in again])
        assert await work_off(office) == 0, "held again, it waits for another change"


@pytest.mark.parametrize("by_hand", [True, False])
async def test_a_tps_that_is_said_again_brings_the_forms_that_wait_for_it(tmp_path: Path, *, by_hand: bool) -> None:
    async with an_office(tmp_path) as office:
        await office.push(REGISTRATION, FORM)
        tps, form = office.lines("hasil")
        await tell(office, objection(tps, "JUDGE-FAULT", verdict="rejected"), objection(form))
        if by_hand:
            assert await resend(office, "JUDGE-FAULT") == 1
        else:
            await publish(office, "aturan", rules(JUDGE_FAULT="a"))
            await publish(office, "aturan", rules(JUDGE_FAULT="b"))
            assert await work_off(office) == 2
        again = office.lines("hasil")[2:]
        assert [(line["subject"], line["revision"]) for line in again] == [(tps["subject"], 2), (form["subject"], 2)]
        assert not office.reader.causes()


async def test_a_tps_whose_retraction_is_said_again_brings_nobody(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(REGISTRATION, a_submission(a_retraction(), subject=subject_of(a_tps())), FORM)
        _, gone, form = office.lines("hasil")
        await tell(office, objection(gone, "JUDGE-FAULT", verdict="rejected"), objection(form))
        assert await resend(office, "JUDGE-FAULT") == 1
        assert len(office.lines("hasil")) == 4


async def test_an_objection_read_after_the_work_began_is_followed_once(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(FORM)
        await publish(office, "aturan", rules(KOR_BASE="a"))
        await publish(office, "aturan", rules(KOR_BASE="b"))
        assert await work_off(office) == 0
        late = objection(office.lines("hasil")[0], "KOR-BASE")
        await tell(office, late)
        await tell(office, late)
        assert await work_off(office) == 1
        await tell(office, late, objection(office.lines("hasil")[1], "KOR-BASE"))
        assert await work_off(office) == 0


async def test_a_list_moves_only_forms_of_its_kontes_and_wilayah(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(FORM)
        await tell(office, objection(office.lines("hasil")[0], "REF-CALON-LIST"))
        await publish(office, "calon", Edition(parts={"pkwkp-2024/31": "a"}))
        assert await publish(office, "calon", Edition(parts={"pkwkp-2024/31": "a", "pkwkk-2024/3279": "a"}))
        assert await work_off(office) == 0, "the form is of the governor"
        assert await publish(office, "calon", Edition(parts={"pkwkp-2024/32": "a", "pkwkk-2024/3279": "a"}))
        assert await work_off(office) == 1


async def test_a_period_moves_what_was_late_when_it_opens(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(a_submission(a_pemilih_submission()), FORM)
        await tell(
            office,
            objection(office.lines("pemilih")[0], "VTR-PERIOD-OPEN", lane="pemilih"),
            objection(office.lines("hasil")[0], "VTR-PERIOD-OPEN"),
        )
        begins = MasaV1(mulai=NOW + timedelta(days=7))
        entry = CalendarEntry(epoch=1, sequence=1, lajur="pemilih", masa=[begins])
        assert not await publish(office, "jadwal/dpt/3201", entry), "of another office"
        assert not await publish(office, jadwal_subject("dpt", OFFICE), entry), "it opens next week"
        assert office.reader.has_calendars()
        for moment, moved in ((NOW + timedelta(days=6), 0), (begins.mulai, 1), (NOW + timedelta(days=8), 0)):
            await office.clerk.run(partial(follow_clock, office=OFFICE, now=moment))
            assert await work_off(office, moment) == moved, moment
        assert len(office.lines("pemilih")) == 2, "results have another calendar"


async def test_a_ratification_taken_back_moves_what_lay_below_it(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(FORM)
        await tell(office, objection(office.lines("hasil")[0], "RUP-FINAL-LOCK"))
        ratified = Turn(epoch=1, sequence=1, registered=True)
        back = Turn(epoch=1, sequence=2, registered=False)
        key = f"penetapan/{KONTES_GUBERNUR}/{TPS[:6]}"
        assert not await publish(office, key, Entry(turns=[ratified]))
        assert not await publish(office, f"penetapan/{KONTES_GUBERNUR}/3201", Entry(turns=[ratified, back]))
        assert await publish(office, key, Entry(turns=[ratified, back]))
        assert not await publish(office, key, Entry(turns=[ratified, back]))
        assert await work_off(office) == 1


async def test_values_read_for_another_office_are_not_taken_twice(tmp_path: Path) -> None:
    topic = [
        Value(offset, "aturan", rules(KOR_BASE=digest).model_dump_json().encode())
        for offset, digest in enumerate(("a", "b", "c"), start=7)
    ]
    async with an_office(tmp_path) as office:
        await office.push(FORM)
        await tell(office, objection(office.lines("hasil")[0], "KOR-BASE"))

        async def read(begin: int, taken: int, until: int = 99) -> None:
            for one in values_ahead(topic, begin=begin, taken=taken):
                if one.offset < until:
                    await office.clerk.run(
                        partial(follow_reference, office=OFFICE, key=one.key, value=one.value, now=NOW)
                    )

        await read(0, 0, until=9)
        assert await work_off(office) == 1
        await tell(office, objection(office.lines("hasil")[1], "KOR-BASE"))
        await read(0, 9, until=9)
        assert await work_off(office) == 0, "the first two were taken"
        await read(0, 9)
        assert await work_off(office) == 1
    assert len(values_ahead(topic, begin=10, taken=20)) == len(topic), "a topic made anew"


async def test_a_clock_set_right_freezes_nothing(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(FORM)
        await tell(office, objection(office.lines("hasil")[0], "KOR-BASE"))
        await publish(office, "aturan", rules(KOR_BASE="a"))
        await publish(office, "aturan", rules(KOR_BASE="b"), now=NOW + timedelta(days=300))
        assert office.reader.due_lane(milliseconds(NOW)) == "hasil"
        assert await work_off(office, NOW) == 1


async def test_a_kill_between_two_portions_repeats_nothing_and_forgets_nothing(tmp_path: Path) -> None:
    due = milliseconds(NOW) + int(SETTLE_SECONDS * 1000)
    async with an_office(tmp_path) as office:
        await office.push(*[a_submission(a_pemilih_submission(serial)) for serial in range(1, 802)])
        lines = office.lines("pemilih")
        await tell(office, *[objection(line, "VTR-AGE", lane="pemilih") for line in lines])
        await publish(office, "aturan", rules(VTR_AGE="a"))
        await publish(office, "aturan", rules(VTR_AGE="b"))
        for said in (0, PORTION):
            assert await office.clerk.run(partial(say_a_portion, office=OFFICE, now_ms=due))
            assert len(office.lines("pemilih")) == 801 + said, "first what results there are, then voters"

        def killed(spool: Spool) -> None:
            say_a_portion(spool, OFFICE, now_ms=due)
            raise RuntimeError

        with pytest.raises(RuntimeError):
            await office.clerk.run(killed)
    async with an_office(tmp_path) as office:
        assert await work_off(office) == 801 - PORTION
        again = office.lines("pemilih")[801:]
        assert [line["subject"] for line in again] == [line["subject"] for line in lines]


async def test_nothing_is_said_again_while_a_lane_is_full(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(*[a_submission(a_pemilih_submission(serial)) for serial in range(1, 1_102)])
        await tell(office, objection(office.lines("pemilih")[0], "VTR-AGE", lane="pemilih"))
        await publish(office, "aturan", rules(VTR_AGE="a"))
        await publish(office, "aturan", rules(VTR_AGE="b"))
        delivery = Delivery(
            OFFICE,
            "pemilih",
            reader=office.reader,
            clerk=office.clerk,
            outlet=Outlet("127.0.0.1:9", client_id="test"),
            metrics=Metrics(registry()),
        )
        repeater = Repeater({OFFICE: office.clerk}, {OFFICE: office.reader}, [delivery])
        await repeater.turn()
        assert len(office.lines("pemilih")) == 1_101, "what was said first goes first"
        office.clerk.note_published("pemilih", 1, 200)
        await repeater.turn()
        assert len(office.lines("pemilih")) == 1_102


async def test_results_wait_neither_behind_voters_nor_for_a_full_lane_of_voters(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(*[a_submission(a_pemilih_submission(serial)) for serial in range(1, 1_102)], FORM)
        voters = [objection(line, "VTR-AGE", lane="pemilih") for line in office.lines("pemilih")]
        await tell(office, *voters, objection(office.lines("hasil")[0], "KOR-BASE"))
        await publish(office, "aturan", rules(VTR_AGE="a", KOR_BASE="a"))
        await publish(office, "aturan", rules(VTR_AGE="b", KOR_BASE="a"))
        due = milliseconds(NOW) + int(SETTLE_SECONDS * 1000)
        for _ in range(2):
            await office.clerk.run(partial(say_a_portion, office=OFFICE, now_ms=due))
        assert len(office.lines("pemilih")) == 1_101 + PORTION, "the way through voters is under way"
        await publish(office, "aturan", rules(VTR_AGE="b", KOR_BASE="b"))
        lanes = [
            Delivery(
                OFFICE,
                lane,
                reader=office.reader,
                clerk=office.clerk,
                outlet=Outlet("127.0.0.1:9", client_id="test"),
                metrics=Metrics(registry()),
            )
            for lane in LANES
        ]
        await Repeater({OFFICE: office.clerk}, {OFFICE: office.reader}, lanes).turn()
        assert len(office.lines("hasil")) == 2
        assert len(office.lines("pemilih")) == 1_101 + PORTION, "their lane is full"
        assert await work_off(office) == 1_101 - PORTION, "nothing is forgotten"


async def test_a_line_that_cannot_be_read_keeps_only_its_own_office_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The first office's line is damaged on its disk; when it is as it was, saying again goes on there too."""
    async with an_office(tmp_path) as office, an_office(tmp_path, "3280") as other:
        for one in (office, other):
            tps = f"{one.clerk.office}{TPS[4:]}"
            await one.push(a_submission(a_c_hasil(tps)))
            [line] = one.lines("hasil")
            said = objection(line, "KOR-BASE").model_copy(update={"office": one.clerk.office})
            await tell(one, said)
            await publish(one, "aturan", rules(KOR_BASE="a"))
            await publish(one, "aturan", rules(KOR_BASE="b"))
        sound = await office.clerk.run(lambda spool: damage(spool, b"{"))
        repeater = Repeater(
            {OFFICE: office.clerk, "3280": other.clerk},
            {OFFICE: office.reader, "3280": other.reader},
            [],
            fault_pause_seconds=0,
        )
        await repeater.turn()
        assert len(other.lines("hasil")) == 2
        assert "nothing can be said again" in caplog.text
        await office.clerk.run(lambda spool: damage(spool, sound))
        await repeater.turn()
        assert len(office.lines("hasil")) == 2


def damage(spool: Spool, lines: bytes) -> bytes:
    """Put ``lines`` where others stood; return those."""
    [[before]] = spool.connection.execute("SELECT lines FROM spool").fetchall()
    spool.connection.execute("UPDATE spool SET lines = ?", (lines,))
    return bytes(before)


STEPS = st.lists(st.sampled_from(("form", "tps", "judge", "read")), max_size=14)


class Validator:
    """Judges an office's lane in order; its objections come home some time later."""

    def __init__(self, office: Office, verdict: str) -> None:
        """Object with ``verdict`` to every form whose TPS it has not seen."""
        self.office = office
        self.verdict = verdict
        self.judged = 0
        self.registered = False
        self.on_the_way: list[Objection] = []

    def judge(self) -> bool:
        """Judge one more line; return whether there was one."""
        waiting = self.office.lines("hasil")[self.judged :]
        if not waiting:
            return False
        self.judged += 1
        if waiting[0]["type"] == "tps.recorded.v1":
            self.registered = True
        elif not self.registered:
            self.on_the_way.append(objection(waiting[0], verdict=self.verdict))
        return True

    async def answer(self) -> bool:
        """Have the office read one more objection; return whether there was one."""
        if not self.on_the_way:
            return False
        await tell(self.office, self.on_the_way.pop(0))
        return True


@settings(max_examples=30, deadline=None)
@given(STEPS, st.sampled_from(("held", "rejected")))
def test_form_and_registration_end_in_the_same_state_in_any_order(steps: list[str], verdict: str) -> None:
    async def run(folder: Path) -> None:
        async with an_office(folder) as office:
            validator = Validator(office, verdict)
            for name in [*steps, "form", "tps"]:
                match name:
                    case "form":
                        await office.push({key: value for key, value in FORM.items() if key != "id"})
                    case "tps":
                        await office.push(REGISTRATION)
                    case "judge":
                        validator.judge()
                    case _:
                        await validator.answer()
            while validator.judge() or await validator.answer():
                pass
            types = [line["type"] for line in office.lines("hasil")]
            assert types.count("tps.recorded.v1") == 1
            behind = types[types.index("tps.recorded.v1") :].count("c_hasil.recorded.v1")
            assert behind == 1, "the newest version stands behind the registration, and is said once there"
            assert not office.reader.causes(), "nothing waits any more"

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))
