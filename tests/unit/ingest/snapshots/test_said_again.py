"""What was held or rejected is said again: on request, and by itself when what it lacked has come."""

from __future__ import annotations

import asyncio
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.objection import Objection
from contracts.verdict import Tier
from services.ingest.adapters.again import bounds_of, follow_objections, follow_reference, say_again_for
from services.ingest.adapters.spool import Spool
from tests.builders import OFFICE, TPS, a_c_hasil, a_finding, a_pemilih_submission, a_submission, a_tps, an_objection
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


async def test_a_value_of_the_province_moves_what_waits_for_it_once(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(FORM, a_submission(a_c_hasil(f"{TPS[:10]}002")))
        first, second = office.lines("hasil")
        await tell(office, objection(first, "REF-CALON-LIST"), objection(second, "RES-SUM-PASLON"))

        async def publish(key: str, value: bytes, now_ms: int = 1) -> int:
            return await office.clerk.run(lambda spool: follow_reference(spool, OFFICE, key, value, now_ms=now_ms))

        assert await publish("jadwal/pdpb-2025-tw4/3201", b"1") == 0
        assert await publish("tps/pilkada-2024", b"1") == 0
        assert await publish("calon", b"1") == 1
        assert await publish("calon", b"1") == 0
        assert await publish("aturan", b"1") == 1
        assert [line["subject"] for line in office.lines("hasil")[2:]] == [first["subject"], second["subject"]]


async def test_an_objection_made_before_the_value_was_seen_is_read_after_it(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.push(FORM)
        line = office.lines("hasil")[0]
        await office.clerk.run(lambda spool: follow_reference(spool, OFFICE, "calon", b"1", now_ms=2**45))
        assert await tell(office, objection(line, "REF-CALON-LIST")) == 1


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
