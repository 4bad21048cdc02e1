"""The labels of the demo against what ingest and validator really do."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from contracts.identifiers import LANES, Tingkat
from contracts.reference.calon import semua_calon
from contracts.reference.wilayah import wilayah_of
from deploy.demo.evening import Count, Evening
from deploy.demo.forms import KONTES_OF_EVENING, Ballots
from deploy.demo.plan import Fate, Script
from deploy.demo.register import PROVINCE, register_of
from deploy.demo.stories import BEFORE_ITS_TPS, STORIES, Story
from deploy.demo.voter_stories import VOTER_STORIES, Voters, VoterStory
from tests.unit.demo.small_province import SmallOffice, as_planned

_OFFICE = "3207"
_ALL_STORIES = {story.name: story for story in (*STORIES, BEFORE_ITS_TPS)}
_TPS_PER_STORY = 12
_VOTERS_PER_STORY = 12


class _OneStory(Count):
    """An evening on which the same befalls every form."""

    def __init__(self, told: Story) -> None:
        self._told = told
        ballots = Ballots(semua_calon(), (_OFFICE,), told.name)
        super().__init__(
            _OFFICE, register_of(_OFFICE, _desa(), _TPS_PER_STORY, told.name), ballots, "3206012001001", "s"
        )
        if told is BEFORE_ITS_TPS:
            self._forget_all()

    def story(self, nth: int, kontes: int) -> Story:
        return super().story(nth, kontes) if self._told is BEFORE_ITS_TPS else self._told

    def _forget_all(self) -> None:
        self._forgotten = set(range(len(self.register)))
        self._registered = []
        self._entries = sorted((*self._form_entries(), *self._rekap_entries()))


class _OneVoterStory(Voters):
    def __init__(self, told: VoterStory) -> None:
        self._told = told
        register = register_of(_OFFICE, _desa(), _TPS_PER_STORY, "s")
        super().__init__(_OFFICE, register, ["3206012001"], _VOTERS_PER_STORY, "s")

    def story(self, nth: int) -> VoterStory:  # noqa: ARG002  # the same for everybody
        return self._told


@cache
def _desa() -> list[str]:
    return [kode for kode in wilayah_of(PROVINCE).at(Tingkat.DESA) if kode.startswith(_OFFICE)]


def _surprises(office: SmallOffice, script: Script) -> list[str]:
    found = []
    for nth in range(len(script)):
        push = script.push(nth)
        if push.mends:
            assert office.states[push.mends] == "rejected"
        outcome = office.take(push.body)
        if not as_planned(push, outcome):
            found.append(f"{push.id}: {outcome}, planned was {push.fate} {push.code}")
    return found


@pytest.mark.parametrize("name", _ALL_STORIES)
def test_every_story_of_a_form_ends_as_it_says(name: str) -> None:
    count, office = _OneStory(_ALL_STORIES[name]), SmallOffice(_OFFICE)

    assert _surprises(office, count) == []
    fates = count.books().fates
    assert office.fates["hasil"] == Counter(
        {fate: fates[fate] for fate in (Fate.ACCEPTED, Fate.HELD, Fate.REJECTED) if fates[fate]}
    )


@pytest.mark.parametrize("told", VOTER_STORIES, ids=lambda told: told.name)
def test_every_story_of_a_voter_ends_as_it_says(told: VoterStory) -> None:
    assert _surprises(SmallOffice(_OFFICE), _OneVoterStory(told)) == []


def test_a_form_about_which_all_is_right_is_found_fault_with_by_no_rule() -> None:
    office, count = SmallOffice(_OFFICE), _OneStory(STORIES[0])

    assert {code for nth in range(len(count)) for code in office.take(count.push(nth).body).codes} == set()


@cache
def _evening() -> Evening:
    return Evening(tps_per_office_max=30, voters=2_700)


@cache
def _fed() -> dict[str, SmallOffice]:
    offices: dict[str, SmallOffice] = {}
    for (kode, _), script in _evening().scripts.items():
        office = offices.setdefault(kode, SmallOffice(kode))
        assert _surprises(office, script) == []
    return offices


def test_the_books_of_every_office_are_as_expected() -> None:
    for kode, office in _fed().items():
        for lane in LANES:
            if (kode, lane) in _evening().expected.books:
                books = _evening().expected.books[kode, lane]
                assert sum(office.fates[lane].values()) == books.submitted
                assert {fate: books.fates[fate] for fate in office.fates[lane]} == office.fates[lane]
                noun = "c_hasil" if lane == "hasil" else "pemilih"
                held = [
                    subject
                    for subject, record in office.records.items()
                    if record.fate is Fate.HELD and subject.startswith(noun)
                ]
                assert len(held) == books.held_now


@pytest.mark.parametrize("kontes", KONTES_OF_EVENING)
def test_totals_of_what_stands_in_the_end_are_as_expected(kontes: str) -> None:
    for kode, office in _fed().items():
        if kode == PROVINCE:
            continue
        forms = [
            record.data
            for record in office.records.values()
            if record.type == "c_hasil.recorded.v1" and record.fate is Fate.ACCEPTED and record.data["kontes"] == kontes
        ]
        totals = _evening().expected.of(kode, kontes)
        assert totals.reported == sum(1 for form in forms if form.get("perolehan_suara") is not None)
        assert totals.sums["suara_sah"] == sum(form.get("suara_sah", 0) for form in forms)
        assert totals.sums["pengguna_total"] == sum(form.get("pengguna_total_j", 0) for form in forms)
        votes: Counter[str] = Counter()
        for form in forms:
            votes.update(form.get("perolehan_suara") or {})
        assert totals.suara == votes


def test_voters_that_stand_in_the_end_are_as_expected() -> None:
    for kode, office in _fed().items():
        found: Counter[str] = Counter()
        for record in office.records.values():
            if record.type == "pemilih.recorded.v1" and record.fate is Fate.ACCEPTED:
                sex = record.data["jenis_kelamin"].lower()
                found["tms" if record.data["status"] == "tms" else f"aktif_{sex}"] += 1
        assert _evening().expected.pemilih_in(kode) == found or kode == PROVINCE
