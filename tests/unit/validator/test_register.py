"""The register of TPS: its answer to one question never changes, in whatever order it learns."""

from __future__ import annotations

from services.validator.core.register import TURNS_MAX, Register
from tests.builders import TPS

SUBJECT = f"tps/pilkada-2024/{TPS}"


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
    register.saved([SUBJECT])
    register.note(SUBJECT, 1, 5, registered=True)
    assert not register.unsaved()


def test_a_turn_that_was_not_confirmed_stays_to_be_written() -> None:
    register = Register()
    register.note(SUBJECT, 1, 5, registered=True)
    register.note(SUBJECT, 1, 5, registered=True)
    assert [subject for subject, _ in register.unsaved()] == [SUBJECT]


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
