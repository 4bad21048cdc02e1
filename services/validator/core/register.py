"""What the topic ``reference`` remembers: TPS and ratified recapitulations by turns, and the calendars.

The entry of a TPS (decision 0005) or of a ratified D.Hasil is a short history of turns: registered at one number of
the office's numbering, taken out at another. A question therefore has the same answer whenever it is asked, and a
batch that is judged again after a crash is judged as it was judged before. A calendar is the newest that the
province has stated (decision 0014): its numbering says nothing about that of an office.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from pydantic import ValidationError

from contracts.envelope import EPOCH_MAX, SEQUENCE_MAX
from contracts.events.jadwal_v1 import MasaV1
from contracts.identifiers import Lane, parse_subject
from contracts.remembered import JADWAL, PENETAPAN, TURNS_MAX, CalendarEntry, Entry, Turn

_SEQUENCE_BITS: Final = 53
_PROVINCE_DIGITS: Final = 2


class OpenTahap(NamedTuple):
    """When one tahap is open for one office and lane."""

    tahap: str
    masa: tuple[MasaV1, ...]


class Register:
    """Every TPS that an office has set up and every ratified recapitulation, with their turns; every calendar."""

    __slots__ = ("_calendar", "_ratified", "_turns", "_unsaved", "calendars")

    def __init__(self) -> None:
        """Start with none."""
        # Per key, in order: the position of each turn, negative where the TPS was taken out. A quarter of a
        # million TPS stand here, so an entry is one small tuple of numbers.
        self._turns: dict[str, tuple[int, ...]] = {}
        self._ratified: set[str] = set()
        self._calendar: dict[str, CalendarEntry] = {}
        self.calendars: dict[tuple[str, Lane], tuple[OpenTahap, ...]] = {}
        """What is open when, by office and lane; a pair without any calendar is missing."""
        self._unsaved: dict[str, None] = {}

    def __len__(self) -> int:
        """Return how many TPS have an entry."""
        return len(self._turns) - len(self._ratified)

    def knows(self, subject: str, epoch: int, sequence: int) -> bool:
        """Return whether a TPS stood in the register just before that change of its office."""
        return self._stood(subject, _position(epoch, sequence))

    def ratified(self, kontes: str, areas: Iterable[str], epoch: int, sequence: int) -> str | None:
        """Return the first of ``areas`` whose D.Hasil was ratified just before that change of an office of theirs.

        The provincial D.Hasil has the numbering of another office, so it counts as it is known now.
        """
        if not self._ratified:
            return None
        for area in areas:
            position = _position(EPOCH_MAX + 1, 0) if len(area) == _PROVINCE_DIGITS else _position(epoch, sequence)
            if self._stood(PENETAPAN + f"{kontes}/{area}", position):
                return area
        return None

    def _stood(self, key: str, position: int) -> bool:
        registered = False
        for turn in self._turns.get(key, ()):
            if abs(turn) >= position:
                break
            registered = turn > 0
        return registered

    def note(self, subject: str, epoch: int, sequence: int, *, registered: bool) -> None:
        """Take a turn that an office has just made; it is unsaved until :meth:`saved` says otherwise."""
        position = _position(epoch, sequence)
        if self._add(subject, (position if registered else -position,)):
            self._unsaved[subject] = None

    def note_ratified(self, kontes: str, wilayah: str, epoch: int, sequence: int, *, ratified: bool) -> None:
        """Take that an office has just ratified its D.Hasil of ``wilayah``, or taken it back."""
        self.note(f"{PENETAPAN}{kontes}/{wilayah}", epoch, sequence, registered=ratified)

    def note_calendar(self, subject: str, entry: CalendarEntry) -> None:
        """Take what the province has just stated or taken back under ``subject``."""
        if self._take_calendar(subject, entry):
            self._unsaved[subject] = None

    def learn(self, subject: str, value: bytes | None) -> bool:
        """Take what stands in the topic under ``subject``; return whether it could be read.

        Turns are only ever added and only a newer calendar replaces one, so reading late, twice or in any order ends
        in the same register.
        """
        if value is None:
            self._turns.pop(subject, None)
            self._ratified.discard(subject)
            if self._calendar.pop(subject, None) is not None:
                self._lay_out()
            return True
        try:
            if subject.startswith(JADWAL):
                self._take_calendar(subject, CalendarEntry.model_validate_json(value))
                return True
            entry = Entry.model_validate_json(value)
        except ValidationError:
            return False
        self._add(
            subject,
            (_position(turn.epoch, turn.sequence) * (1 if turn.registered else -1) for turn in entry.turns),
        )
        return True

    def unsaved(self) -> list[tuple[str, bytes]]:
        """Return the entries that the topic does not hold yet."""
        return [
            (subject, self._entry(subject))
            for subject in self._unsaved
            if subject in self._turns or subject in self._calendar
        ]

    def saved(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Note that Kafka has confirmed ``entries``; one that has become another meanwhile is still to be written."""
        standing = dict(self.unsaved())
        for subject, value in entries:
            if standing.get(subject, value) == value:
                self._unsaved.pop(subject, None)

    def _add(self, subject: str, turns: Iterable[int]) -> bool:
        known = self._turns.get(subject, ())
        fresh = set(turns).difference(known)
        if not fresh:
            return False
        self._turns[subject] = tuple(sorted((*known, *fresh), key=abs)[-TURNS_MAX:])
        if subject.startswith(PENETAPAN):
            self._ratified.add(subject)
        return True

    def _take_calendar(self, subject: str, entry: CalendarEntry) -> bool:
        known = self._calendar.get(subject)
        if known is not None and _rank(known) >= _rank(entry):
            return False
        self._calendar[subject] = entry
        self._lay_out()
        return True

    def _lay_out(self) -> None:
        """Arrange the calendars by whom they bind: every voter asks, and the province states one now and then."""
        found: dict[tuple[str, Lane], list[OpenTahap]] = {}
        for subject, entry in sorted(self._calendar.items()):
            named = parse_subject(subject)
            if named is not None and entry.lajur is not None:
                found.setdefault((named.key, entry.lajur), []).append(OpenTahap(named.scope, tuple(entry.masa)))
        self.calendars = {binds: tuple(tahap) for binds, tahap in found.items()}

    def _entry(self, subject: str) -> bytes:
        if subject in self._calendar:
            return self._calendar[subject].model_dump_json().encode()
        turns = [
            Turn(epoch=abs(turn) >> _SEQUENCE_BITS, sequence=abs(turn) & SEQUENCE_MAX, registered=turn > 0)
            for turn in self._turns[subject]
        ]
        return Entry(turns=turns).model_dump_json().encode()


def _position(epoch: int, sequence: int) -> int:
    return epoch << _SEQUENCE_BITS | sequence


def _rank(entry: CalendarEntry) -> tuple[int, str]:
    # Two contents under one number are a mistake of the office; every instance settles on the same one.
    return _position(entry.epoch, entry.sequence), entry.model_dump_json()
