"""Authority and structure: who may say what, on which topic, under which number (I9)."""

from __future__ import annotations

import pytest

from contracts.identifiers import c_hasil_subject
from contracts.verdict import Accepted, Rejected
from services.validator.core.case import Place
from services.validator.core.judge import LINE_BYTES_MAX, judge
from tests.builders import (
    KONTES_GUBERNUR,
    OFFICE,
    TPS,
    a_c_hasil,
    a_d_hasil,
    a_keputusan,
    a_line,
    a_pemilih,
    a_retraction,
    a_tps,
    some_votes,
)
from tests.unit.validator.courtroom import a_bench, codes_on, data_with, verdict_on

NEIGHBOUR = "3204"


def test_a_neighbour_may_not_report_our_tps() -> None:
    verdict = verdict_on(office=NEIGHBOUR)
    assert isinstance(verdict, Rejected)
    assert [finding.code for finding in verdict.findings] == ["AUT-OWNER"]


def test_nobody_speaks_for_another_office() -> None:
    assert codes_on(source=NEIGHBOUR) == {"AUT-SOURCE"}


def test_results_do_not_travel_with_voters() -> None:
    assert codes_on(lane="pemilih") == {"AUT-LANE"}
    assert codes_on(a_pemilih(), lane="hasil") == {"AUT-LANE"}


@pytest.mark.parametrize(
    "subject",
    [c_hasil_subject("pkwkk-2024", TPS), c_hasil_subject(KONTES_GUBERNUR, "3279011001002")],
)
def test_the_subject_is_what_the_data_say(subject: str) -> None:
    assert codes_on(subject=subject) == {"AUT-SUBJECT"}


def test_a_retraction_is_about_a_record_of_its_kind() -> None:
    subject = c_hasil_subject(KONTES_GUBERNUR, TPS)
    assert verdict_on(a_retraction(), subject=subject) == Accepted()
    assert codes_on(a_retraction(), subject=subject, type="tps.retracted.v1") == {"AUT-SUBJECT"}
    assert codes_on(a_retraction(), subject="c_hasil/x", type="c_hasil.retracted.v1") >= {"AUT-SUBJECT"}


@pytest.mark.parametrize(("epoch", "sequence"), [(1, 3), (2, 2)])
def test_a_line_stands_at_its_own_number(epoch: int, sequence: int) -> None:
    line = a_line(a_c_hasil(), epoch=epoch, sequence=sequence)
    verdict = judge(line, Place(OFFICE, "hasil", 1, 2), a_bench())
    assert "AUT-PLACE" in {finding.code for finding in verdict.findings}


def test_the_provincial_office_says_the_recapitulation_of_the_province_alone() -> None:
    province = a_d_hasil("32")
    assert verdict_on(province, office="32") == Accepted()
    assert codes_on(a_d_hasil("3279"), office="32") == {"AUT-OWNER"}
    assert codes_on(a_c_hasil(), office="32") == {"AUT-OWNER"}
    assert codes_on(province, office=OFFICE) == {"AUT-OWNER"}


def test_a_recapitulation_has_rows_about_its_children() -> None:
    form = a_d_hasil("327901")
    row = next(iter(form.rincian.values()))
    strange = form.model_copy(update={"rincian": {**form.rincian, "327902": row, "3279011999": row}})
    verdict = verdict_on(strange)
    assert isinstance(verdict, Rejected)
    strangers = {finding.seen for finding in verdict.findings if finding.code == "RUP-CHILD-KNOWN"}
    assert strangers == {"327902", "3279011999"}


def test_a_recapitulation_counts_the_options_of_each_child() -> None:
    form = a_d_hasil("327901")
    kode, row = next(iter(form.rincian.items()))
    strange = form.model_copy(update={"rincian": {kode: row.model_copy(update={"perolehan_suara": {"1": 2}})}})
    assert codes_on(strange) == {"RES-OPTION-SET"}


def test_a_recapitulation_across_several_lists_has_no_total_of_its_own() -> None:
    form = a_d_hasil("32", kontes=KONTES_GUBERNUR, jalur="hitung")
    rows = {
        kode: row.model_copy(update={"perolehan_suara": some_votes("pkwkk-2024", kode)})
        for kode, row in form.rincian.items()
    }
    kabupaten = form.model_copy(update={"kontes": "pkwkk-2024", "perolehan_suara": None, "rincian": rows})
    assert verdict_on(kabupaten, office="32") == Accepted()


def test_a_tps_is_set_up_for_a_pemilihan_in_a_desa() -> None:
    assert verdict_on(a_tps()) == Accepted()
    assert codes_on(a_tps(pemilihan="pilkada-1999")) == {"REF-PEMILIHAN"}
    assert codes_on(a_tps("3279999999001")) == {"REF-WILAYAH"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"", "TYPE-UNKNOWN"),
        (b"\xff\xfe\x00", "TYPE-UNKNOWN"),
        (b'{"type":"tps.recorded.v1"', "JSON-INVALID"),
        (b'{"type":"tps.recorded.v1"}', "FIELD-MISSING"),
        (b'{"type":"tps.deleted.v9"}', "TYPE-UNKNOWN"),
        (a_line(digest="0" * 32), "DIGEST-MISMATCH"),
        (a_line(data=data_with(a_c_hasil(), catatan="x")), "FIELD-UNKNOWN"),
        (a_line(a_tps(alamat="Balai\nDesa")), "TEXT-CONTROL"),
        (b" " * (LINE_BYTES_MAX + 1), "LINE-TOO-LARGE"),
    ],
)
def test_what_is_no_change_is_rejected_with_its_reason(line: bytes, code: str) -> None:
    verdict = judge(line, Place(OFFICE, "hasil", 1, 1), a_bench())
    assert isinstance(verdict, Rejected)
    assert code in {finding.code for finding in verdict.findings}


def test_a_nik_that_strays_into_a_name_of_a_field_is_not_repeated() -> None:
    nik = "3279015504900001"
    verdict = verdict_on(data=data_with(a_c_hasil(), **{nik: 1, "perolehan_suara": {nik: 1}}))
    assert isinstance(verdict, Rejected)
    assert nik not in "".join(finding.model_dump_json() for finding in verdict.findings)


@pytest.mark.parametrize(
    ("decider", "putusan", "codes"),
    [
        ("32", "dilepas", set()),
        (OFFICE, "dilepas", {"AUT-DECISION"}),
        (NEIGHBOUR, "dilepas", {"AUT-DECISION"}),
        ("32", "dikembalikan", set()),
        (OFFICE, "dikembalikan", set()),
        (NEIGHBOUR, "dikembalikan", {"AUT-DECISION"}),
        ("32", "selesai", set()),
        (OFFICE, "selesai", set()),
        (NEIGHBOUR, "selesai", {"AUT-DECISION"}),
    ],
)
def test_a_decision_is_taken_by_who_may_take_it(decider: str, putusan: str, codes: set[str]) -> None:
    tentang = "perkara" if putusan == "selesai" else "versi"
    decision = a_keputusan("0a" * 16, tentang=tentang, putusan=putusan)
    assert codes_on(decision, office=decider) == codes


def test_who_may_not_decide_is_told_who_may() -> None:
    [finding] = verdict_on(a_keputusan("0a" * 16), office=OFFICE).findings
    assert (finding.seen, finding.expected, finding.tier) == (OFFICE, "32", "reject")
