"""A simulated evening of Pilkada 2024 in Jawa Barat: 73,862 TPS, two kontes, and everything that goes wrong.

Pure: the same seed and size give the same evening. Nothing but small numbers is kept in memory; a line is made when it
is due, and again when it is asked for again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import orjson

from contracts.codec import canonical_data, digest_of
from contracts.identifiers import Lane, Tingkat, c_hasil_subject
from contracts.reference.calon import semua_calon
from contracts.reference.wilayah import wilayah_of
from deploy.demo.chance import draw
from deploy.demo.defects import DEFECTS
from deploy.demo.expected import Books, Expected, Totals
from deploy.demo.forms import KONTES_OF_EVENING, Ballots, Form
from deploy.demo.plan import Fate, Push, Script
from deploy.demo.register import PROVINCE, TPS_OF, Tps, register_of
from deploy.demo.stories import BEFORE_ITS_TPS, CLEAN, About, Says, Step, Story, story_of
from deploy.demo.voter_stories import LANE as VOTERS_LANE
from deploy.demo.voter_stories import Voters

VOTERS_DEFAULT: Final = 270_000
PEMILIHAN: Final = "pilkada-2024"
_LANE: Final[Lane] = "hasil"

_RECORDED: Final = "c_hasil.recorded.v1"
_BEFORE: Final = -1.0
_EVENING_START_HOUR: Final = 13
_EVENING_SECONDS: Final = 39_540
"""From 13:00, when the poll closes, to 23:59."""
_FIRST_FORM, _LAST_FORM = 0.02, 0.75
_FORGOTTEN_ONE_IN: Final = 1_000
"""So many TPS are registered only after their first result was turned away."""
_AFTER_REGISTER: Final = 0.16
_LATE_ONE_IN: Final = 50
"""So many forms were filled in hours before they were sent."""
_LATE_SECONDS: Final = 4 * 3_600
_REKAP_ONE_IN: Final = 4
"""So many kecamatan finish their plenary while the evening lasts."""
_REKAP_DUE: Final = 0.985
_MISTYPED: Final = 600
"""Added to the number of a TPS: no desa has so many, and a lokasi khusus begins at 901."""
_UNKNOWN_CALON: Final = "9999999"
_KOREKSI: Final = {"alasan": "salah baca formulir", "dokumen": "BA-{tps}/PPS/2024", "jabatan": "Ketua PPS"}


@dataclass(frozen=True, slots=True, order=True)
class _Entry:
    """One thing that an office will say: four small numbers instead of a line."""

    due: float
    tps: int
    """Place in the register; for a recapitulation, place among the kecamatan …"""
    kontes: int
    step: int
    """… and -1 here."""


class Count:
    """The script of one office's results: its register, then its forms, at last some recapitulations."""

    def __init__(self, office: str, register: list[Tps], ballots: Ballots, foreign: str, seed: str) -> None:
        """Tell the evening of ``office``; ``foreign`` is a TPS that is not its own."""
        self.office = office
        self.register = register
        self._ballots, self._foreign, self._seed = ballots, foreign, seed
        self._forgotten = {
            nth for nth, tps in enumerate(register) if self._number("lupa", tps.kode) % _FORGOTTEN_ONE_IN == 0
        }
        self._registered = [nth for nth in range(len(register)) if nth not in self._forgotten]
        self._by_kecamatan: dict[str, list[int]] = {}
        for nth, tps in enumerate(register):
            self._by_kecamatan.setdefault(tps.kode[: Tingkat.KECAMATAN], []).append(nth)
        self._plenaries = [kode for kode in self._by_kecamatan if self._number("pleno", kode) % _REKAP_ONE_IN == 0]
        self._entries = sorted((*self._form_entries(), *self._rekap_entries()))

    def __len__(self) -> int:
        """Return how many lines there are."""
        return len(self._registered) + len(self._entries)

    def due(self, nth: int) -> float:
        """Return when a line is due, as a share of the evening; the register comes before it."""
        known = len(self._registered)
        return _BEFORE if nth < known else self._entries[nth - known].due

    def push(self, nth: int) -> Push:
        """Return a line."""
        known = len(self._registered)
        if nth < known:
            return self._registration(self.register[self._registered[nth]], 0.0)
        entry = self._entries[nth - known]
        if entry.step < 0:
            return self._rekap(self._plenaries[entry.tps], KONTES_OF_EVENING[entry.kontes], entry.due)
        return self._said(entry)

    # What must come of it -----------------------------------------------------------------------------------------

    def books(self) -> Books:
        """Return how many lines come to which end, and how many forms stand held."""
        books = Books(Counter({Fate.ACCEPTED: len(self._registered)}))
        books.fates[Fate.ACCEPTED] += len(self._plenaries) * len(KONTES_OF_EVENING)
        for nth in range(len(self.register)):
            for kontes in range(len(KONTES_OF_EVENING)):
                story = self.story(nth, kontes)
                books.fates.update(step.fate for step in story.steps)
                books.held_now += story.last.fate is Fate.HELD
        return books

    def totals(self, kontes: int) -> Totals:
        """Return what a kontes adds up to when the evening is over: forms whose newest statement was accepted."""
        totals = Totals()
        sums = [0, 0, 0, 0, 0]
        suara = dict.fromkeys(self._ballots.options(self.office, KONTES_OF_EVENING[kontes]), 0)
        for nth in range(len(self.register)):
            last = self.story(nth, kontes).last
            if last.fate is Fate.HELD:
                totals.held += 1
            elif last.says is not Says.RETRACTION:
                form = self._form(nth, kontes, last)
                if form["perolehan_suara"] is None:
                    # Without votes a TPS is not reported, and what else stands on its form is in no sum.
                    continue
                totals.reported += 1
                sums[0] += form["suara_sah"] or 0
                sums[1] += form["suara_tidak_sah"] or 0
                sums[2] += form["suara_total"] or 0
                sums[3] += form["pemilih_dpt_j"] or 0
                sums[4] += form["pengguna_total_j"] or 0
                for calon, votes in form["perolehan_suara"].items():
                    suara[calon] += votes
        names = ("suara_sah", "suara_tidak_sah", "suara_total", "pemilih_dpt", "pengguna_total")
        totals.sums.update(dict(zip(names, sums, strict=True)))
        totals.suara.update(suara)
        return totals

    # Stories ------------------------------------------------------------------------------------------------------

    def story(self, nth: int, kontes: int) -> Story:
        """Return what becomes of one form."""
        if nth in self._forgotten:
            return CLEAN if kontes else BEFORE_ITS_TPS
        return story_of(self._draw("kisah", nth, kontes))

    def true_form(self, nth: int, kontes: int) -> Form:
        """Return what was truly counted."""
        return self._form(nth, kontes, CLEAN.steps[0])

    def _form_entries(self) -> Iterator[_Entry]:
        for nth, tps in enumerate(self.register):
            first = 0.0
            for kontes in range(len(KONTES_OF_EVENING)):
                chance = self._draw("saat", nth, kontes)
                if kontes and nth in self._forgotten:
                    # Only after its TPS has been registered, which the story of the other form tells.
                    first += _AFTER_REGISTER
                else:
                    first = _arrival(tps, chance)
                due = first
                for place, step in enumerate(self.story(nth, kontes).steps):
                    # Half to one and a half times as long as in the mean; never nothing, or the order would be lost.
                    due += step.gap * (0.5 + chance[16 + place] / 256) if place else 0.0
                    if step.says is not Says.AGAIN:
                        yield _Entry(due, nth, kontes, place)

    def _rekap_entries(self) -> Iterator[_Entry]:
        for nth, kode in enumerate(self._plenaries):
            for kontes in range(len(KONTES_OF_EVENING)):
                yield _Entry(_REKAP_DUE + self._number("palu", kode) % 1000 / 100_000, nth, kontes, -1)

    # Lines --------------------------------------------------------------------------------------------------------

    def _said(self, entry: _Entry) -> Push:
        story = self.story(entry.tps, entry.kontes)
        step = story.steps[entry.step]
        tps, kontes = self.register[entry.tps], KONTES_OF_EVENING[entry.kontes]
        if step.says is Says.TPS:
            return self._registration(tps, entry.due)
        named = f"{self._seed}-{tps.kode}-{kontes}"
        same = step.same_as is not None and step.same_id
        identity = f"{named}-{step.same_as if same else entry.step}"
        if step.says is Says.RETRACTION:
            event: dict[str, Any] = {
                "specversion": "1.0",
                "id": identity,
                "type": "c_hasil.retracted.v1",
                "subject": c_hasil_subject(kontes, self._named(tps.kode, step)),
                "time": _time(entry.due),
                "data": {"alasan": "formulir TPS lain terunggah", "dokumen": f"BA-{tps.kode}/PPS/2024"},
            }
            return Push(orjson.dumps(event), step.fate, identity)
        meant = step if step.same_as is None else story.steps[step.same_as]
        data = self._data(entry.tps, entry.kontes, meant)
        base = b""
        if meant.base is not None:
            made_from = self._data(entry.tps, entry.kontes, story.steps[meant.base])
            base = b',"base":"%b"' % digest_of(_RECORDED, made_from).encode()
        mends = "" if step.mends is None else f"{named}-{step.mends}"
        line = b'{"specversion":"1.0","id":"%b","type":"c_hasil.recorded.v1","time":"%b"%b,"data":%b}' % (
            identity.encode(),
            self._filled_in(entry).encode(),
            base,
            data,
        )
        return Push(line, step.fate, identity, step.code, mends)

    def _registration(self, tps: Tps, due: float) -> Push:
        identity = f"{self._seed}-{tps.kode}-tps"
        line = (
            f'{{"specversion":"1.0","id":"{identity}","type":"tps.recorded.v1","time":"{_time(due)}","data":'
            f'{{"pemilihan":"{PEMILIHAN}","tps":"{tps.kode}","dpt_l":{tps.dpt_l},"dpt_p":{tps.dpt_p}}}}}'
        )
        return Push(line.encode(), Fate.ACCEPTED, identity)

    def _rekap(self, kecamatan: str, kontes: str, due: float) -> Push:
        """Return the D.Hasil of a kecamatan: a row for each desa, from the forms as they were truly counted."""
        by_desa: dict[str, Totals] = {}
        for nth in self._by_kecamatan[kecamatan]:
            form = self.true_form(nth, KONTES_OF_EVENING.index(kontes))
            row = by_desa.setdefault(self.register[nth].kode[: Tingkat.DESA], Totals())
            row.reported += 1
            row.suara.update(form["perolehan_suara"])
            row.sums.update({name: form[name] for name in ("suara_sah", "suara_tidak_sah", "suara_total")})
        identity = f"{self._seed}-{kecamatan}-{kontes}-rekap"
        line = _d_hasil(identity, kontes=kontes, jalur="rekap", wilayah=kecamatan, rows=by_desa, time=_time(due))
        return Push(line, Fate.ACCEPTED, identity)

    def _filled_in(self, entry: _Entry) -> str:
        """Return when the office says that it happened: for some, hours before they sent it."""
        late = self._draw("jam", entry.tps, entry.kontes)[0] * _LATE_ONE_IN // 256 == 0
        return _time(entry.due, earlier_seconds=_LATE_SECONDS if late else 0)

    def _data(self, nth: int, kontes: int, step: Step) -> bytes:
        """Return the form in the spelling that digests are made of: boxes that are null are left out."""
        tps, kode = self._named(self.register[nth].kode, step), KONTES_OF_EVENING[kontes]
        form = self._form(nth, kontes, step)
        if step.defect:
            form = {name: figure for name, figure in form.items() if figure is not None}
        form |= {"kontes": kode, "tps": tps}
        if step.unknown_calon:
            form["perolehan_suara"] = {**form["perolehan_suara"], _UNKNOWN_CALON: 0}
        if step.negative:
            form["suara_tidak_sah"] = -1
        if step.koreksi:
            form["koreksi"] = {name: text.format(tps=tps) for name, text in _KOREKSI.items()}
        if step.kejadian != "reguler":
            form["jenis_kejadian"] = step.kejadian
        return canonical_data(form)

    def _named(self, tps: str, step: Step) -> str:
        """Return the code of the TPS as a step has it."""
        if step.about is About.MISTYPED:
            return f"{tps[: Tingkat.DESA]}{int(tps[Tingkat.DESA :]) % 300 + _MISTYPED:03}"
        return self._foreign if step.about is About.FOREIGN else tps

    def _form(self, nth: int, kontes: int, step: Step) -> Form:
        chance = self._draw("ulang" if step.kejadian == "psu" else "hitung", nth, kontes)
        form = self._ballots.counted(self.register[nth], KONTES_OF_EVENING[kontes], chance)
        if step.defect:
            # A correction that is wrong again is wrong in another place.
            DEFECTS[step.defect].befall(form, chance[48:] if step.koreksi else chance[32:])
        return form

    def _draw(self, what: str, nth: int, kontes: int) -> bytes:
        return draw(f"{self._seed}/{what}/{self.register[nth].kode}/{kontes}")

    def _number(self, what: str, kode: str) -> int:
        return int.from_bytes(draw(f"{self._seed}/{what}/{kode}")[:4])


class Province:
    """The script of the provincial office: the running count of the whole province, when the evening is over."""

    def __init__(self, evening: Evening) -> None:
        """Add up ``evening``."""
        self._evening = evening

    def __len__(self) -> int:
        """Return how many lines there are."""
        return 1

    def due(self, nth: int) -> float:
        """Return when a line is due: at the end."""
        assert nth == 0, "the provincial office says one thing"
        return 1.0

    def push(self, nth: int) -> Push:
        """Return the line: a row for each kabupaten with what counts there."""
        assert nth == 0, "the provincial office says one thing"
        kontes, counts = KONTES_OF_EVENING[0], self._evening.counts
        rows = {office: self._evening.totals(office, kontes) for office in counts}
        identity = f"{self._evening.seed}-{PROVINCE}-{kontes}-hitung"
        line = _d_hasil(
            identity,
            kontes=kontes,
            jalur="hitung",
            wilayah=PROVINCE,
            rows=rows,
            time=_time(1.0),
            registered={office: len(count.register) for office, count in counts.items()},
        )
        return Push(line, Fate.ACCEPTED, identity)


class Evening:
    """What all offices of Jawa Barat push in one evening."""

    def __init__(
        self,
        *,
        seed: str = "malam1",
        share: float = 1.0,
        tps_per_office_max: int | None = None,
        voters: int = VOTERS_DEFAULT,
    ) -> None:
        """Prepare the evening that ``seed`` names.

        ``share`` of the TPS of each kabupaten take part, at least one and at most ``tps_per_office_max``.
        """
        self.seed = seed
        most = "" if tps_per_office_max is None else f", at most {tps_per_office_max} TPS of an office"
        self.name = f"evening {seed}: SCALE={share:g} VOTERS={voters}{most}"
        daftar = wilayah_of(PROVINCE)
        self.offices = daftar.offices
        desa: dict[str, list[str]] = {office: [] for office in daftar.kabupaten}
        for kode in daftar.at(Tingkat.DESA):
            desa[kode[: Tingkat.KABUPATEN]].append(kode)
        ballots = Ballots(semua_calon(), daftar.kabupaten, seed)
        self._totals: dict[tuple[str, str], Totals] = {}
        self.counts: dict[str, Count] = {}
        self.voters: dict[str, Voters] = {}
        whole, rest = divmod(voters, len(daftar.kabupaten))
        for nth, office in enumerate(daftar.kabupaten):
            neighbour = desa[daftar.kabupaten[nth - 1]]
            wanted = max(1, min(round(TPS_OF[office] * share), tps_per_office_max or TPS_OF[office]))
            register = register_of(office, desa[office], wanted, seed)
            self.counts[office] = Count(office, register, ballots, f"{neighbour[0]}001", seed)
            count = whole + (nth < rest)
            if count:
                self.voters[office] = Voters(office, register, neighbour, count, seed)

    @cached_property
    def scripts(self) -> Mapping[tuple[str, Lane], Script]:
        """The script of every office and lane."""
        return {
            (PROVINCE, _LANE): Province(self),
            **{(office, _LANE): count for office, count in self.counts.items()},
            **{(office, VOTERS_LANE): voters for office, voters in self.voters.items()},
        }

    def totals(self, office: str, kontes: str) -> Totals:
        """Return what a kontes adds up to at an office when the evening is over; added up once."""
        key = (office, kontes)
        if key not in self._totals:
            self._totals[key] = self.counts[office].totals(KONTES_OF_EVENING.index(kontes))
        return self._totals[key]

    @cached_property
    def expected(self) -> Expected:
        """What must come out; made once, in a few seconds for the whole province."""
        expected = Expected()
        expected.books[PROVINCE, _LANE] = Books(Counter({Fate.ACCEPTED: 1}))
        for office, count in self.counts.items():
            expected.books[office, _LANE] = count.books()
            expected.registered[office] = len(count.register)
            for kontes in KONTES_OF_EVENING:
                expected.totals[office, kontes] = self.totals(office, kontes)
        for office, voters in self.voters.items():
            expected.books[office, VOTERS_LANE] = voters.books()
            expected.pemilih[office] = voters.counts()
        return expected


def _arrival(tps: Tps, chance: bytes) -> float:
    """Return when the first form of a TPS comes in: few early, most in the middle, few late; small TPS earlier."""
    three = (chance[0] + chance[1] + chance[2] + chance[3] / 256) / (3 * 255 + 1)
    size = (tps.dpt - 486) / 1_000
    return min(_LAST_FORM, max(_FIRST_FORM, _FIRST_FORM + (_LAST_FORM - _FIRST_FORM) * three + size))


def _time(due: float, *, earlier_seconds: int = 0) -> str:
    """Return the time on the office's clock when a share of the evening is over, never before noon."""
    second = max(int(due * _EVENING_SECONDS) - earlier_seconds, -3_600) + _EVENING_START_HOUR * 3_600
    return f"2024-11-27T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}+07:00"


def _d_hasil(  # noqa: PLR0913  # a recapitulation has that many parts
    identity: str,
    *,
    kontes: str,
    jalur: str,
    wilayah: str,
    rows: Mapping[str, Totals],
    time: str,
    registered: Mapping[str, int] | None = None,
) -> bytes:
    """Return a recapitulation whose chart is the sum of its rows."""
    whole = Totals()
    for row in rows.values():
        whole.add(row)
    total = {kode: row.reported for kode, row in rows.items()} if registered is None else registered
    data = {
        "kontes": kontes,
        "jalur": jalur,
        "wilayah": wilayah,
        "perolehan_suara": dict(whole.suara),
        "tps_masuk": whole.reported,
        "tps_total": sum(total.values()),
        **{name: whole.sums[name] for name in ("suara_sah", "suara_tidak_sah", "suara_total")},
        "rincian": {
            kode: {"perolehan_suara": dict(row.suara), "tps_masuk": row.reported, "tps_total": total[kode]}
            for kode, row in rows.items()
        },
        "psu": "Reguler",
    }
    event = {"specversion": "1.0", "id": identity, "type": "d_hasil.recorded.v1", "time": time, "data": data}
    return orjson.dumps(event)
