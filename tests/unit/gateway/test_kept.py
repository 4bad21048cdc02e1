"""One computation serves everybody who asks at the same time, and none is served after something changed."""

from __future__ import annotations

import asyncio

import pytest

from services.gateway.adapters.kept import Kept
from services.runtime import clock


class Question:
    """Counts how often it was computed, and answers when it is let."""

    def __init__(self) -> None:
        """Let it answer at once."""
        self.times = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def compute(self) -> bytes:
        self.times += 1
        await self.may_answer.wait()
        return f"answer {self.times}".encode()


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the hands of the clock."""
    hands = [100.0]
    monkeypatch.setattr(clock, "monotonic", lambda: hands[0])
    return hands


async def test_a_hundred_who_ask_together_cost_one_computation() -> None:
    kept, question = Kept(lambda: True), Question()
    question.may_answer.clear()
    asking = [asyncio.create_task(kept.get("q", question.compute)) for _ in range(100)]
    await asyncio.sleep(0)
    question.may_answer.set()
    answers = await asyncio.gather(*asking)
    assert question.times == 1
    assert {answer.body for answer in answers} == {b"answer 1"}


async def test_who_goes_away_takes_the_answer_from_nobody() -> None:
    kept, question = Kept(lambda: True), Question()
    question.may_answer.clear()
    leaving, staying = (asyncio.create_task(kept.get("q", question.compute)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.sleep(0)
    question.may_answer.set()
    assert (await staying).body == b"answer 1"


async def test_silence_keeps_an_answer_for_a_while_and_a_change_does_not(time: list[float]) -> None:
    kept, question = Kept(lambda: True), Question()
    await kept.get("q", question.compute)
    time[0] += 0.4
    await kept.get("q", question.compute)
    assert question.times == 1
    kept.forget()
    await kept.get("q", question.compute)
    assert question.times == 2
    time[0] += 0.6
    await kept.get("q", question.compute)
    assert question.times == 3


async def test_however_much_changes_an_answer_lives_for_a_moment(time: list[float]) -> None:
    kept, question = Kept(lambda: True), Question()
    await kept.get("q", question.compute)
    time[0] += 0.02
    kept.forget()
    await kept.get("q", question.compute)
    assert question.times == 1
    time[0] += 0.01
    await kept.get("q", question.compute)
    assert question.times == 2


async def test_silence_means_nothing_while_nobody_listens(time: list[float]) -> None:
    kept, question = Kept(lambda: False), Question()
    await kept.get("q", question.compute)
    time[0] += 0.03
    await kept.get("q", question.compute)
    assert question.times == 2


async def test_a_failure_is_told_and_not_kept() -> None:
    kept, question = Kept(lambda: True), Question()

    async def fail() -> bytes:
        message = "away"
        raise ConnectionError(message)

    with pytest.raises(ConnectionError):
        await kept.get("q", fail)
    assert (await kept.get("q", question.compute)).body == b"answer 1"


async def test_the_same_content_has_the_same_etag_and_other_content_another() -> None:
    kept = Kept(lambda: True)
    one, two = Question(), Question()
    first, same = await kept.get("a", one.compute), await kept.get("b", two.compute)
    assert first.etag == same.etag
    other = await kept.get("c", one.compute)
    assert other.etag != first.etag


async def test_answers_do_not_grow_without_end() -> None:
    kept, question = Kept(lambda: True), Question()
    for number in range(300):
        await kept.get(str(number), question.compute)
    await kept.get("299", question.compute)
    assert question.times == 300
    await kept.get("0", question.compute)
    assert question.times == 301
