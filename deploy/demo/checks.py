"""What the demo says at the end: everything in which the province differs from what was fed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from deploy.demo.accounting import account
from deploy.demo.evening import Evening
from deploy.demo.expected import beside, differences
from deploy.demo.feed import Feed
from deploy.demo.progress import Progress
from deploy.demo.show import Check, Compared, Gateway
from deploy.demo.sirekap import SirekapPlan
from deploy.desk import Desk

_OBJECTIONS_SECONDS_MAX: Final = 60.0


def of_evening(evening: Evening) -> Check:
    """Compare books and totals with those that follow from the evening's own stories."""

    async def check(gateway: Gateway, status: Any, feed: Feed) -> Compared:
        expected = await asyncio.to_thread(lambda: evening.expected)
        wilayah = [await gateway.get(f"/v1/wilayah/{office}") for office in evening.offices]
        more = beside(expected, status)
        return Compared(
            [*_surprises(feed), *_unbalanced(status), *differences(expected, status, wilayah, more)],
            [f"{office} {lane}: {count:,} more than were fed" for (office, lane), count in sorted(more.items())],
        )

    return check


def of_files(plan: SirekapPlan, desks: Mapping[str, Desk], progress: Progress) -> Check:
    """Ask what became of every file, and compare the sums with the books."""

    async def check(_: Gateway, status: Any, feed: Feed) -> Compared:
        found = await account(plan, feed.position, desks, within_seconds=_OBJECTIONS_SECONDS_MAX)
        progress.say(found.sentence())
        for code, count in found.codes.most_common():
            progress.say(f"  {code}: {count} files")
        progress.say(f"  {len(plan.others)} other JSON files, {len(plan.elsewhere)} of other provinces: not fed")
        missing = [] if found.complete else [f"not every file is accounted for: {found.sentence()}"]
        return Compared([*_surprises(feed), *_unbalanced(status), *missing])

    return check


def _surprises(feed: Feed) -> list[str]:
    """Return what ingests answered otherwise than planned, in this run and those before it."""
    kept = feed.position
    more = kept.unexpected_count - len(kept.unexpected)
    return [*kept.unexpected, *([f"and {more} more answers that were not planned"] if more else [])]


def _unbalanced(status: Any) -> list[str]:
    return [
        f"the books of {office['office']} {lane['lane']} do not balance"
        for office in status["offices"]
        for lane in office["lanes"]
        if not lane["neraca"]["balanced"]
    ]
