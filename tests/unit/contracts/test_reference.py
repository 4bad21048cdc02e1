"""Reference data: wilayah, elections, candidates and code sets, each valid for a time."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from contracts.events import TpsV1
from contracts.identifiers import Tingkat
from contracts.pemilihan import JENIS_KONTES, KONTES, PEMILIHAN
from contracts.reference import calon as calon_module
from contracts.reference.calon import semua_calon
from contracts.reference.kode_set import KODE_SETS, kode_set
from contracts.reference.wilayah import EDISI, DaftarWilayah, semua_provinsi, wilayah_of

HARI_PEMILU: Final = date(2024, 2, 14)
HARI_PILKADA: Final = date(2024, 11, 27)
# What KPU published stands beside the project where somebody has fetched it.
PUBLISHED: Final = Path(__file__).parents[4] / "shared" / "data"
PASLON: Final = PUBLISHED / "sirekap-pilkada-jabar" / "paslon"
DESA: Final = PUBLISHED / "wilayah-jabar" / "wilayah_jabar_desa_tps_pemilu2024.csv"


@pytest.fixture(scope="module")
def jabar() -> DaftarWilayah:
    return wilayah_of("32")


# Wilayah


def test_jawa_barat_has_27_kabupaten_627_kecamatan_and_5957_desa(jabar: DaftarWilayah) -> None:
    levels = (Tingkat.PROVINSI, Tingkat.KABUPATEN, Tingkat.KECAMATAN, Tingkat.DESA)
    assert [len(jabar.at(level)) for level in levels] == [1, 27, 627, 5957]


def test_jawa_barat_has_28_offices_the_provincial_one_first(jabar: DaftarWilayah) -> None:
    assert len(jabar.offices) == 28
    assert jabar.offices[0] == "32"
    assert jabar.offices[1:] == jabar.kabupaten
    assert list(jabar.offices) == sorted(jabar.offices)


def test_every_wilayah_lies_in_one_that_exists(jabar: DaftarWilayah) -> None:
    for kode in jabar.by_kode:
        above = {Tingkat.KABUPATEN: 2, Tingkat.KECAMATAN: 4, Tingkat.DESA: 6}.get(Tingkat(len(kode)))
        assert above is None or kode[:above] in jabar.by_kode


def test_another_province_needs_no_change_of_code() -> None:
    jakarta = wilayah_of("31")
    assert jakarta.by_kode["31"].nama == "Daerah Khusus Ibukota Jakarta"
    assert len(jakarta.kabupaten) == 6
    assert all(kode.startswith("31") for kode in jakarta.by_kode)
    assert jakarta.by_kode["3101011001"].tingkat is Tingkat.DESA


@pytest.mark.parametrize("nothing", ["00", "99", "3", "", "3279", "Jawa Barat"])
def test_what_is_no_province_is_answered_with_those_that_are(nothing: str) -> None:
    with pytest.raises(ValueError, match="is no provinsi; known are 11, 12") as error:
        wilayah_of(nothing)
    assert repr(nothing) in str(error.value)


def test_indonesia_has_38_provinces() -> None:
    assert len(semua_provinsi()) == 38


def test_the_list_of_wilayah_says_by_which_decree_and_since_when(jabar: DaftarWilayah) -> None:
    assert jabar.edisi is EDISI
    assert "300.2.2-2138" in EDISI.dasar
    assert date(2025, 4, 25) == EDISI.berlaku_mulai
    assert EDISI.berlaku_sampai is None


@pytest.mark.skipif(not DESA.exists(), reason="the published list of desa is not at hand")
def test_the_codes_are_those_that_kpu_used_in_2024(jabar: DaftarWilayah) -> None:
    with DESA.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert {row["kode_desa_kpu"] for row in rows} == set(jabar.at(Tingkat.DESA))
    assert {row["kode_kec"] for row in rows} == set(jabar.at(Tingkat.KECAMATAN))


# Pemilihan and kontes


def test_the_seven_contest_types_are_rows() -> None:
    assert set(JENIS_KONTES) == {"ppwp", "pdpr", "pdpd", "pdprdp", "pdprdk", "pkwkp", "pkwkk"}
    assert {kode for kode, jenis in JENIS_KONTES.items() if jenis.berpartai} == {"pdpr", "pdprdp", "pdprdk"}


def test_the_nation_votes_for_one_list_and_a_kabupaten_for_its_own() -> None:
    desa = "3279011001"
    assert KONTES["ppwp-2024"].wilayah_calon(desa) == "00"
    assert KONTES["pkwkp-2024"].wilayah_calon(desa) == "32"
    assert KONTES["pkwkk-2024"].wilayah_calon(desa) == "3279"


def test_each_kontes_is_held_on_the_day_of_its_pemilihan() -> None:
    assert Counter(kontes.pemilihan.hari for kontes in KONTES.values()) == {HARI_PEMILU: 5, HARI_PILKADA: 2}
    assert all(kontes.kode == f"{kontes.jenis.kode}-{kontes.pemilihan.hari.year}" for kontes in KONTES.values())


def test_the_limits_of_a_pemilihan_are_its_own() -> None:
    assert {kode: row.dpt_per_tps_max for kode, row in PEMILIHAN.items()} == {"pemilu-2024": 300, "pilkada-2024": 600}
    assert PEMILIHAN["pemilu-2024"].cadangan == Fraction(1, 50)


def test_a_tps_from_901_on_is_lokasi_khusus() -> None:
    def lokasi_khusus(nomor: str) -> bool:
        return TpsV1(pemilihan="pilkada-2024", tps=f"3279011001{nomor}").lokasi_khusus

    assert [lokasi_khusus(nomor) for nomor in ("001", "900", "901", "999")] == [False, False, True, True]


# Calon


def test_the_single_pair_of_ciamis_stands_against_kolom_kosong() -> None:
    empty, pair = semua_calon().for_(KONTES["pkwkk-2024"], "3207012001")
    assert empty.kolom_kosong
    assert not pair.kolom_kosong


def test_ciamis_alone_has_a_kolom_kosong() -> None:
    lists = semua_calon().by_list.items()
    assert {key for key, options in lists if any(calon.kolom_kosong for calon in options)} == {("pkwkk-2024", "3207")}


def test_every_kabupaten_has_a_list_of_its_own_for_bupati_or_wali_kota(jabar: DaftarWilayah) -> None:
    daftar = semua_calon()
    sizes = {kabupaten: len(daftar.for_(KONTES["pkwkk-2024"], kabupaten)) for kabupaten in jabar.kabupaten}
    assert min(sizes.values()) == 2
    assert sum(sizes.values()) == 83
    assert sizes["3217"] == sizes["3271"] == 5


def test_four_pairs_stand_for_governor_and_three_for_president() -> None:
    daftar = semua_calon()
    assert [calon.nomor_urut for calon in daftar.for_(KONTES["pkwkp-2024"], "3279011001")] == [1, 2, 3, 4]
    assert [calon.id for calon in daftar.for_(KONTES["ppwp-2024"], "3101011001")] == ["100025", "100026", "100027"]


def test_a_wilayah_without_a_list_has_no_options() -> None:
    assert semua_calon().for_(KONTES["pkwkk-2024"], "3101") == ()


def test_within_a_list_ids_and_numbers_are_single_and_every_row_is_valid_on_its_day() -> None:
    for (kontes, _), options in semua_calon().by_list.items():
        hari = KONTES[kontes].pemilihan.hari
        assert len({calon.id for calon in options}) == len(options)
        assert [calon.nomor_urut for calon in options] == list(range(1, len(options) + 1))
        assert all(calon.berlaku_mulai <= hari for calon in options)
        assert all(calon.berlaku_sampai is None or calon.berlaku_sampai >= hari for calon in options)


@pytest.mark.skipif(not PASLON.exists(), reason="the published lists of candidates are not at hand")
def test_ids_and_names_are_those_that_kpu_published() -> None:
    ours = {
        (calon.wilayah, calon.id): (calon.nomor_urut, calon.nama)
        for (kontes, _), options in semua_calon().by_list.items()
        if kontes != "ppwp-2024"
        for calon in options
    }
    published = {
        (wilayah, id_calon): (entry["nomor_urut"], entry["nama"].removesuffix(" - "))
        for file in sorted(PASLON.glob("*.json"))
        for wilayah, entries in json.loads(file.read_text("utf-8")).items()
        for id_calon, entry in entries.items()
    }
    assert published
    assert {key: value for key, value in ours.items() if published.get(key) != value} == {}


def test_the_file_of_candidates_has_no_row_twice() -> None:
    text = Path(calon_module.__file__).with_name("calon.csv").read_text("utf-8")
    rows = [tuple(row[name] for name in ("kontes", "wilayah", "id")) for row in csv.DictReader(text.splitlines())]
    assert len(rows) == len(set(rows)) == 90


# Code sets


def test_code_8_was_another_reason_in_2018() -> None:
    then, now = kode_set("tms", date(2018, 6, 27)), kode_set("tms", HARI_PILKADA)
    assert then is not None
    assert now is not None
    assert then.arti["8"] == "hilang ingatan"
    assert now.arti["8"] == "salah penempatan TPS"


def test_an_edition_is_valid_to_its_last_day() -> None:
    last, first = kode_set("tms", date(2022, 10, 31)), kode_set("tms", date(2022, 11, 1))
    assert last is not None
    assert first is not None
    assert "9" in last.arti
    assert "9" not in first.arti


def test_before_its_first_edition_a_set_has_no_codes() -> None:
    assert kode_set("tms", date(2017, 12, 31)) is None
    assert kode_set("disabilitas", date(2022, 10, 31)) is None
    assert kode_set("agama", HARI_PILKADA) is None


def test_editions_of_a_set_never_overlap() -> None:
    for nama in {edition.nama for edition in KODE_SETS}:
        editions = sorted((row for row in KODE_SETS if row.nama == nama), key=lambda row: row.berlaku_mulai)
        for earlier, later in pairwise(editions):
            assert earlier.berlaku_sampai is not None
            assert earlier.berlaku_sampai < later.berlaku_mulai
