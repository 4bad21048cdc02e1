"""Accounts for real files: every one of them is accepted, held, rejected, refused, or a repetition of another."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from deploy.demo.feed import receipt_of
from deploy.demo.position import Position
from deploy.demo.sirekap import File, SirekapPlan
from deploy.desk import Desk

_LOOK_SECONDS = 1.0
_TOGETHER = 16
"""Receipts asked for at one time."""
_REPEATED = "repeated"


@dataclass
class Account:
    """What became of the files."""

    files: int
    states: Counter[str] = field(default_factory=Counter)
    """``accepted``, ``held``, ``rejected``, ``refused`` or ``repeated``; ``pending`` while it is not known."""
    codes: Counter[str] = field(default_factory=Counter)
    """Files by code of refusal or finding."""
    unanswered: list[str] = field(default_factory=list)
    """Files that were not pushed."""

    @property
    def complete(self) -> bool:
        """Whether every file has come to its end, and none is left out."""
        return self.files == sum(self.states.values()) and not self.states["pending"] and not self.unanswered

    def sentence(self) -> str:
        """Return the account in one line."""
        parts = " + ".join(f"{count} {state}" for state, count in sorted(self.states.items()) if count)
        return f"{self.files} files = {parts or 'nothing'}"


async def account(
    plan: SirekapPlan,
    position: Position,
    desks: Mapping[str, Desk],
    *,
    within_seconds: float,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Account:
    """Return what became of every file of ``plan``, as its office's receipts say.

    A receipt can say merged a moment before the objection to it arrives: the account is closed when two looks in a row
    are complete and the same, or when the time is over.

    Raises:
        httpx.HTTPError: an ingest does not answer.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + within_seconds
    before: Account | None = None
    async with httpx.AsyncClient(trust_env=False, transport=transport) as client:
        while True:
            found = await _look(plan, position, desks, client)
            if (found.complete and found == before) or loop.time() > until:
                return found
            before = found
            await asyncio.sleep(_LOOK_SECONDS)


async def _look(plan: SirekapPlan, position: Position, desks: Mapping[str, Desk], client: httpx.AsyncClient) -> Account:
    found = Account(len(plan.files))
    # A change belongs to the file that was taken; when that answer was lost, to the first that it is a repetition for.
    owner: dict[tuple[str, str], str] = {}
    answered = [(file, position.answers[file.place]) for file in plan.files if file.place in position.answers]
    for file, answer in sorted(answered, key=lambda pair: _REPEATED in pair[1]):
        if "id" in answer:
            owner.setdefault((file.office, answer["id"]), file.place)
    turn = asyncio.Semaphore(_TOGETHER)

    async def look_at(file: File) -> None:
        answer = position.answers.get(file.place)
        if answer is None:
            found.unanswered.append(file.place)
        elif "code" in answer:
            found.states["refused"] += 1
            found.codes[answer["code"]] += 1
        elif owner[file.office, answer["id"]] != file.place:
            found.states[_REPEATED] += 1
        else:
            async with turn:
                receipt = await receipt_of(client, desks[file.office], answer["id"])
            state = "pending" if receipt is None else receipt["state"]
            found.states[{"merged": "accepted", "spooled": "pending", "published": "pending"}.get(state, state)] += 1
            if receipt is not None:
                found.codes.update({finding["code"] for finding in receipt["findings"] or ()})

    async with asyncio.TaskGroup() as looking:
        for file in plan.files:
            looking.create_task(look_at(file))
    found.unanswered.sort()
    return found
