"""Statistics are what the counted forms say, however they came, and are computed again whenever one has changed."""

from __future__ import annotations

import asyncio
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random
from typing import Any, Final, NamedTuple

from contracts.events import CHasilV1
from services.runtime.errors import TransientError
from services.sync.adapters.statistics import Statistician
from services.sync.core.ambang import Ambang, ambang_from
from services.sync.core.chance import at_least, at_most, correlation_of, uniform
from tests.builders import KONTES_GUBERNUR, OFFICE, TPS, a_c_hasil, a_line, a_retraction, children_of, some_votes
from tests.integration.sync.store_of_one import FedStore, a_record_of, fed_store

LOOSE: Final = replace(
    ambang_from(), tps_min=5, penyebut_min=20, ekstrem_peluang_maks=1e-2, angka_sebaran_min=5.0, angka_sampel_min=50
)
"""Under which a few forms find what a province finds under the standing thresholds."""
CALON: Final = tuple(some_votes(KONTES_GUBERNUR, TPS))

Key = tuple[str, str]
Forms = Mapping[str, CHasilV1]
Shares = dict[str, tuple[str, dict[str, tuple[int, int]]]]
"""By ukuran: whose it is, and both sides of the fraction by TPS."""


class Found(NamedTuple):
    """All that is kept, with numbers rounded: two ways to compute them differ in the last digit."""

    ukuran: dict[Key, tuple[Any, ...]]
    temuan: dict[tuple[str, str, str], tuple[Any, ...]]
    angka: dict[str, tuple[Any, ...]]


async def say(sync: FedStore, lines: list[bytes], *, office: str, first: int = 1, held: tuple[int, ...] = ()) -> None:
    say_at = sync.held["accepted-hasil", 0].next_offset
    await sync.merge(a_record_of(lines, offset=say_at, first=first, office=office, held=held))


async def compute_all(sync: FedStore, ambang: Ambang = LOOSE) -> int:
    """Return how many times something was to be computed."""
    statistician = Statistician(lambda: sync.pool, ambang, good_enough_seconds=0)
    times = 0
    while await statistician.compute():
        times += 1
    return times


def some_form(tps: str, random: Random, leaning: float) -> CHasilV1:
    """Return what may stand on a form: usual, at an end, tiny, or with boxes that nobody has read."""
    share = min(max(random.gauss(leaning, 0.06), 0.0), 1.0)
    valid = random.choice((0, 9, 30, *[random.randint(120, 260)] * 20))
    first = random.choice((0, valid, *[round(valid * share)] * 30))
    second = round((valid - first) * random.uniform(0.3, 0.7))
    votes = dict(zip(CALON, (first, second, valid - first - second, 0), strict=True))
    if random.random() < 0.02:
        # Of somebody who has no vote anywhere else.
        votes = {**dict.fromkeys(CALON, 0), CALON[3]: valid}
    elif random.random() < 0.05:
        votes.pop(CALON[3])
    invalid = random.choice((0, 60, *[random.randint(0, 2)] * 15))
    dpt = random.choice((None, 0, valid // 3, *[round(valid / random.uniform(0.7, 0.9)) + 5] * 12))
    said: dict[str, Any] = {**votes, CALON[2]: None} if random.random() < 0.05 else votes
    return CHasilV1(
        kontes=KONTES_GUBERNUR,
        tps=tps,
        perolehan_suara=None if random.random() < 0.03 else said,
        suara_sah=valid,
        suara_tidak_sah=invalid,
        suara_total=None if random.random() < 0.03 else valid + invalid,
        pemilih_dpt_j=dpt,
        pengguna_total_j=valid + invalid,
    )


def some_history(office: str, random: Random) -> tuple[list[bytes], list[int], dict[str, CHasilV1]]:
    """Return what an office says, which of it is held, and the forms that count in the end."""
    lines: list[bytes] = []
    held: list[int] = []
    counted: dict[str, CHasilV1] = {}

    def line(about: Any, tps: str, **attributes: Any) -> None:
        subject = f"c_hasil/{KONTES_GUBERNUR}/{tps}"
        lines.append(a_line(about, source=office, subject=subject, sequence=len(lines) + 1, **attributes))

    for kecamatan in children_of(office)[:5]:
        leaning = random.uniform(0.05, 0.95)
        for number in range(1, random.choice((1, 4, 5, 12, 40))):
            tps = f"{children_of(kecamatan)[0]}{number:03}"
            form = counted[tps] = some_form(tps, random, leaning)
            line(form, tps)
            match random.randrange(12):
                case 0:
                    form = counted[tps] = some_form(tps, random, leaning)
                    line(form, tps, revision=2)
                case 1:
                    del counted[tps]
                    line(a_retraction(), tps, revision=2, type="c_hasil.retracted.v1")
                case 2:
                    del counted[tps]
                    held.append(len(lines))
                case 3:
                    del counted[tps]
                    line(form.model_copy(update={"suara_sah": 999}), tps)
    return lines, held, {tps: form for tps, form in counted.items() if form.perolehan_suara is not None}


async def test_what_is_kept_is_what_the_counted_forms_say(store: str) -> None:
    random = Random(20241127)  # noqa: S311  # the same province each time
    offices = ("3201", "3204", "3205", "3207", "3212", "3215", "3273", "3276", OFFICE)
    counted: dict[str, CHasilV1] = {}
    async with fed_store(store) as sync:
        for office in offices:
            lines, held, forms = some_history(office, random)
            counted |= forms
            await say(sync, lines, office=office, held=tuple(held))
        for chance in (0.4, 1e-30, LOOSE.ekstrem_peluang_maks):
            ambang = replace(LOOSE, ekstrem_peluang_maks=chance)
            assert await compute_all(sync, ambang) == len(offices)
            kept, told = await kept_in(sync), recomputed(counted, ambang)
            assert kept.ukuran == told.ukuran
            assert kept.temuan == told.temuan
            assert kept.angka == told.angka
    assert Counter(uji for _, uji, _ in kept.temuan).keys() == {"partisipasi", "tidak_sah", "unggulan", "ekstrem"}
    assert {len(seen[0]) for seen in kept.temuan.values()} == {4, 6}, "compared with a kecamatan or its kabupaten"
    assert kept.angka


async def test_whatever_moves_a_form_is_computed_again_and_nothing_else_is(store: str) -> None:
    async with fed_store(store) as sync:
        votes = dict(zip(CALON, (90, 40, 30, 20), strict=True))
        await say(sync, [a_line(a_c_hasil(perolehan_suara=votes))], office=OFFICE)
        other = "3201012001001"
        await say(sync, [a_line(a_c_hasil(other), source="3201")], office="3201")
        assert await compute_all(sync) == 2
        assert await compute_all(sync) == 0
        assert await sync.value("SELECT median FROM statistik_ukuran WHERE wilayah = $1 AND calon <> ''", OFFICE) == 0.5
        # The sums of the kabupaten stay as they are.
        votes[CALON[0]], votes[CALON[1]] = votes[CALON[1]], votes[CALON[0]]
        correction = a_line(a_c_hasil(perolehan_suara=votes), revision=2, sequence=2)
        await say(sync, [correction], office=OFFICE, first=2)
        assert await compute_all(sync) == 1
        leader = await sync.value("SELECT calon FROM statistik_ukuran WHERE wilayah = $1 AND calon <> ''", OFFICE)
        assert leader == CALON[1]
        # Said again, it moves nothing.
        await say(sync, [correction], office=OFFICE, first=2)
        assert await compute_all(sync) == 0
        # A transaction that began before the last computation and ends after it, with a time of its beginning.
        async with sync.pool.acquire() as late, late.transaction():
            await late.execute("UPDATE rekap_hasil SET suara_sah = suara_sah WHERE wilayah = '3201'")
            assert await compute_all(sync) == 0
        assert await compute_all(sync) == 1
        assert await compute_all(sync, replace(LOOSE, skor_maks=5.0)) == 2, "under other thresholds all is new"
        assert not await Statistician(lambda: sync.pool, LOOSE, good_enough_seconds=3600).compute(), "it is young"


async def test_several_instances_share_the_work_and_disturb_nobody(store: str) -> None:
    async def compute(sync: FedStore) -> int:
        try:
            return await compute_all(sync)
        except TransientError:
            return 0

    async with fed_store(store) as sync:
        for office in ("3201", "3273", OFFICE):
            lines, held, _ = some_history(office, Random(office))  # noqa: S311  # no secret
            await say(sync, lines, office=office, held=tuple(held))
        await asyncio.gather(*(compute(sync) for _ in range(3)))
        await compute_all(sync)
        first = await kept_in(sync)
        assert await compute_all(sync, replace(LOOSE, angka_q_maks=0.01)) == 3
        assert await kept_in(sync) == first


async def kept_in(sync: FedStore) -> Found:
    ukuran = await sync.rows("SELECT * FROM statistik_ukuran")
    temuan = await sync.rows("SELECT * FROM statistik_temuan")
    angka = await sync.rows("SELECT * FROM statistik_angka")
    return Found(
        {
            (row["wilayah"], row["ukuran"]): rounded(
                row[name] for name in ("calon", "tps", "kuartil_1", "median", "kuartil_3", "mad")
            )
            for row in ukuran
        },
        {
            (row["tps"], row["uji"], row["calon"]): rounded(
                row[name]
                for name in (
                    "wilayah",
                    "pembilang",
                    "penyebut",
                    "pusat",
                    "batas_bawah",
                    "batas_atas",
                    "skor",
                    "peluang",
                )
            )
            for row in temuan
        },
        {row["kabupaten"]: rounded((row["calon"], *row["digit"], row["khi_kuadrat"], row["peluang"])) for row in angka},
    )


def recomputed(all_forms: Forms, ambang: Ambang) -> Found:
    """Return what the forms say, one after the other and without a database."""
    found = Found({}, {}, {})
    by_wilayah: dict[str, dict[str, CHasilV1]] = defaultdict(dict)
    for tps, form in all_forms.items():
        for digits in (4, 6):
            by_wilayah[tps[:digits]][tps] = form
    shares = {wilayah: shares_of(forms, ambang) for wilayah, forms in by_wilayah.items()}
    for wilayah, of_wilayah in shares.items():
        for ukuran in of_wilayah:
            measure(found, wilayah, ukuran, shares, ambang)
    for wilayah, forms in by_wilayah.items():
        find_ends(found, by_wilayah, wilayah, forms, ambang)
        if len(wilayah) == 4:
            find_digits(found, wilayah, forms, ambang)
    return found


def measure(found: Found, wilayah: str, ukuran: str, shares: Mapping[str, Shares], ambang: Ambang) -> None:
    calon, parts = shares[wilayah][ukuran]
    values = [above / below for above, below in parts.values()]
    median = statistics.median(values)
    mad = statistics.median([abs(value - median) for value in values])
    quartiles = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else [median] * 3
    found.ukuran[wilayah, ukuran] = rounded((calon, len(values), quartiles[0], median, quartiles[2], mad))
    if len(values) < ambang.tps_min:
        return
    for tps, (above, below) in parts.items():
        nearer = shares[tps[:6]].get(ukuran, ("", {}))[1]
        if len(wilayah) == 4 and len(nearer) >= ambang.tps_min:
            continue
        middle = min(max(median, 0.01), 0.99)
        deviation = max(1.4826 * mad, (middle * (1 - middle) / below) ** 0.5)
        reach = ambang.skor_maks * deviation
        if abs(above / below - median) > reach:
            highest = median + reach if ukuran == "partisipasi" else min(median + reach, 1)
            score = (above / below - median) / deviation
            found.temuan[tps, ukuran, calon] = rounded(
                (wilayah, above, below, median, max(median - reach, 0), highest, score, None)
            )


def shares_of(forms: Forms, ambang: Ambang) -> Shares:
    """Return for each share whose it is and both its sides in each TPS."""
    totals: Counter[str] = Counter()
    for form in forms.values():
        totals.update({calon: votes for calon, votes in (form.perolehan_suara or {}).items() if votes})
    parts: dict[str, tuple[str, dict[str, tuple[int | None, int | None]]]] = {
        "partisipasi": ("", {tps: (form.pengguna_total_j, form.pemilih_dpt_j) for tps, form in forms.items()}),
        "tidak_sah": ("", {tps: (form.suara_tidak_sah, form.suara_total) for tps, form in forms.items()}),
    }
    if totals:
        leader = min(totals, key=lambda calon: (-totals[calon], calon))
        parts["unggulan"] = (
            leader,
            {tps: ((form.perolehan_suara or {}).get(leader), form.suara_sah) for tps, form in forms.items()},
        )
    known = {
        ukuran: (
            calon,
            {
                tps: (above, below)
                for tps, (above, below) in of_all.items()
                if above is not None and below is not None and below >= ambang.penyebut_min
            },
        )
        for ukuran, (calon, of_all) in parts.items()
    }
    return {ukuran: one for ukuran, one in known.items() if one[1]}


def votes_in(forms: Forms, calon: str, least: int) -> dict[str, tuple[int, int]]:
    return {
        tps: (votes, form.suara_sah)
        for tps, form in forms.items()
        if (votes := (form.perolehan_suara or {}).get(calon)) is not None
        and form.suara_sah is not None
        and form.suara_sah >= least
    }


def find_ends(found: Found, by_wilayah: Mapping[str, Forms], wilayah: str, forms: Forms, ambang: Ambang) -> None:
    for calon in CALON:
        votes = votes_in(forms, calon, ambang.penyebut_min)
        if len(votes) < ambang.tps_min:
            continue
        shares = [min(ours / valid, 1) for ours, valid in votes.values()]
        median = statistics.median(shares)
        deviation = 1.4826 * statistics.median([abs(share - median) for share in shares])
        ours_of_all, valid_of_all = (sum(side) for side in zip(*votes.values(), strict=True))
        for tps, (ours, valid) in votes.items():
            nearer = votes_in(by_wilayah[tps[:6]], calon, ambang.penyebut_min)
            if len(wilayah) == 4 and len(nearer) >= ambang.tps_min:
                continue
            expected = (ours_of_all - ours) / (valid_of_all - valid)
            alike = correlation_of(expected, deviation, valid_of_all / len(votes))
            if ours / valid <= ambang.ekstrem_batas:
                chance = at_most(ours, valid, expected, alike)
            elif ours / valid >= 1 - ambang.ekstrem_batas:
                chance = at_least(ours, valid, expected, alike)
            else:
                continue
            if chance < ambang.ekstrem_peluang_maks:
                found.temuan[tps, "ekstrem", calon] = rounded(
                    (wilayah, ours, valid, expected, None, None, None, chance)
                )


def find_digits(found: Found, kabupaten: str, forms: Forms, ambang: Ambang) -> None:
    digits: Counter[int] = Counter()
    fit = 0
    for calon in CALON:
        votes = [said for form in forms.values() if (said := (form.perolehan_suara or {}).get(calon)) is not None]
        median = statistics.median(votes)
        spread = 1.4826 * statistics.median([abs(said - median) for said in votes])
        lowest = statistics.quantiles(votes, n=10, method="inclusive")[0]
        if lowest >= ambang.angka_suara_min and spread >= ambang.angka_sebaran_min:
            fit += 1
            digits.update(said % 10 for said in votes if said >= ambang.angka_suara_min)
    counts = [digits[digit] for digit in range(10)]
    if sum(counts) >= ambang.angka_sampel_min:
        found.angka[kabupaten] = rounded((fit, *counts, *uniform(counts)))


def rounded(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(float(f"{value:.9g}") if isinstance(value, float) else value for value in values)
