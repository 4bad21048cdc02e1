"""What must come out: books and totals that follow from what was fed, and how an answer of the gateway differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.identifiers import Lane, Tingkat
from contracts.pemilihan import KONTES
from deploy.demo.plan import Fate

_COLUMNS: Final = ("suara_sah", "suara_tidak_sah", "suara_total", "pemilih_dpt", "pengguna_total")
_PEMILIH: Final = ("aktif_l", "aktif_p", "tms")

OfficeLane = tuple[str, Lane]


@dataclass
class Books:
    """The books of one office and lane when the evening is over."""

    fates: Counter[Fate] = field(default_factory=Counter)
    """How many pushes come to each end, if every one of them is sent once."""
    held_now: int = 0
    """Records that stand held at the end."""

    @property
    def submitted(self) -> int:
        """Changes that ingest numbers."""
        return sum(self.fates[fate] for fate in (Fate.ACCEPTED, Fate.HELD, Fate.REJECTED))


@dataclass
class Totals:
    """What one kontes adds up to in one wilayah."""

    reported: int = 0
    held: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    """Of the columns of the form."""
    suara: Counter[str] = field(default_factory=Counter)
    """By candidate."""

    def add(self, other: Totals) -> None:
        """Add another wilayah."""
        self.reported += other.reported
        self.held += other.held
        self.sums.update(other.sums)
        self.suara.update(other.suara)


@dataclass
class Expected:
    """What must come out of everything that is fed."""

    books: dict[tuple[str, Lane], Books] = field(default_factory=dict)
    totals: dict[tuple[str, str], Totals] = field(default_factory=dict)
    """By kabupaten and kontes."""
    registered: Counter[str] = field(default_factory=Counter)
    """TPS by kabupaten."""
    pemilih: dict[str, Counter[str]] = field(default_factory=dict)
    """``aktif_l``, ``aktif_p`` and ``tms`` by kabupaten."""

    def of(self, kode: str, kontes: str) -> Totals:
        """Return the totals of a kabupaten or, for a provinsi, of all its kabupaten."""
        together = Totals()
        for (office, about), totals in self.totals.items():
            if about == kontes and office.startswith(kode):
                together.add(totals)
        return together

    def registered_in(self, kode: str) -> int:
        """Return how many TPS are registered in a kabupaten or provinsi."""
        return sum(count for office, count in self.registered.items() if office.startswith(kode))

    def pemilih_in(self, kode: str) -> Counter[str]:
        """Return the voters of a kabupaten or provinsi."""
        together: Counter[str] = Counter()
        for office, counts in self.pemilih.items():
            if office.startswith(kode):
                together.update(counts)
        return together


def beside(expected: Expected, status: Mapping[str, Any]) -> dict[OfficeLane, int]:
    """Return where ingest has numbered more changes than were fed, such as pushed by hand meanwhile, and how many."""
    more = {
        (office["office"], lane["lane"]): lane["neraca"]["submitted"]
        - expected.books.get((office["office"], lane["lane"]), Books()).submitted
        for office in status["offices"]
        for lane in office["lanes"]
    }
    return {key: count for key, count in more.items() if count > 0}


def differences(
    expected: Expected,
    status: Mapping[str, Any],
    wilayah: Iterable[Mapping[str, Any]],
    besides: Collection[OfficeLane] = (),
) -> list[str]:
    """Return, in words, everything in which the gateway's answers are not what was fed; empty when all is right.

    ``status`` is the answer of ``/v1/status``, ``wilayah`` are answers of ``/v1/wilayah/{kode}`` for the provinsi and
    any of its kabupaten. Where somebody else pushed ``besides``, nobody can foretell the figures: there the books have
    at least what was fed, and the provinsi is compared with what its kabupaten show.
    """
    details = list(wilayah)
    found = list(_in_books(expected, status, besides))
    known = _with_shown(expected, details, besides)
    for detail in details:
        found.extend(_in_wilayah(known, detail))
    return found


def _with_shown(expected: Expected, details: Iterable[Mapping[str, Any]], besides: Collection[OfficeLane]) -> Expected:
    """Return ``expected`` with what is shown of a kabupaten wherever somebody else pushed something."""
    totals, registered, pemilih = dict(expected.totals), expected.registered.copy(), dict(expected.pemilih)
    for detail in details:
        kode = detail["kode"]
        if len(kode) != Tingkat.KABUPATEN:
            continue
        if (kode, "hasil") in besides:
            for kontes in detail["kontes"]:
                if (kode, kontes["kode"]) in totals:
                    totals[kode, kontes["kode"]] = _shown(kontes)
                    registered[kode] = kontes["suara_sah"]["expected"]
        if (kode, "pemilih") in besides:
            pemilih[kode] = Counter({column: detail["pemilih"][column]["value"] or 0 for column in _PEMILIH})
    return Expected(expected.books, totals, registered, pemilih)


def _shown(kontes: Mapping[str, Any]) -> Totals:
    """Return the figures of one kontes as an answer shows them."""
    return Totals(
        kontes["suara_sah"]["reported"],
        kontes["suara_sah"]["held"],
        Counter({column: kontes[column]["value"] or 0 for column in _COLUMNS}),
        Counter({entry["id"]: entry["suara"]["value"] or 0 for entry in kontes["perolehan_suara"] or ()}),
    )


def _in_books(expected: Expected, status: Mapping[str, Any], besides: Collection[OfficeLane]) -> Iterator[str]:
    unseen = set(expected.books)
    for office in status["offices"]:
        for lane in office["lanes"]:
            key = (office["office"], lane["lane"])
            unseen.discard(key)
            books, neraca = expected.books.get(key, Books()), lane["neraca"]
            merged = books.fates[Fate.ACCEPTED] + books.fates[Fate.HELD]
            wanted = {
                "submitted": books.submitted,
                "accepted": books.fates[Fate.ACCEPTED],
                "held": books.fates[Fate.HELD],
                "rejected": books.fates[Fate.REJECTED],
                "in_flight": 0,
                "applied": merged,
                "duplicate": 0,
                "stale": 0,
                "conflict": 0,
                "parked": 0,
                "balanced": True,
            }
            place = f"{key[0]} {key[1]}"
            if key in besides:
                yield from (_said(place, name, neraca[name], wanted[name]) for name in _less(neraca, wanted))
                continue
            yield from (_said(place, name, neraca[name], want) for name, want in wanted.items() if neraca[name] != want)
            if lane["held_now"] != books.held_now:
                yield _said(place, "held_now", lane["held_now"], books.held_now)
    yield from (f"{office} {lane}: the status does not name it" for office, lane in sorted(unseen))


def _less(neraca: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[str]:
    """Yield in what the books fall short of what was fed, or are not closed."""
    for name in ("accepted", "held", "rejected", "applied", "balanced"):
        if neraca[name] < wanted[name]:
            yield name
    if neraca["in_flight"]:
        yield "in_flight"


def _in_wilayah(expected: Expected, detail: Mapping[str, Any]) -> Iterator[str]:
    kode = detail["kode"]
    shown = {kontes["kode"]: kontes for kontes in detail["kontes"]}
    for kontes in sorted({kontes for _, kontes in expected.totals}):
        if kontes in shown:
            yield from _in_kontes(expected, kode, shown[kontes])
        else:
            yield f"{kode} {kontes}: the answer does not name it"
    if len(kode) <= Tingkat.KABUPATEN:
        pemilih = expected.pemilih_in(kode)
        for column in _PEMILIH:
            value = detail["pemilih"][column]["value"] or 0
            if value != pemilih[column]:
                yield _said(f"{kode} pemilih", column, value, pemilih[column])


def _in_kontes(expected: Expected, kode: str, shown: Mapping[str, Any]) -> Iterator[str]:
    kontes = shown["kode"]
    place, totals = f"{kode} {kontes}", expected.of(kode, kontes)
    coverage = {
        "reported": totals.reported,
        "expected": expected.registered_in(kode),
        "held": totals.held,
        "conflict": 0,
    }
    figures = {column: (shown[column], totals.sums[column]) for column in _COLUMNS}
    perolehan = shown["perolehan_suara"]
    level = KONTES[kontes].jenis.wilayah_calon
    if perolehan is not None:
        listed = {entry["id"]: entry["suara"] for entry in perolehan}
        yield from (f"{place}: calon {calon} is missing" for calon in sorted(totals.suara.keys() - listed.keys()))
        figures |= {f"calon {calon}": (suara, totals.suara[calon]) for calon, suara in listed.items()}
    elif level is None or len(kode) >= level:
        yield f"{place}: the answer has no votes by candidate"
    for name, (figure, value) in figures.items():
        wanted = {"value": value if totals.reported else None, **coverage}
        for part, want in wanted.items():
            if figure[part] != want:
                yield _said(place, f"{name}.{part}", figure[part], want)


def _said(place: str, name: str, seen: object, want: object) -> str:
    return f"{place}: {name} is {seen}, fed were {want}"
