"""What is said of one TPS and of every statement about it."""

from __future__ import annotations

from typing import Any

from services.gateway.core.summarise.tps import FoundTps, TpsDetail, tps_of, votes_in
from tests.builders import PILKADA, TPS, a_nik
from tests.unit.gateway.rows import NOW, a_calon_row, a_form_row, a_version_row, a_wilayah_row, ago


def a_registration_row(**columns: Any) -> dict[str, Any]:
    row = {
        "pemilihan": PILKADA, "state": "accepted", "conflicted": False, "dpt_l": 160, "dpt_p": 165, "dpt": 325,
        "alamat": None, "berlaku_mulai": None, "berlaku_sampai": None, "epoch": 1, "sequence": 1,
        "version": (1 << 32) | 1, "as_of": NOW,
    }  # fmt: skip
    return {**row, **columns}


def answer(**parts: Any) -> TpsDetail:
    known = {
        "kode": TPS, "path": [a_wilayah_row("32")], "registrations": [a_registration_row()], "forms": [a_form_row()],
        "calon": [a_calon_row("1", 1), a_calon_row("2", 2)], "versions": [a_version_row()], "findings": [],
    }  # fmt: skip
    return tps_of(FoundTps(**{**known, **parts}))


def test_the_standing_statement_counts_and_an_earlier_one_is_only_shown() -> None:
    earlier = a_version_row(sequence=3, version=(1 << 32) | 1, merged_time=ago(60))
    [form] = answer(versions=[a_version_row(total=2), earlier]).c_hasil
    standing, replaced = form.versi.listed
    assert (standing.current, standing.revision, replaced.current, replaced.revision) == (True, 2, False, 1)
    assert standing.isi is not None
    assert replaced.isi is not None
    assert (standing.isi.suara_sah.reported, standing.isi.suara_sah.status) == (1, "lengkap")
    assert (replaced.isi.suara_sah.value, replaced.isi.suara_sah.reported) == (100, None)
    assert form.versi.total == 2


def test_a_form_of_a_tps_that_is_not_registered_is_not_expected() -> None:
    [form] = answer(registrations=[a_registration_row(state="held")]).c_hasil
    assert (form.isi.suara_sah.reported, form.isi.suara_sah.expected, form.isi.suara_sah.status) == (1, 0, "diperiksa")


def test_findings_stand_with_the_statement_they_are_about_and_are_masked() -> None:
    finding = {
        "epoch": 1, "sequence": 7, "code": "RES-SUM", "tier": "flag", "pointer": "/suara_sah", "seen": a_nik(),
        "expected": "249", "pesan": "Periksa.", "message": "Check.",
    }  # fmt: skip
    [form] = answer(findings=[finding]).c_hasil
    [shown] = form.versi.listed[0].findings
    assert (shown.code, shown.seen) == ("RES-SUM", "[disamarkan]")


def test_an_address_with_a_nik_in_it_is_masked() -> None:
    [registered] = answer(registrations=[a_registration_row(alamat=f"Rumah {a_nik()}")]).pendaftaran
    assert registered.alamat == "Rumah [disamarkan]"


def test_votes_for_a_party_and_for_its_candidates_are_options_of_one_ballot() -> None:
    data = {"perolehan_partai": {"10": {"suara_partai": 5, "suara_calon": {"101": 7, "102": None}, "jumlah": 12}}}
    assert votes_in(data) == {"10": 5, "101": 7, "102": None}
    assert votes_in({}) is None
    assert votes_in({"perolehan_suara": {"1": 0}}) == {"1": 0}
