"""Contradictions between forms, recapitulations, lists and the register are cases, and close when they are gone."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from contracts.envelope import ClosedModel
from contracts.events.d_hasil_v1 import BarisRekapV1, DHasilV1
from contracts.events.rekap_pdpb_v1 import BarisPdpbV1
from contracts.identifiers import Lane
from services.sync.adapters.examiner import Examiner
from tests.builders import (
    KONTES_GUBERNUR,
    OFFICE,
    TPS,
    a_c_hasil,
    a_d_hasil,
    a_jadwal,
    a_keputusan,
    a_line,
    a_pemilih,
    a_pemilih_submission,
    a_rekap_pdpb,
    a_retraction,
    a_tps,
    subject_of,
)
from tests.integration.sync.store_of_one import FedStore, a_record_of, fed_store

OTHER_TPS = "3279011001002"
ELSEWHERE = "3278011001001"
DESA, KECAMATAN = TPS[:10], TPS[:6]
PHOTO = "4f9b2f0e6c1d4a7f8e3b5c6d7e8f9a0b4f9b2f0e6c1d4a7f8e3b5c6d7e8f9a0b"


class Province:
    """What offices say, numbered as they number it; every saying is merged and examined at once."""

    def __init__(self, sync: FedStore) -> None:
        """Let them speak to the store that ``sync`` feeds."""
        self.sync = sync
        self._numbers: Counter[tuple[str, Lane]] = Counter()
        self.revisions: Counter[str] = Counter()

    async def says(self, *abouts: ClosedModel, office: str = OFFICE, held: bool = False, **attributes: Any) -> None:
        lane: Lane = "pemilih" if subject_of(abouts[0], office).startswith("pemilih/") else "hasil"
        first = self._numbers[office, lane] + 1
        lines = []
        for about in abouts:
            named = attributes.get("subject") or subject_of(about, office)
            self._numbers[office, lane] += 1
            self.revisions[named] += 1
            lines.append(
                a_line(
                    about,
                    source=office,
                    sequence=self._numbers[office, lane],
                    revision=self.revisions[named],
                    **attributes,
                )
            )
        numbers = range(first, first + len(lines)) if held else ()
        at = self.sync.held[f"accepted-{lane}", 0].next_offset
        await self.sync.merge(a_record_of(lines, offset=at, first=first, office=office, lane=lane, held=tuple(numbers)))
        await self.examined()

    async def takes_back(self, about: ClosedModel, office: str = OFFICE) -> None:
        named = subject_of(about, office)
        kind = f"{named.partition('/')[0]}.retracted.v1"
        await self.says(a_retraction(), office=office, subject=named, type=kind)

    async def examined(self) -> None:
        examiner = Examiner(lambda: self.sync.pool)
        while await examiner.examine() or await examiner.examine_events():
            pass

    async def open(self, code: str) -> dict[str, tuple[str, str]]:
        """Return what contradicts what, by key."""
        rows = await self.sync.rows(
            "SELECT kunci, seen, expected FROM perkara WHERE code = $1 AND state <> 'closed' ORDER BY kunci", code
        )
        return {row["kunci"]: (row["seen"], row["expected"]) for row in rows}


def voters(count: int, *, tps: str = TPS, first: int = 1, **fields: Any) -> list[ClosedModel]:
    return [
        a_pemilih(a_pemilih_submission(serial, desa=tps[:10], tps=tps[10:]), **fields)
        for serial in range(first, first + count)
    ]


async def test_the_dpt_on_a_form_is_compared_with_the_list_of_its_tps(store: str) -> None:
    form = a_c_hasil(pemilih_dpt_j=3)
    key = f"{KONTES_GUBERNUR}/{TPS}"
    async with fed_store(store) as sync:
        kpu = Province(sync)
        await kpu.says(form)
        await kpu.says(*voters(2))
        assert await kpu.open("RES-DPT-MATCH") == {}, "a TPS that nobody registered has no list"
        await kpu.says(a_tps())
        assert await kpu.open("RES-DPT-MATCH") == {key: ("3", "2")}
        await kpu.says(*voters(1, first=3), held=True)
        assert await kpu.open("RES-DPT-MATCH") == {key: ("3", "2")}, "a held voter does not count"
        [digest] = [row["digest"].hex for row in await sync.rows("SELECT digest FROM journal_pemilih WHERE held")]
        await kpu.says(a_keputusan(digest, lajur="pemilih"), office="32")
        await sync.store.apply_decisions("pemilih", {OFFICE: ("accepted-pemilih", 0)}, sync.held)
        await kpu.examined()
        assert await kpu.open("RES-DPT-MATCH") == {}, "a released one does"
        # Who moves to the next TPS is missing here: only the merge knew where she was.
        await kpu.says(a_pemilih(a_pemilih_submission(1, tps="002")))
        assert await kpu.open("RES-DPT-MATCH") == {key: ("3", "2")}
        await kpu.says(a_tps(pemilihan="pemilu-2024"))
        assert await kpu.open("RES-DPT-MATCH") == {key: ("3", "2")}, "an older election takes no list away"
        await kpu.says(a_jadwal(), office="32")
        assert await kpu.open("RES-DPT-MATCH") == {}, "a list that moves on tells the DPT of no day"
        await kpu.takes_back(a_jadwal(), office="32")
        assert await kpu.open("RES-DPT-MATCH") == {key: ("3", "2")}
        await kpu.takes_back(form)
        assert await kpu.open("RES-DPT-MATCH") == {}
        trail = await sync.rows("SELECT action FROM perkara_riwayat ORDER BY nomor")
        again = ["reopened", "closed"]
        assert [row["action"] for row in trail] == ["opened", "changed", "closed", *again, *again]


async def test_a_tps_has_not_more_voters_than_the_limit(store: str) -> None:
    async with fed_store(store) as sync:
        await sync.pool.execute("UPDATE pemilihan SET dpt_per_tps_max = 3")
        kpu = Province(sync)
        await kpu.says(a_tps())
        await kpu.says(*voters(3))
        assert await kpu.open("VTR-TPS-CAP") == {}
        await kpu.says(*voters(1, first=4))
        assert await kpu.open("VTR-TPS-CAP") == {TPS: ("4", "3")}
        await kpu.says(*voters(1, status="tms", tms="1"))
        assert await kpu.open("VTR-TPS-CAP") == {}


async def test_a_photograph_shows_the_form_of_one_tps(store: str) -> None:
    async with fed_store(store) as sync:
        kpu = Province(sync)
        await kpu.says(a_c_hasil(foto=[PHOTO, "1.jpg"]), a_c_hasil(kontes="pkwkk-2024", foto=[PHOTO]))
        assert await kpu.open("RES-PHOTO-SHARED") == {}, "one TPS, and short names that anybody may use"
        await kpu.says(a_c_hasil(ELSEWHERE, foto=[PHOTO, "1.jpg"]), office="3278", held=True)
        assert await kpu.open("RES-PHOTO-SHARED") == {PHOTO: ("2 TPS", "1 TPS")}
        assert await sync.value("SELECT offices FROM perkara") == ["3278", OFFICE]
        await kpu.says(a_c_hasil(ELSEWHERE, foto=[PHOTO[::-1]]), office="3278")
        assert await kpu.open("RES-PHOTO-SHARED") == {}


async def test_a_recapitulation_is_compared_with_those_below_it_as_of_one_moment(store: str) -> None:
    child = a_d_hasil(KECAMATAN)
    parent = a_d_hasil(OFFICE)
    key = f"{KONTES_GUBERNUR}/rekap/{OFFICE}"
    row = BarisRekapV1(perolehan_suara=child.perolehan_suara, tps_masuk=child.tps_masuk, tps_total=child.tps_total)
    equal = {**parent.rincian, KECAMATAN: row}
    votes = dict(child.perolehan_suara or {})
    [calon, *_] = sorted(votes)
    moved = row.model_copy(update={"perolehan_suara": {**votes, calon: (votes[calon] or 0) + 8}})
    async with fed_store(store) as sync:
        kpu = Province(sync)
        await kpu.says(parent.model_copy(update={"rincian": {**equal, KECAMATAN: moved}}))
        assert await kpu.open("RUP-CHILD-SUM") == {}, "there is nothing to compare it with"
        await kpu.says(child)
        written, below = (f"{KECAMATAN}: {calon} {(votes[calon] or 0) + more}" for more in (8, 0))
        assert await kpu.open("RUP-CHILD-SUM") == {key: (written, below)}
        assert await sync.value("SELECT offices FROM perkara") == [OFFICE]
        await kpu.says(parent.model_copy(update={"rincian": equal}))
        assert await kpu.open("RUP-CHILD-SUM") == {}
        # Of another moment, and the count is not over: the difference is shown and is no contradiction.
        later = child.model_copy(update={"tps_masuk": 1, "waktu_sumber": "2024-11-28 01:00:00", "rincian": {}})
        await kpu.says(later)
        assert await kpu.open("RUP-CHILD-SUM") == {}
        assert list(await kpu.open("RUP-SNAPSHOT")) == [key]
        await kpu.takes_back(child)
        assert await kpu.open("RUP-SNAPSHOT") == {}


async def test_the_two_series_are_compared_with_the_sum_of_the_forms(store: str) -> None:
    forms = [a_c_hasil(TPS), a_c_hasil(OTHER_TPS)]
    votes = Counter[str]()
    for form in forms:
        votes.update({calon: suara or 0 for calon, suara in (form.perolehan_suara or {}).items()})
    sums = {
        name: sum(getattr(form, name) for form in forms) for name in ("suara_sah", "suara_tidak_sah", "suara_total")
    }
    figures: dict[str, Any] = {**sums, "perolehan_suara": dict(votes), "rincian": {}, "tps_masuk": 2, "tps_total": 2}
    async with fed_store(store) as sync:
        kpu = Province(sync)
        await kpu.says(a_tps(TPS), a_tps(OTHER_TPS))
        await kpu.says(a_d_hasil(DESA, jalur="hitung", **{**figures, "suara_sah": 1}))
        await kpu.says(a_d_hasil(DESA, **{**figures, "suara_sah": 2}))
        await kpu.says(a_d_hasil("32", **{**figures, "suara_sah": 3}), office="32")
        await kpu.says(forms[0])
        # As many as the count has, and perhaps others.
        await kpu.says(a_d_hasil(DESA, jalur="hitung", **{**figures, "suara_sah": 1, "tps_masuk": 1}))
        assert await kpu.open("RUP-CHILD-SUM") == await kpu.open("RUP-SIREKAP-VS-D") == {}, "not all forms are in"
        await kpu.says(a_d_hasil(DESA, jalur="hitung", **{**figures, "suara_sah": 1}))
        await kpu.says(forms[1])
        sah = sums["suara_sah"]
        assert await kpu.open("RUP-CHILD-SUM") == {
            f"{KONTES_GUBERNUR}/hitung/{DESA}": ("c_hasil: suara_sah 1", f"c_hasil: suara_sah {sah}")
        }
        assert await kpu.open("RUP-SIREKAP-VS-D") == {
            f"{KONTES_GUBERNUR}/32": (f"suara_sah {sah}", "suara_sah 3"),
            f"{KONTES_GUBERNUR}/{DESA}": (f"suara_sah {sah}", "suara_sah 2"),
        }
        await kpu.says(a_d_hasil(DESA, jalur="hitung", **figures), a_d_hasil(DESA, **figures))
        await kpu.says(a_d_hasil("32", **figures), office="32")
        assert await kpu.open("RUP-CHILD-SUM") == await kpu.open("RUP-SIREKAP-VS-D") == {}
        # One form does not say how many were valid: nobody knows that sum, and the votes still agree.
        await kpu.says(a_c_hasil(TPS, suara_sah=None))
        assert await kpu.open("RUP-CHILD-SUM") == await kpu.open("RUP-SIREKAP-VS-D") == {}
        unread = dict.fromkeys(votes, 10) | {min(votes): None}
        await kpu.says(forms[0].model_copy(update={"perolehan_suara": unread}))
        evidence = await sync.rows("SELECT evidence::text AS evidence FROM perkara WHERE state = 'open'")
        assert not any(min(votes) in row["evidence"] for row in evidence)
        await kpu.says(forms[0])
        # A TPS more is registered: the sum is not complete any more, and says nothing against anybody.
        await kpu.says(a_d_hasil(DESA, **{**figures, "suara_sah": 2}))
        await kpu.says(a_tps("3279011001003"))
        assert await kpu.open("RUP-SIREKAP-VS-D") == {}


async def test_files_of_a_wilayah_with_several_lists_are_compared_as_of_their_moment(store: str) -> None:
    # As Sirekap published the province: no votes of its own, and rows that are older than the files below.
    row = BarisRekapV1(perolehan_suara=None, tps_masuk=7715, tps_total=7908, psu="Reguler")
    parent = DHasilV1(
        kontes="pkwkk-2024",
        jalur="hitung",
        wilayah="32",
        perolehan_suara=None,
        rincian={OFFICE: row},
        waktu_sumber="2024-11-28 00:45:00",
    )
    child = a_d_hasil(OFFICE, kontes="pkwkk-2024", jalur="hitung", tps_masuk=7720, waktu_sumber="2024-11-28 01:00:00")
    async with fed_store(store) as sync:
        kpu = Province(sync)
        await kpu.says(parent, office="32")
        await kpu.says(child)
        assert await kpu.open("RUP-SNAPSHOT") == {
            "pkwkk-2024/hitung/32": (f"{OFFICE} 2024-11-28 01:00:00", "2024-11-28 00:45:00")
        }
        assert await sync.value("SELECT offices FROM perkara") == ["32", OFFICE]


async def test_counters_of_tps_are_compared_with_the_register_and_with_the_votes(store: str) -> None:
    hitung = a_d_hasil(DESA, jalur="hitung", tps_masuk=2, tps_total=2, rincian={})
    key = f"{KONTES_GUBERNUR}/hitung/{DESA}"
    votes = dict(hitung.perolehan_suara or {})
    [calon, *_] = sorted(votes)
    more = hitung.model_copy(update={"perolehan_suara": {**votes, calon: (votes[calon] or 0) + 5}})
    async with fed_store(store) as sync:
        kpu = Province(sync)
        await kpu.says(a_tps(TPS))
        await kpu.says(hitung)
        assert await kpu.open("RUP-CHILD-COUNT") == {key: ("2", "1")}
        await kpu.says(a_tps(OTHER_TPS))
        assert await kpu.open("RUP-CHILD-COUNT") == {}
        await kpu.says(more)
        now, before = (f"jumlah: {calon} {(votes[calon] or 0) + moved}" for moved in (5, 0))
        assert await kpu.open("RUP-CHILD-COUNT") == {key: (now, before)}
        await kpu.says(more)
        assert await kpu.open("RUP-CHILD-COUNT") == {}


async def test_pdpb_recapitulations_agree_with_one_another_and_with_the_register(store: str) -> None:
    child = a_rekap_pdpb(KECAMATAN)
    columns = {name: getattr(child, name) for name in BarisPdpbV1.model_fields}
    parent = a_rekap_pdpb(OFFICE, rincian={KECAMATAN: BarisPdpbV1(**{**columns, "baru": 41})})
    async with fed_store(store) as sync:
        kpu = Province(sync)
        await kpu.says(parent, child)
        assert await kpu.open("PDPB-ROLLUP") == {
            f"pdpb-2025-tw4/{OFFICE}": (f"{KECAMATAN}: baru 41", f"{KECAMATAN}: baru 40")
        }
        await kpu.says(a_rekap_pdpb(OFFICE, rincian={KECAMATAN: BarisPdpbV1(**columns)}))
        assert await kpu.open("PDPB-ROLLUP") == {}
        # The next period goes on from this one, whichever of the two was said first.
        await kpu.says(a_rekap_pdpb(KECAMATAN, periode="pdpb-2026-tw1", basis="periode_lalu", awal=1020))
        key = f"pdpb-2026-tw1/{KECAMATAN}"
        assert await kpu.open("PDPB-CHAIN") == {key: ("1020", "1025")}
        await kpu.says(a_rekap_pdpb(KECAMATAN, akhir=1020))
        assert await kpu.open("PDPB-CHAIN") == {}
        # A register that says every DPT is asked first where it is whole: of the desa it is, of those above only begun.
        await kpu.says(a_tps(dpt_l=400, dpt_p=599))
        assert await kpu.open("PDPB-CHAIN") == {}
        await kpu.says(a_rekap_pdpb(DESA))
        assert await kpu.open("PDPB-CHAIN") == {f"pdpb-2025-tw4/{DESA}": ("1000", "999")}


@pytest.mark.parametrize("is_recap_first", [True, False])
async def test_the_events_of_a_period_are_those_of_its_recapitulation(store: str, *, is_recap_first: bool) -> None:
    before, within, later = (f"2025-{moment}:00:00.000Z" for moment in ("09-30T16", "10-01T18", "12-31T17"))
    recap = a_rekap_pdpb(DESA, basis="periode_lalu", baru=2, tms=2)
    one = a_pemilih(a_pemilih_submission(1))
    async with fed_store(store) as sync:
        kpu = Province(sync)
        if is_recap_first:
            await kpu.says(recap)
        await kpu.says(*voters(3), recordedtime=before)
        if is_recap_first:
            assert await kpu.open("PDPB-EVENTS") == {f"pdpb-2025-tw4/{DESA}": ("baru 2, TMS 2", "baru 0, TMS 0")}
        # One comes, one dies and comes back, one moves within the kabupaten, one dies after the period.
        await kpu.says(*voters(1, first=4), recordedtime=within)
        await kpu.says(*voters(1, status="tms", tms="1"), recordedtime=within)
        await kpu.says(one, recordedtime=within)
        await kpu.says(a_pemilih(a_pemilih_submission(2, desa="3279022001")), recordedtime=within)
        await kpu.says(*voters(1, first=3, status="tms", tms="1"), recordedtime=later)
        if not is_recap_first:
            await kpu.says(recap)
        key = f"pdpb-2025-tw4/{DESA}"
        assert await kpu.open("PDPB-EVENTS") == {key: ("baru 2, TMS 2", "baru 1, TMS 1")}
        await kpu.says(a_rekap_pdpb(OFFICE, basis="periode_lalu", baru=1, tms=0))
        assert list(await kpu.open("PDPB-EVENTS")) == [key], "a move inside is no loss above"
        await kpu.says(a_rekap_pdpb(OFFICE, basis="dpt", baru=9))
        assert list(await kpu.open("PDPB-EVENTS")) == [key], "nobody was recorded before the polling day"
        await kpu.takes_back(recap)
        assert await kpu.open("PDPB-EVENTS") == {}


async def test_many_voters_declared_tms_at_once_are_put_before_people(store: str) -> None:
    async with fed_store(store) as sync:
        kpu = Province(sync)
        await kpu.says(*voters(160))
        await kpu.says(*voters(99, status="tms", tms="5"))
        assert await kpu.open("VTR-MASS-TMS") == {}
        await kpu.says(*voters(1, first=100, status="tms", tms="5"), recordedtime="2024-11-27T13:45:00.000Z")
        assert await kpu.open("VTR-MASS-TMS") == {}, "ten minutes later"
        await kpu.says(*voters(1, first=101, status="tms", tms="5"), recordedtime="2024-11-27T13:39:59.999Z")
        assert await kpu.open("VTR-MASS-TMS") == {
            f"{KECAMATAN}/2024-11-27T13:30Z": ("100 TMS / 10 menit", "< 100"),
        }
        # The same once more, cut otherwise, with one that is new: only that one is counted.
        again = [
            a_line(about, sequence=161 + nth, revision=2) for nth, about in enumerate(voters(99, status="tms", tms="5"))
        ]
        new = a_line(voters(1, first=102, status="tms", tms="5")[0], sequence=262, revision=2)
        at = sync.held["accepted-pemilih", 0].next_offset
        await sync.merge(a_record_of([*again, new], offset=at, first=161, last=262, lane="pemilih"))
        await kpu.examined()
        assert await sync.value("SELECT jumlah FROM laju_tms ORDER BY mulai LIMIT 1") == 101


async def test_a_correction_replaces_the_version_before_it(store: str) -> None:
    async with fed_store(store) as sync:
        kpu = Province(sync)
        await kpu.says(a_c_hasil())
        digest = await sync.value("SELECT replace(digest::text, '-', '') FROM c_hasil")
        await kpu.says(a_c_hasil(suara_tidak_sah=7), base="0" * 31 + "1")
        assert await kpu.open("KOR-BASE-KNOWN") == {f"c_hasil/{KONTES_GUBERNUR}/{TPS}": ("0" * 31 + "1", digest)}
        digest = await sync.value("SELECT replace(digest::text, '-', '') FROM c_hasil")
        await kpu.says(a_c_hasil(suara_tidak_sah=8), base=digest)
        assert await kpu.open("KOR-BASE-KNOWN") == {}
        # The version between was rejected: the store does not know what the next one names.
        kpu.revisions[f"c_hasil/{KONTES_GUBERNUR}/{TPS}"] += 1
        await kpu.says(a_c_hasil(suara_tidak_sah=9), base="0" * 31 + "2")
        assert await kpu.open("KOR-BASE-KNOWN") == {}


async def test_what_cannot_be_examined_holds_up_nobody(store: str) -> None:
    async with fed_store(store) as sync:
        kpu = Province(sync)
        # Something is wrong with one photograph that PostgreSQL will say again however often it is asked.
        await sync.pool.execute(
            "CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no such thing' USING ERRCODE = '22000'; END $$"
        )
        await sync.pool.execute(
            "CREATE TRIGGER stumbles BEFORE INSERT ON perkara FOR EACH ROW "
            f"WHEN (NEW.kunci = '{PHOTO}') EXECUTE FUNCTION stumble()"
        )
        await kpu.says(a_c_hasil(foto=[PHOTO]))
        await kpu.says(a_c_hasil(ELSEWHERE, foto=[PHOTO]), office="3278")
        assert await kpu.open("RES-PHOTO-SHARED") == {}
        other = PHOTO[::-1]
        await kpu.says(a_c_hasil(OTHER_TPS, foto=[other]))
        await kpu.says(a_c_hasil("3278011001002", foto=[other]), office="3278")
        assert list(await kpu.open("RES-PHOTO-SHARED")) == [other]
        [aside] = await sync.rows("SELECT kunci ->> 'office' AS office, sebab FROM invariant_periksa")
        assert aside == {"office": "3278", "sebab": "22000 no such thing"}
        # Whoever has mended it puts the key back.
        await sync.pool.execute("DROP TRIGGER stumbles ON perkara")
        await sync.pool.execute(
            "WITH back AS (DELETE FROM periksa_gagal RETURNING kunci) "
            "INSERT INTO periksa (lane, office, epoch, first, last) "
            "SELECT lane, office, epoch, first, last FROM back, jsonb_populate_record(NULL::periksa, kunci)"
        )
        await kpu.examined()
        assert sorted(await kpu.open("RES-PHOTO-SHARED")) == sorted([PHOTO, other])


async def test_a_case_about_results_has_one_id_wherever_it_is_made(store: str) -> None:
    async with fed_store(store) as sync:
        kpu = Province(sync)
        await kpu.says(a_tps(), a_c_hasil(pemilih_dpt_j=3))
        await kpu.says(*voters(2))
        assert str(await sync.value("SELECT id FROM perkara")) == "258f9f3e-e257-5359-9897-77a1fb82d63b"
