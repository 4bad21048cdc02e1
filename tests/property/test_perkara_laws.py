"""The law of cases: what is open depends on what the records say last, never on how often anybody looked."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from services.sync.core.perkara import Case, Contradiction, State, after, examine

contradictions = st.builds(
    Contradiction,
    about=st.just("3279"),
    offices=st.sampled_from([("3201", "3279"), ("3278", "3279")]),
    seen=st.sampled_from(["1", "2"]),
    expected=st.just("1"),
    evidence=st.just("{}"),
)
findings = st.lists(st.none() | contradictions, min_size=1, max_size=8)


def replay(found: Sequence[Contradiction | None]) -> Case | None:
    case: Case | None = None
    for one in found:
        case = after(case, one)
    return case


@given(findings)
def test_a_case_is_open_exactly_while_there_is_a_contradiction(found: list[Contradiction | None]) -> None:
    case = replay(found)
    if found[-1] is None:
        assert case is None or case.state is State.CLOSED
    else:
        assert case == Case(State.OPEN, found[-1])


@given(findings)
def test_looking_again_does_nothing(found: list[Contradiction | None]) -> None:
    assert examine(replay(found), found[-1]) is None


@given(contradictions, contradictions)
def test_a_decision_holds_for_what_was_decided(decided: Contradiction, found: Contradiction) -> None:
    case = after(Case(State.DECIDED, decided), found)
    assert case == (Case(State.DECIDED, decided) if found == decided else Case(State.OPEN, found))
