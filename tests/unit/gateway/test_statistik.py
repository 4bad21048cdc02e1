"""What is said of statistics: what is usual, what is not, and that neither is a verdict."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from services.gateway.core.summarise.statistik import FoundStatistik, statistik_of
from tests.builders import OFFICE, TPS
from tests.unit.gateway.rows import NOW, a_calon_row, a_kontes_row, a_rekap_row, a_wilayah_row, ago

AMBANG = {"skor_maks": 3.5, "tps_min": 20, "angka_q_maks": 0.05}


def computed(kabupaten: str = OFFICE, **columns: Any) -> dict[str, Any]:
    row = {"kabupaten": kabupaten, "as_of": ago(30), "dihitung": NOW, "mutakhir": True}
    return {**row, "ambang": orjson.dumps(AMBANG).decode(), **columns}


def found(**parts: Any) -> FoundStatistik:
    """Return what is found of Kota Banjar."""
    nothing: dict[str, Any] = dict.fromkeys(("rekap", "computed", "ukuran", "temuan", "jumlah", "angka", "calon"), ())
    return FoundStatistik(**{"own": a_wilayah_row(OFFICE, "BANJAR"), "kontes": a_kontes_row(), **nothing, **parts})


def an_ukuran(**columns: Any) -> dict[str, Any]:
    row = {
        "wilayah": OFFICE, "nama": "BANJAR", "ukuran": "tidak_sah", "calon": "", "tps": 20, "kuartil_1": 0.01,
        "median": 0.02, "kuartil_3": 0.03, "mad": 0.01,
    }  # fmt: skip
    return {**row, **columns}


def a_temuan(**columns: Any) -> dict[str, Any]:
    row = {
        "tps": TPS, "uji": "partisipasi", "calon": "", "pembilang": 213, "penyebut": 730, "pusat": 0.8,
        "batas_bawah": 0.571, "batas_atas": 1.038, "skor": -7.7, "peluang": None, "jenis_kejadian": "reguler",
        "wilayah": TPS[:6], "nama_wilayah": "BANJAR", "nama_desa": "BANJAR",
    }  # fmt: skip
    return {**row, **columns}


def test_before_anything_is_computed_nothing_is_known_and_nothing_is_current() -> None:
    answer = statistik_of(found(computed=[computed(as_of=None, dihitung=None, ambang=None, mutakhir=False)]))
    assert (answer.as_of, answer.dihitung, answer.ambang, answer.mutakhir) == (None, None, None, False)
    assert answer.cakupan.status == "kosong"


def test_an_answer_is_as_old_as_its_oldest_part_and_current_when_all_of_it_is() -> None:
    parts = [computed("3201", dihitung=ago(60)), computed("3202", mutakhir=False)]
    answer = statistik_of(found(computed=parts, rekap=[a_rekap_row(OFFICE)]))
    assert (answer.dihitung, answer.as_of, answer.mutakhir) == (ago(60), ago(30), False)
    assert (answer.cakupan.value, answer.cakupan.expected) == (2, 3)


@pytest.mark.parametrize(
    ("columns", "lowest", "highest"),
    [
        ({}, 0.0, 0.0719),
        ({"tps": 19}, None, None),
        ({"median": 0.99, "ukuran": "unggulan"}, 0.9381, 1.0),
        ({"median": 0.99, "ukuran": "partisipasi"}, 0.9381, 1.0419),
    ],
)
def test_what_is_usual_ends_where_shares_end_and_needs_enough_tps(
    columns: dict[str, Any], lowest: float | None, highest: float | None
) -> None:
    [usual] = statistik_of(found(computed=[computed()], ukuran=[an_ukuran(**columns)])).ukuran
    assert usual.batas_bawah == (None if lowest is None else pytest.approx(lowest, abs=1e-4))
    assert usual.batas_atas == (None if highest is None else pytest.approx(highest, abs=1e-4))


def test_a_finding_says_what_was_seen_and_what_is_usual_and_nothing_of_guilt() -> None:
    end = a_temuan(uji="ekstrem", calon="1", pembilang=0, penyebut=210, pusat=0.58, batas_bawah=None,
                   batas_atas=None, skor=None, peluang=1e-9, tps=f"{TPS[:10]}901")  # fmt: skip
    of_calon = a_calon_row("1", 1)
    turnout, none = statistik_of(found(computed=[computed()], temuan=[a_temuan(), end], calon=[of_calon])).temuan
    assert turnout.pesan == (
        "Pengguna hak pilih terhadap DPT: 29,2 % (213/730); di BANJAR lazimnya 57,1 % sampai 103,8 %. "
        "Layak dilihat, bukan bukti kesalahan."
    )
    assert turnout.message.startswith("Voters who came, over the DPT: 29.2 % (213/730); usual in BANJAR is 57.1 %")
    assert not turnout.lokasi_khusus
    assert none.lokasi_khusus
    assert "Calon PASLON 1 memperoleh 0,0 % suara sah (0/210)" in none.pesan
    assert "gave 58.0 %. Worth a look, no proof of anything." in none.message


@pytest.mark.parametrize(("q", "worth"), [(0.05, True), (0.051, False)])
def test_last_digits_are_worth_a_look_by_their_corrected_value(q: float, *, worth: bool) -> None:
    row = {
        "kabupaten": OFFICE, "nama": "BANJAR", "calon": 2, "digit": [40, *[30] * 9], "khi_kuadrat": 3.0,
        "peluang": 0.001, "q": q, "kabupaten_diuji": 27,
    }  # fmt: skip
    [digits] = statistik_of(found(computed=[computed()], angka=[row])).angka
    assert (digits.angka, digits.layak_dilihat) == (310, worth)
    assert ("tidak merata" in digits.pesan, "bukan bukti" in digits.pesan) == (worth, True)
