"""The voters of the demo: invented people trickling in all evening, some with the faults that real lists have."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import orjson

from contracts.identifiers import Lane, Tingkat
from deploy.demo.chance import between, draw, pair
from deploy.demo.expected import Books
from deploy.demo.plan import Fate, Push
from deploy.demo.register import Tps

LANE: Final[Lane] = "pemilih"

_NAMES: Final = ("ASEP", "DEDI", "UJANG", "AGUS", "CECEP", "YAYAN", "IWAN", "ENDANG")
_NAMES_P: Final = ("SITI", "NENG", "EUIS", "RINA", "WATI", "LILIS", "IMAS", "TETI")
_FAMILIES: Final = ("NURHAYATI", "SUPRIATNA", "HIDAYAT", "SUHERMAN", "KOMARIAH", "SETIAWAN", "RAHMAWATI", "GUNAWAN")
_TOWNS: Final = ("BANDUNG", "GARUT", "CIAMIS", "CIREBON", "BOGOR", "SUKABUMI", "KARAWANG", "BANJAR")
_WHOLE: Final = 10_000
_DATES: Final = 1_680
"""So many voters of an office are born on days of their own; then a serial tells them apart, for sixteen million."""
_CHILD_YEAR: Final = 2014
"""Born then, nobody may vote before 2031 unless married."""
_DAYS: Final = 336
"""So many voters in a row are born on different days of one year."""
_IMPOSSIBLE_DAY: Final = 71
"""The largest day that a NIK can carry: 31, and 40 for a woman."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing an office says about a voter."""

    fate: Fate
    changes: tuple[str, ...] = ()
    """In what she differs from a voter about whom all is right; see :func:`_person`."""
    retracts: bool = False
    same_id: bool = False
    """Whether it is the line before, sent again."""
    lag: float = 0.0
    """Share of the evening since the first line about her."""


@dataclass(frozen=True, slots=True)
class VoterStory:
    """What becomes of one voter's entry."""

    name: str
    share: int
    """Of ten thousand voters."""
    sayings: tuple[Saying, ...]


_A, _H, _R = Fate.ACCEPTED, Fate.HELD, Fate.REJECTED
_FINE: Final = Saying(_A)
_ODD: Final = (
    VoterStory("nik-kurang-digit", 30, (Saying(_R, ("short_nik",)), Saying(_A, lag=0.1))),
    VoterStory("tanggal-nik-mustahil", 20, (Saying(_H, ("impossible_day",)),)),
    VoterStory(
        "tanggal-nik-diperbaiki",
        10,
        (
            Saying(_H, ("impossible_day",)),
            Saying(_A, ("impossible_day",), retracts=True, lag=0.05),
            Saying(_A, lag=0.05),
        ),
    ),
    VoterStory("di-bawah-umur", 15, (Saying(_H, ("child",)),)),
    VoterStory("di-bawah-umur-lalu-tms", 5, (Saying(_H, ("child",)), Saying(_A, ("retired_child",), lag=0.1))),
    VoterStory("jenis-kelamin-nik-beda", 60, (Saying(_A, ("sex_differs",)),)),
    VoterStory("tanggal-lahir-beda", 60, (Saying(_A, ("birth_differs",)),)),
    VoterStory("pindah-alamat", 150, (_FINE, Saying(_A, ("moved",), lag=0.1))),
    VoterStory("meninggal", 60, (_FINE, Saying(_A, ("dead",), lag=0.1))),
    VoterStory("pindah-domisili", 40, (Saying(_A, ("gone",)),)),
    VoterStory("ditarik", 20, (_FINE, Saying(_A, retracts=True, lag=0.05))),
    VoterStory("terkirim-dua-kali", 50, (_FINE, Saying(Fate.REPEATED, same_id=True))),
    VoterStory("isi-terkirim-dua-kali", 30, (_FINE, Saying(Fate.REPEATED))),
    # Entered here as well as in the next kabupaten: two records and a case of ganda, never an overwrite.
    VoterStory("ganda", 10, (Saying(_A, ("elsewhere",)),)),
)
VOTER_STORIES: Final = (VoterStory("benar", _WHOLE - sum(story.share for story in _ODD), (_FINE,)), *_ODD)
_ENDS: Final = tuple(accumulate(story.share for story in VOTER_STORIES))


class Voters:
    """The script of one office's voters."""

    def __init__(self, office: str, register: list[Tps], neighbour_desa: list[str], count: int, seed: str) -> None:
        """Make ``count`` people; those entered twice come from ``neighbour_desa``.

        They fill the lists of some TPS from all over the ``register``, one after the other: the DPT on a form of
        these TPS can be compared with its list (RES-DPT-MATCH). Who is left over has no TPS yet.
        """
        self._office, self._neighbour_desa = office, neighbour_desa
        self._count, self._seed = count, seed
        every = max(1, sum(tps.dpt for tps in register) // max(count, 1))
        self._stations = register[::every]
        self._filled = list(accumulate(tps.dpt for tps in self._stations))
        # Who is spoken of when: the number of the voter in the higher digits, what is said in the lowest.
        said = [
            (nth / count + saying.lag, nth << 2 | place)
            for nth in range(count)
            for place, saying in enumerate(self.story(nth).sayings)
        ]
        said.sort()
        latest = 1 + max((saying.lag for story in VOTER_STORIES for saying in story.sayings), default=0.0)
        self._due = [due / latest for due, _ in said]
        self._said = [what for _, what in said]

    def __len__(self) -> int:
        """Return how many lines there are."""
        return len(self._said)

    def due(self, nth: int) -> float:
        """Return when a line is due, as a share of the evening."""
        return self._due[nth]

    def push(self, nth: int) -> Push:
        """Return a line."""
        voter, place = self._said[nth] >> 2, self._said[nth] & 3
        saying = self.story(voter).sayings[place]
        identity = f"{self._seed}-pemilih-{self._office}-{voter}-{place - saying.same_id}"
        person = self._person(voter, saying.changes)
        data: dict[str, Any] = person
        if saying.retracts:
            data = {"nik": person["nik"], "alasan": "salah unggah", "jabatan": "Operator Sidalih"}
        kind = "retracted" if saying.retracts else "recorded"
        line = orjson.dumps(
            {
                "specversion": "1.0",
                "id": identity,
                "type": f"pemilih.{kind}.v1",
                "time": "2024-11-27T09:00:00+07:00",
                "data": data,
            }
        )
        return Push(line, saying.fate, identity)

    def books(self) -> Books:
        """Return how many lines come to which end, and how many voters stand held."""
        books = Books()
        for nth in range(self._count):
            books.fates.update(saying.fate for saying in self.story(nth).sayings)
            books.held_now += sum(1 for state, _ in self._records(nth) if state is Fate.HELD)
        return books

    def counts(self) -> Counter[str]:
        """Return how many voters the office has in the end, by status and sex."""
        counts: Counter[str] = Counter()
        for nth in range(self._count):
            for state, person in self._records(nth):
                if state is Fate.ACCEPTED:
                    tms = person.get("status") == "tms"
                    counts["tms" if tms else f"aktif_{person['jenis_kelamin'].lower()}"] += 1
        return counts

    def people(self, nth: int) -> list[dict[str, Any]]:
        """Return everything that is said of a voter, in clear."""
        return [self._person(nth, saying.changes) for saying in self.story(nth).sayings]

    def _records(self, nth: int) -> list[tuple[Fate, dict[str, Any]]]:
        """Return what stands in the store about a voter in the end: one entry for each NIK."""
        newest: dict[str, tuple[Fate, dict[str, Any]] | None] = {}
        for saying in self.story(nth).sayings:
            if saying.fate in {Fate.ACCEPTED, Fate.HELD}:
                person = self._person(nth, saying.changes)
                newest[person["nik"]] = None if saying.retracts else (saying.fate, person)
        return [record for record in newest.values() if record is not None]

    def story(self, nth: int) -> VoterStory:
        """Return what becomes of a voter's entry."""
        drawn = draw(f"{self._seed}/kisah/{self._office}/{nth}")
        return VOTER_STORIES[bisect_right(_ENDS, pair(drawn, 0) * _WHOLE // 65_536)]

    def _person(self, nth: int, changes: tuple[str, ...]) -> dict[str, Any]:
        """Return a voter in clear with ``changes``: everything about her follows from her number."""
        elsewhere = "elsewhere" in changes
        drawn = draw(f"{self._seed}/pemilih/{self._office}/{nth}")
        woman = bool(drawn[0] & 1)
        year, month, day = 1945 + nth % 60, 1 + nth % 12, 1 + nth // 12 % 28
        if "child" in changes or "retired_child" in changes:
            year = _CHILD_YEAR
        station = bisect_right(self._filled, nth)
        place = self._stations[station % len(self._stations)].kode
        desa = place[: Tingkat.DESA]
        serial = 1 + nth // (_DAYS if year == _CHILD_YEAR else _DATES) % 9_998
        first_registered = self._neighbour_desa[nth % len(self._neighbour_desa)] if elsewhere else desa
        nik_day = day + (40 if woman is not ("sex_differs" in changes) else 0)
        if "impossible_day" in changes:
            # One for each day, so that two people never share a NIK by accident.
            nik_day = _IMPOSSIBLE_DAY + day
        nik = f"{first_registered[:6]}{nik_day:02}{month:02}{year % 100:02}{serial:04}"
        name = (_NAMES_P if woman else _NAMES)[drawn[1] % 8]
        person = {
            "nkk": f"{desa[:6]}{day:02}{month:02}20{1 + nth % 9_998:04}",
            "nik": nik[:-1] if "short_nik" in changes else nik,
            "nama": f"{name} {_FAMILIES[drawn[2] % 8]}",
            "tempat_lahir": _TOWNS[drawn[3] % 8],
            "tanggal_lahir": f"{year}-{month:02}-{day % 28 + 1 if 'birth_differs' in changes else day:02}",
            "status_kawin": "B" if year == _CHILD_YEAR else "S",
            "jenis_kelamin": "P" if woman else "L",
            "alamat": f"KP. {_TOWNS[drawn[4] % 8]} NO. {drawn[5] + 300 * ('moved' in changes)}",
            "rt": f"{between(drawn[6], 1, 12):03}",
            "rw": f"{between(drawn[7], 1, 20):03}",
            "disabilitas": str(between(drawn[8], 1, 6)) if drawn[9] < 3 else "0",  # noqa: PLR2004  # one in a hundred
            "ktp_el": "S",
            "desa": desa,
        }
        if station < len(self._stations):
            person["tps"] = place[Tingkat.DESA :]
        if "dead" in changes:
            person |= {"status": "tms", "tms": "1", "dokumen": f"AKM-{self._office}-{nth}"}
        elif "gone" in changes:
            person |= {"status": "tms", "tms": "4"}
        elif "retired_child" in changes:
            person |= {"status": "tms", "tms": "3"}
        return person
