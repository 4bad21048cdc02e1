"""The register: what it answers does not depend on when, how often and in which order it has learnt."""

from __future__ import annotations

from itertools import permutations

from contracts.events.jadwal_v1 import MasaV1
from contracts.identifiers import jadwal_subject
from contracts.remembered import TURNS_MAX, CalendarEntry
from services.validator.core.register import Register
from tests.builders import KONTES_GUBERNUR, OFFICE, TPS, a_jadwal

SUBJECT = f"tps/pilkada-2024/{TPS}"
JADWAL = jadwal_subject("dpt", OFFICE)
OPEN = tuple(a_jadwal().masa)


def test_what_one_instance_writes_another_learns() -> None:
    ours, theirs = Register(), Register()
    ours.note(SUBJECT, 1, 5, registered=True)
    ours.note(SUBJECT, 1, 9, registered=False)
    ours.note(SUBJECT, 2, 1, registered=True)
    [(subject, value)] = ours.unsaved()
    assert theirs.learn(subject, value)
    for epoch, sequence, known in (
        (1, 5, False),
        (1, 6, True),
        (1, 9, True),
        (1, 10, False),
        (2, 1, False),
        (2, 2, True),
    ):
        assert ours.knows(SUBJECT, epoch, sequence) is known
        assert theirs.knows(SUBJECT, epoch, sequence) is known
    assert not theirs.unsaved(), "what stands in the topic need not be written"


def test_a_turn_that_is_known_is_not_written_again() -> None:
    register = Register()
    register.note(SUBJECT, 1, 5, registered=True)
    register.saved(register.unsaved())
    register.note(SUBJECT, 1, 5, registered=True)
    assert not register.unsaved()


def test_a_turn_that_was_not_confirmed_stays_to_be_written() -> None:
    register = Register()
    register.note(SUBJECT, 1, 5, registered=True)
    register.note(SUBJECT, 1, 5, registered=True)
    assert [subject for subject, _ in register.unsaved()] == [SUBJECT]


def test_what_one_lane_notes_while_another_writes_is_still_to_be_written() -> None:
    register = Register()
    register.note(SUBJECT, 1, 5, registered=True)
    register.note_calendar(JADWAL, an_entry(3))
    register.note_ratified(KONTES_GUBERNUR, "327901", 1, 6, ratified=True)
    written_meanwhile = register.unsaved()
    register.note(SUBJECT, 1, 9, registered=False)
    register.note_calendar(JADWAL, an_entry(4, ()))
    register.saved(written_meanwhile)
    assert [subject for subject, _ in register.unsaved()] == [SUBJECT, JADWAL]
    register.saved(register.unsaved())
    assert not register.unsaved()


def test_an_older_entry_read_late_takes_nothing_back() -> None:
    old, new = Register(), Register()
    old.note(SUBJECT, 1, 5, registered=True)
    [(_, value)] = old.unsaved()
    new.note(SUBJECT, 1, 5, registered=True)
    new.note(SUBJECT, 1, 9, registered=False)
    assert new.learn(SUBJECT, value)
    assert not new.knows(SUBJECT, 1, 10)


def test_an_entry_never_grows_without_limit() -> None:
    register = Register()
    for sequence in range(1, 50):
        register.note(SUBJECT, 1, sequence, registered=sequence % 2 == 1)
    [(_, value)] = register.unsaved()
    assert value.count(b"sequence") == TURNS_MAX
    assert register.knows(SUBJECT, 1, 50)


def test_what_is_no_entry_is_said_to_be_none() -> None:
    register = Register()
    for value in (b"", b"{}", b"[1]", b"\xff", b'{"contract":2,"turns":[]}'):
        assert not register.learn(SUBJECT, value)
    assert register.learn(SUBJECT, None)
    assert not register.knows(SUBJECT, 1, 1)


# Calendars and ratified recapitulations --------------------------------------------------------------------------


def an_entry(
    sequence: int, masa: tuple[MasaV1, ...] = OPEN, *, epoch: int = 1, withdrawn: bool = False
) -> CalendarEntry:
    """Return what the province stated under one number."""
    return CalendarEntry(
        epoch=epoch, sequence=sequence, lajur=None if withdrawn else "pemilih", masa=[] if withdrawn else list(masa)
    )


def written(entry: CalendarEntry) -> bytes:
    """Return the entry as the topic holds it."""
    register = Register()
    register.note_calendar(JADWAL, entry)
    [(subject, value)] = register.unsaved()
    assert subject == JADWAL
    return value


def test_the_newest_calendar_stands_in_whatever_order_it_is_read() -> None:
    values = [written(entry) for entry in (an_entry(3), an_entry(9, ()), an_entry(2, epoch=2), an_entry(9))]
    for order in permutations(values):
        register = Register()
        for value in (*order, *order):
            assert register.learn(JADWAL, value)
        [tahap] = register.calendars[OFFICE, "pemilih"]
        assert (tahap.tahap, tahap.masa) == ("dpt", OPEN)
        assert not register.unsaved()
        assert not len(register), "a calendar is no TPS"


def test_two_contents_under_one_number_end_in_one_calendar() -> None:
    values = [written(an_entry(3)), written(an_entry(3, ()))]
    found = []
    for order in permutations(values):
        register = Register()
        for value in order:
            assert register.learn(JADWAL, value)
        found.append(register.calendars)
    assert found[0] == found[1]


def test_a_calendar_that_was_taken_back_binds_nobody_and_is_not_brought_back() -> None:
    register = Register()
    register.note_calendar(JADWAL, an_entry(3))
    register.note_calendar(JADWAL, an_entry(5, withdrawn=True))
    assert not register.calendars
    assert register.learn(JADWAL, written(an_entry(3)))
    assert not register.calendars


def test_a_calendar_that_is_known_is_not_written_again() -> None:
    register = Register()
    assert register.learn(JADWAL, written(an_entry(3)))
    register.note_calendar(JADWAL, an_entry(3))
    assert not register.unsaved()
    assert register.learn(JADWAL, None)
    assert not register.calendars


def test_what_is_ratified_counts_between_its_turns_and_is_no_tps() -> None:
    ours, theirs = Register(), Register()
    ours.note_ratified(KONTES_GUBERNUR, "327901", 1, 5, ratified=True)
    ours.note_ratified(KONTES_GUBERNUR, "327901", 1, 9, ratified=False)
    for key, value in ours.unsaved():
        assert key == f"penetapan/{KONTES_GUBERNUR}/327901"
        assert theirs.learn(key, value)
        assert theirs.learn(key, value)
    for register in (ours, theirs):
        around = ["327901", "3279", "32"]
        found = [register.ratified(KONTES_GUBERNUR, around, 1, sequence) for sequence in (5, 6, 9, 10)]
        assert found == [None, "327901", "327901", None]
        assert register.ratified("pkwkk-2024", around, 1, 6) is None
        assert not len(register)


def test_the_provincial_result_counts_as_it_is_known() -> None:
    register = Register()
    register.note_ratified(KONTES_GUBERNUR, "32", 7, 5000, ratified=True)
    assert register.ratified(KONTES_GUBERNUR, ["3279", "32"], 1, 1) == "32"
    register.note_ratified(KONTES_GUBERNUR, "32", 7, 5001, ratified=False)
    assert register.ratified(KONTES_GUBERNUR, ["3279", "32"], 1, 1) is None


def test_what_is_no_calendar_is_said_to_be_none() -> None:
    register = Register()
    for value in (b"", b"{}", b'{"contract":1,"turns":[]}', b"\xff"):
        assert not register.learn(JADWAL, value)
    assert not register.calendars
