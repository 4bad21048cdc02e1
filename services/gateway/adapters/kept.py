"""Answers computed once for everybody who asks at the same time, and again as soon as something has changed."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from services.runtime import clock

_FRESH_SECONDS: Final = 0.025
"""However much changes, an answer so young is good enough: forty computations a second are the most."""
_QUIET_SECONDS_MAX: Final = 0.5
"""Time passes also where nothing changes, and rejections and heartbeats are not announced."""
_ANSWERS_MAX: Final = 256


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it is sent."""

    body: bytes
    etag: str
    computed: float
    """On the monotonic clock, before the store was asked."""


class Kept:
    """The newest answer to each question that somebody asks."""

    def __init__(self, is_listening: Callable[[], bool]) -> None:
        """Start with none. Only while ``is_listening`` does silence mean that nothing has changed."""
        self._is_listening = is_listening
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[Answer]] = {}
        self._changed = 0.0

    def forget(self) -> None:
        """Say that something has changed."""
        self._changed = clock.monotonic()

    def age_seconds(self, question: str) -> float:
        """Return how old the answer to ``question`` is; not a number when there is none."""
        answer = self._answers.get(question)
        return float("nan") if answer is None else clock.monotonic() - answer.computed

    async def get(self, question: str, compute: Callable[[], Awaitable[bytes]]) -> Answer:
        """Return the answer to ``question``, computed now unless it is young enough."""
        answer = self._answers.get(question)
        if answer is not None and self._is_fresh(answer):
            self._answers.move_to_end(question)
            return answer
        task = self._under_way.get(question)
        if task is None:
            task = asyncio.create_task(self._compute(question, compute), name=f"compute {question}")
            self._under_way[question] = task
            task.add_done_callback(lambda done: self._finished(question, done))
        # One who goes away takes the answer from nobody else.
        return await asyncio.shield(task)

    def _is_fresh(self, answer: Answer) -> bool:
        age = clock.monotonic() - answer.computed
        if age <= _FRESH_SECONDS:
            return True
        return age <= _QUIET_SECONDS_MAX and answer.computed > self._changed and self._is_listening()

    async def _compute(self, question: str, compute: Callable[[], Awaitable[bytes]]) -> Answer:
        began = clock.monotonic()
        body = await compute()
        answer = Answer(body, f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"', began)
        self._answers[question] = answer
        self._answers.move_to_end(question)
        while len(self._answers) > _ANSWERS_MAX:
            self._answers.popitem(last=False)
        return answer

    def _finished(self, question: str, task: asyncio.Task[Answer]) -> None:
        del self._under_way[question]
        if not task.cancelled():
            task.exception()  # Whoever waits is told; when all have gone away nobody needs to be.
