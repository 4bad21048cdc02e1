"""Takes back what a person has confirmed to be gone; a proposal that is confirmed twice is one retraction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from contracts.events.retracted_v1 import RetractedV1
from services.ingest.adapters.clerk import milliseconds
from services.ingest.adapters.snapshots.book import decide, proposed
from services.ingest.adapters.spool import Spool
from services.ingest.core.snapshots.retraction import retraction_of
from services.ingest.core.stamp import stamp
from services.runtime import clock

PORTION: Final = 500
"""Proposals decided about in one transaction."""


class Decided(NamedTuple):
    """What came of some proposals."""

    looked_at: int
    retracted: int
    outdated: int
    """Voters that have changed since they were proposed: nobody has confirmed that those are gone."""


def confirm(spool: Spool, office: str, number: int, nths: Sequence[int] | None, about: RetractedV1) -> Decided:
    """Retract a portion of what was proposed, each in the version that was proposed."""
    found = proposed(spool, number, nths, PORTION)
    ledger = spool.ledger([one.key for one in found])
    current = [
        one
        for one in found
        if (entry := ledger.get(one.key)) is not None
        and not entry.retracted
        and (entry.epoch, entry.sequence) == (one.epoch, one.sequence)
    ]
    statements = [
        retraction_of(office, one.key, ledger[one.key].digest, about, nth=nth) for nth, one in enumerate(current)
    ]
    if statements:
        stamped = stamp(
            statements,
            office=office,
            recordedtime=clock.now_text(),
            ledger=ledger,
            ids={},
            numbering=spool.numbering(),
        )
        assert not stamped.refusals, "what was just compared with the ledger fits it"
        spool.add(stamped, recorded_ms=milliseconds(clock.now()))
    taken_back = {one.key for one in current}
    decide(spool, number, taken_back, "confirmed")
    outdated = [one.key for one in found if one.key not in taken_back]
    decide(spool, number, outdated, "outdated")
    return Decided(len(found), len(statements), len(outdated))


def dismiss(spool: Spool, number: int, nths: Sequence[int] | None) -> int:
    """Leave a portion of what was proposed as it stands; return how many proposals those were."""
    found = proposed(spool, number, nths, PORTION)
    decide(spool, number, [one.key for one in found], "dismissed")
    return len(found)
