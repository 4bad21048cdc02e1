"""Says changes again: what was held or rejected becomes the next revision with the same content.

Everything here stands within a transaction of the office's clerk, so that a cause and what follows from it are on
disk together. The law: only the newest version of a record is said again, and only while an objection stands
against it; the new version stands behind what it lacked, so the same arrival never moves it twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from contracts.identifiers import LANES, Lane
from contracts.objection import Objection
from services.ingest.adapters.spool import Objected, Spool
from services.ingest.core.stamp import Stretch, said_in, stamp
from services.ingest.core.statement import key_of
from services.ingest.core.waiting import TPS_UNKNOWN, forms_of, registration_of
from services.runtime import clock

PORTION: Final = 500
"""Changes said again in one transaction: others wait for a twentieth of a second."""


class Portion(NamedTuple):
    """What came of one step through what an office asked to be said again."""

    said: int
    gone: int
    """Changes whose line was let go of before lines with an objection were kept."""
    last: tuple[int, int, int] | None
    """Where to go on; ``None`` at the end."""


class Bounds(NamedTuple):
    """How far each lane had come when the office asked: what is said again is not said again once more."""

    epochs: dict[Lane, tuple[int, int]]


def bounds_of(spool: Spool) -> Bounds:
    """Return how far each lane has come."""
    return Bounds({lane: (now.epoch, now.stamped) for lane, now in spool.numbering().items()})


def say_again_for(  # noqa: PLR0913  # whose, what for, and where the last step ended
    spool: Spool,
    office: str,
    code: str,
    *,
    held: bool,
    kind: str | None,
    bounds: Bounds,
    after: tuple[int, int, int] | None,
) -> Portion:
    """Say again a portion of what was rejected with ``code``, and with ``held`` of what was held with it."""
    verdicts = ("rejected", "held") if held else ("rejected",)
    found = spool.objected(verdicts=verdicts, codes=(code,), kind=kind, after=after, limit=PORTION)
    within = [one for one in found if (one.epoch, one.sequence) <= bounds.epochs[LANES[one.lane]]]
    said = say_again(spool, office, within)
    last = (found[-1].lane, found[-1].epoch, found[-1].sequence) if len(found) == PORTION else None
    return Portion(said, len(within) - said, last)


def registered_in(results: Stretch) -> list[str]:
    """Return the subjects of the TPS that were just registered."""
    return [
        subject
        for subject, gone in zip(results.subjects, results.retractions, strict=True)
        if not gone and subject.startswith("tps/")
    ]


def follow_registrations(spool: Spool, office: str, registrations: Sequence[str]) -> int:
    """Say again the forms that were waiting for TPS just registered."""
    keys = [key_of(form) for form in forms_of(registrations)]
    return say_again(spool, office, spool.objected_of(keys, codes=(TPS_UNKNOWN,))) if keys else 0


def follow_objections(spool: Spool, office: str, said: Iterable[Objection]) -> int:
    """Say again what waits for something that had come by the time the objection was read.

    A form and the registration of its TPS may be stamped before the validator has said a word about the form.
    """
    forms = {
        key_of(one.subject): key_of(tps)
        for one in said
        if _names(one, TPS_UNKNOWN) and (tps := registration_of(one.subject)) is not None
    }
    registered = spool.ledger(list(set(forms.values())))
    waiting = spool.objected_of(list(forms), codes=(TPS_UNKNOWN,))
    ready = [
        one
        for one in waiting
        if (entry := registered.get(forms[one.key])) is not None
        and not entry.retracted
        and (entry.epoch, entry.sequence) > (one.epoch, one.sequence)
    ]
    return say_again(spool, office, ready)


def _names(said: Objection, code: str) -> bool:
    return any(finding.code == code for finding in said.findings)


def say_again(spool: Spool, office: str, objected: Sequence[Objected]) -> int:
    """Stamp the newest versions behind some objections once more; return how many there were.

    The forms that wait for a TPS among them follow it, as they follow its first registration; they are not counted.
    """
    lines = spool.lines_at([(one.lane, one.epoch, one.sequence) for one in objected])
    statements = [
        # The id stands for the first statement for ever, and whoever asked knows the version that is meant.
        said_in(line)._replace(nth=nth, id=None, base=None)
        for nth, line in enumerate(lines.values())
    ]
    if not statements:
        return 0
    stamped = stamp(
        statements,
        office=office,
        recordedtime=clock.now_text(),
        ledger=spool.ledger([said.key for said in statements]),
        ids={},
        numbering=spool.numbering(),
        again=True,
    )
    spool.add(stamped, recorded_ms=int(clock.now().timestamp() * 1000))
    # Forms only, so it ends there.
    follow_registrations(spool, office, registered_in(stamped.stretches["hasil"]))
    return len(statements)
