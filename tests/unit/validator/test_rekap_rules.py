"""Every rule about a recapitulation, of votes or of voters, and about corrections, by example."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.events.c_hasil_v1 import KoreksiV1
from contracts.events.rekap_pdpb_v1 import BarisPdpbV1
from contracts.verdict import Accepted, Finding, Held, Rejected
from tests.builders import a_c_hasil, a_d_hasil, a_rekap_pdpb
from tests.unit.validator.courtroom import a_bench, codes_on, findings_on, verdict_on

KOREKSI = KoreksiV1(alasan="salah jumlah", dokumen="BA-7/PPK/2024", jabatan="Ketua PPK")
BASE = "0123456789abcdef" * 2


def of(code: str, found: list[Finding]) -> list[tuple[str, str, str]]:
    """Return where ``code`` was found, and both sides."""
    return [(finding.pointer, finding.seen, finding.expected) for finding in found if finding.code == code]


# D.Hasil ---------------------------------------------------------------------------------------------------------


def test_a_recapitulation_whose_total_is_not_its_rows_is_held() -> None:
    good = a_d_hasil()
    assert good.perolehan_suara is not None
    first, votes = next(iter(good.perolehan_suara.items()))
    assert votes is not None
    verdict = verdict_on(a_d_hasil(perolehan_suara={**good.perolehan_suara, first: votes + 1}))
    assert isinstance(verdict, Held)
    assert of("RUP-OWN-CHART", list(verdict.findings)) == [(f"/perolehan_suara/{first}", str(votes + 1), str(votes))]


def test_a_total_is_not_compared_while_a_row_is_unread() -> None:
    good = a_d_hasil()
    kode, row = next(iter(good.rincian.items()))
    unread = good.model_copy(
        update={"perolehan_suara": dict.fromkeys(good.perolehan_suara or {}, 1)}
        | {"rincian": {**good.rincian, kode: row.model_copy(update={"perolehan_suara": None})}}
    )
    assert "RUP-OWN-CHART" not in codes_on(unread)


def test_more_tps_than_there_are_cannot_have_reported() -> None:
    good = a_d_hasil()
    kode, row = next(iter(good.rincian.items()))
    rows = {**good.rincian, kode: row.model_copy(update={"tps_masuk": 2})}
    found = findings_on(a_d_hasil(tps_masuk=99, rincian=rows))
    assert of("RUP-CHILD-COUNT", found) == [
        ("/tps_masuk", "99", str(good.tps_total)),
        (f"/rincian/{kode}/tps_masuk", "2", "1"),
    ]


# Candidates ------------------------------------------------------------------------------------------------------


def test_a_result_waits_for_the_list_of_its_candidates() -> None:
    bench = a_bench(pemilihan="pemilu-2024")
    form = a_c_hasil(kontes="pdpd-2024", perolehan_suara={"1": 100, "77": 100}, ss_diterima=332, ss_sisa=126)
    verdict = verdict_on(form, bench=bench)
    assert isinstance(verdict, Held)
    assert [finding.code for finding in verdict.findings] == ["REF-CALON-LIST", "RES-DPT-CAP"]
    unread = form.model_copy(update={"perolehan_suara": None})
    assert "REF-CALON-LIST" not in codes_on(unread, bench=bench)


def test_a_recapitulation_waits_for_the_list_of_each_wilayah_with_votes() -> None:
    # Bupati and wali kota have a list in each kabupaten, so there can be no votes for the whole province.
    form = a_d_hasil("32", jalur="hitung").model_copy(update={"kontes": "pkwkk-2024"})
    found = of("REF-CALON-LIST", findings_on(form, office="32"))
    assert found == [("/perolehan_suara", "32", "daftar calon")]


# Corrections -----------------------------------------------------------------------------------------------------


def test_a_complete_correction_is_judged_like_a_first_entry() -> None:
    assert verdict_on(a_c_hasil(koreksi=KOREKSI), base=BASE) == Accepted()
    assert isinstance(verdict_on(a_c_hasil(koreksi=KOREKSI, suara_sah=1), base=BASE), Held)


@pytest.mark.parametrize("kind", ["psu", "hitung_ulang"])
def test_a_repeated_poll_says_why(kind: str) -> None:
    assert codes_on(a_c_hasil(jenis_kejadian=kind), base=BASE) == {"KOR-REASON"}
    for base in (BASE, None):
        assert verdict_on(a_c_hasil(jenis_kejadian=kind, koreksi=KOREKSI), base=base) == Accepted()


@pytest.mark.parametrize(
    ("koreksi", "base", "code"),
    [
        (KOREKSI.model_copy(update={"dokumen": None}), BASE, "KOR-DOCUMENT"),
        (KOREKSI.model_copy(update={"jabatan": None}), BASE, "KOR-OFFICER"),
        (KOREKSI, None, "KOR-BASE"),
    ],
)
def test_a_correction_that_lacks_something_is_held(koreksi: KoreksiV1, base: str | None, code: str) -> None:
    for about in (a_c_hasil(koreksi=koreksi), a_d_hasil(koreksi=koreksi), a_rekap_pdpb(koreksi=koreksi)):
        verdict = verdict_on(about, base=base)
        assert isinstance(verdict, Held)
        assert [finding.code for finding in verdict.findings] == [code]


# PDPB ------------------------------------------------------------------------------------------------------------


def test_the_recapitulation_of_jawa_barat_in_the_first_half_of_2025_is_right() -> None:
    real = a_rekap_pdpb(
        "32",
        awal=35_925_960,
        baru=360_951,
        tms=148_941,
        akhir=36_137_970,
        pemilih_l=18_147_772,
        pemilih_p=17_990_198,
        pemilih_j=36_137_970,
        jumlah_kabko=27,
        jumlah_kec=627,
        jumlah_desa=5957,
    )
    assert verdict_on(real, office="32") == Accepted()


@pytest.mark.parametrize(
    ("fields", "code", "expected"),
    [
        ({"baru": 41}, "PDPB-BALANCE", ("/akhir", "1025", "1026")),
        ({"pemilih_l": 501}, "PDPB-LP", ("/pemilih_j", "1025", "1026")),
        ({"pemilih_l": 501, "pemilih_j": 1026}, "PDPB-LP", ("/pemilih_j", "1026", "1025")),
        ({"jumlah_desa": 9}, "PDPB-UNITS", ("/jumlah_desa", "9", "7")),
    ],
)
def test_what_does_not_add_up_is_named(fields: dict[str, Any], code: str, expected: tuple[str, str, str]) -> None:
    found = findings_on(a_rekap_pdpb(**fields))
    assert {finding.code for finding in found} == {code}
    assert of(code, found) == [expected]


def test_corrected_data_are_no_part_of_the_balance() -> None:
    assert verdict_on(a_rekap_pdpb(perbaikan=114_757)) == Accepted()


def rows(**first: int) -> dict[str, BarisPdpbV1]:
    """Return rows of two desa that add up to the builder's form; ``first`` is written over the first of them."""
    one = {"awal": 600, "baru": 30, "tms": 10, "perbaikan": 5, "akhir": 620, "pemilih_l": 300, "pemilih_p": 320}
    two = {"awal": 400, "baru": 10, "tms": 5, "perbaikan": 2, "akhir": 405, "pemilih_l": 200, "pemilih_p": 205}
    return {
        "3279011001": BarisPdpbV1(**{**one, "pemilih_j": 620, **first}),
        "3279011002": BarisPdpbV1(**{**two, "pemilih_j": 405}),
    }


def test_columns_are_the_sums_of_their_rows() -> None:
    assert verdict_on(a_rekap_pdpb(rincian=rows())) == Accepted()
    found = findings_on(a_rekap_pdpb(rincian=rows(perbaikan=6)))
    assert of("PDPB-ROLLUP", found) == [("/perbaikan", "7", "8")]
    assert {finding.code for finding in found} == {"PDPB-ROLLUP"}


def test_each_row_has_to_balance_too() -> None:
    found = findings_on(a_rekap_pdpb(rincian=rows(akhir=621)))
    assert ("/rincian/3279011001/akhir", "621", "620") in of("PDPB-BALANCE", found)


def test_a_row_of_another_kecamatan_is_rejected() -> None:
    verdict = verdict_on(a_rekap_pdpb(rincian={**rows(), "3279021001": BarisPdpbV1()}))
    assert isinstance(verdict, Rejected)
    assert "RUP-CHILD-KNOWN" in {finding.code for finding in verdict.findings}
