"""What is said of a wilayah, and of what lies in it."""

from __future__ import annotations

from typing import Any

import pytest

from services.gateway.core.figure import Coverage
from services.gateway.core.summarise.d_hasil import d_hasil_of
from services.gateway.core.summarise.perolehan import perolehan_of
from services.gateway.core.summarise.wilayah import Found, parts_of, wilayah_of
from tests.builders import KONTES_GUBERNUR, TPS
from tests.unit.gateway.rows import (
    NOW,
    a_calon_row,
    a_form_row,
    a_kontes_row,
    a_rekap_row,
    a_wilayah_row,
    ago,
)


def found(**parts: Any) -> Found:
    """Return what is found of the provinsi."""
    nothing: dict[str, Any] = dict.fromkeys(("children", "calon", "rekap", "suara", "pemilih", "d_hasil", "tps"), ())
    return Found(**{"path": [a_wilayah_row("32")], "kontes": [a_kontes_row()], **nothing, **parts})


def test_the_provinsi_is_made_up_of_its_kabupaten_and_all_else_of_itself() -> None:
    assert parts_of("32", ["3201", "3279"]) == ["3201", "3279"]
    assert parts_of("3279", ["327901"]) == ["3279"]


def test_figures_carry_the_coverage_of_their_rekap() -> None:
    answer = wilayah_of(found(rekap=[a_rekap_row("32", tps_ditahan=1)]))
    sah = answer.kontes[0].suara_sah
    assert (sah.value, sah.reported, sah.expected, sah.held, sah.as_of) == (200, 2, 3, 1, ago(10))
    assert sah.status == "diperiksa"
    assert answer.as_of == ago(10)


def test_a_wilayah_where_nothing_has_come_in_has_null_everywhere() -> None:
    answer = wilayah_of(found(children=[a_wilayah_row("3279")]))
    kontes = answer.kontes[0]
    assert kontes.suara_sah.value is None
    assert kontes.suara_sah.status == "kosong"
    assert answer.pemilih.aktif.value is None
    assert answer.as_of is None
    assert answer.anak[0].kontes == []


def test_candidates_stand_in_order_and_whoever_is_on_no_list_comes_last() -> None:
    coverage = Coverage(reported=1, expected=1, as_of=NOW)
    listed = perolehan_of([a_calon_row("b", 1), a_calon_row("a", 2)], {"a": 5, "z": 1}, coverage.figure)
    assert [(one.id, one.nomor_urut, one.suara.value) for one in listed] == [
        ("b", 1, None),
        ("a", 2, 5),
        ("z", None, 1),
    ]


def test_a_kontes_with_several_lists_in_the_wilayah_has_no_candidates_there() -> None:
    kontes = [a_kontes_row(tingkat_calon=4)]
    assert wilayah_of(found(kontes=kontes)).kontes[0].perolehan_suara is None
    below = wilayah_of(found(kontes=kontes, path=[a_wilayah_row("32"), a_wilayah_row("3279")]))
    assert below.kontes[0].perolehan_suara == []
    assert [one.kode for one in below.induk] == ["32"]


@pytest.mark.parametrize(
    ("columns", "value", "counted", "status"),
    [
        ({}, 100, (1, 0, 0), "lengkap"),
        ({"state": "held"}, None, (0, 1, 0), "diperiksa"),
        ({"conflicted": True}, None, (0, 0, 1), "diperiksa"),
        ({"state": "held", "conflicted": True}, None, (0, 0, 1), "diperiksa"),
        ({"state": "retracted", "suara_sah": None}, None, (0, 0, 0), "kosong"),
        ({"terbaca": False, "suara_sah": None}, None, (0, 0, 0), "kosong"),
        ({"state": None, "suara_sah": None, "as_of": None, "terbaca": False}, None, (0, 0, 0), "kosong"),
        ({"terdaftar": False}, 100, (1, 0, 0), "diperiksa"),
    ],
)
def test_a_tps_in_its_desa_counts_as_its_form_does(
    columns: dict[str, Any], value: int | None, counted: tuple[int, int, int], status: str
) -> None:
    path = [a_wilayah_row(kode) for kode in ("32", "3279", "327901", TPS[:10])]
    [child] = wilayah_of(found(path=path, tps=[a_form_row(**columns)])).anak
    sah = child.kontes[0].suara_sah
    assert (sah.value, (sah.reported, sah.held, sah.conflict), sah.status) == (value, counted, status)
    assert (child.nama, child.tingkat, child.pemilih_aktif) == ("TPS 001", "tps", None)


def test_voters_are_counted_with_what_is_held_and_nothing_is_expected_of_them() -> None:
    row = {
        "wilayah": "32", "aktif_l": 4, "aktif_p": 5, "aktif": 9, "tms": 1, "ditangguhkan": 0, "tercatat": 10,
        "ditahan": 2, "konflik": 0, "as_of": NOW,
    }  # fmt: skip
    pemilih = wilayah_of(found(pemilih=[row])).pemilih
    assert (pemilih.aktif.value, pemilih.aktif.held, pemilih.aktif.expected) == (9, 2, None)
    assert (pemilih.ditangguhkan.value, pemilih.ditangguhkan.status) == (0, "sementara")


def a_d_hasil_row(data: str | None = None, **columns: Any) -> dict[str, Any]:
    said = '{"perolehan_suara":{"1":70},"suara_sah":70,"tps_masuk":3,"tps_total":4,"psu":"PSU 3279011001001234"}'
    row = {"kontes": KONTES_GUBERNUR, "jalur": "rekap", "office": "3279", "state": "accepted", "conflicted": False}
    return {**row, "data": said if data is None else data, "as_of": NOW, **columns}


def test_a_recapitulation_has_the_coverage_that_it_states_itself() -> None:
    form = d_hasil_of(a_d_hasil_row(), [a_calon_row("1", 1)])
    assert (form.suara_sah.value, form.suara_sah.reported, form.suara_sah.expected) == (70, 3, 4)
    assert form.suara_total.value is None
    assert form.perolehan_suara is not None
    assert form.perolehan_suara[0].nama == "PASLON 1"
    assert form.psu == "PSU [disamarkan]"


def test_a_recapitulation_that_does_not_state_its_coverage_is_never_complete() -> None:
    form = d_hasil_of(a_d_hasil_row('{"perolehan_suara":null,"suara_sah":70}'), [])
    assert (form.suara_sah.value, form.suara_sah.reported, form.suara_sah.status) == (70, None, "sementara")
    assert form.perolehan_suara is None


def test_a_contradicted_recapitulation_shows_neither_content() -> None:
    form = d_hasil_of(a_d_hasil_row(conflicted=True), [])
    assert (form.suara_sah.value, form.suara_sah.conflict, form.suara_sah.status) == (None, 1, "diperiksa")


def test_a_held_recapitulation_is_shown_as_held() -> None:
    form = d_hasil_of(a_d_hasil_row(state="held"), [])
    assert (form.suara_sah.value, form.suara_sah.held, form.suara_sah.status) == (70, 1, "diperiksa")


def test_a_recapitulation_that_was_taken_back_shows_nothing() -> None:
    form = d_hasil_of({**a_d_hasil_row(state="retracted"), "data": None}, [])
    assert (form.suara_sah.value, form.suara_sah.status) == (None, "kosong")
