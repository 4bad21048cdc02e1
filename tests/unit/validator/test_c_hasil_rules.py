"""Every rule about a form, by example: what it names, and what it does to the form."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.events.c_hasil_v1 import PerolehanPartaiV1
from contracts.verdict import Accepted, Held, Rejected, Tier
from services.validator.core.rules import all_rules
from services.validator.core.tiers import TIERS
from tests.builders import KONTES_GUBERNUR, TPS, a_c_hasil, some_votes
from tests.unit.validator.courtroom import a_bench, codes_on, data_with, findings_on, verdict_on

VOTES = some_votes(KONTES_GUBERNUR, TPS)
FIRST = next(iter(VOTES))
GOOD = a_c_hasil()


def test_a_form_on_which_every_sum_is_right_is_accepted_without_a_word() -> None:
    assert verdict_on(a_c_hasil()) == Accepted()


def figure(name: str) -> int:
    value = getattr(GOOD, name)
    assert isinstance(value, int)
    return value


BROKEN: list[tuple[str, dict[str, Any], str, int, int]] = [
    # Votes
    (
        "RES-SUM-PASLON",
        {"suara_sah": figure("suara_sah") + 1},
        "/suara_sah",
        figure("suara_sah") + 1,
        sum(VOTES.values()),
    ),
    ("RES-SUM-VALID", {"suara_tidak_sah": 9}, "/suara_total", figure("suara_total"), figure("suara_sah") + 9),
    ("RES-BOX-WIDTH", {"pemilih_dpt_p": 1132}, "/pemilih_dpt_p", 1132, 999),
    # Administration
    ("RES-USED-EQ-VOTES", {"suara_total": 5}, "/suara_total", 5, figure("pengguna_total_j")),
    ("RES-SS-USED", {"ss_digunakan": 3}, "/ss_digunakan", 3, figure("suara_total")),
    ("RES-SS-BALANCE", {"ss_rusak": 4}, "/ss_diterima", figure("ss_diterima"), figure("ss_diterima") + 4),
    ("RES-SS-RESERVE", {"ss_diterima": 400}, "/ss_diterima", 400, figure("ss_diterima")),
    ("RES-LP-DPT", {"pemilih_dpt_j": 326}, "/pemilih_dpt_j", 326, 325),
    ("RES-LP-USED-DPT", {"pengguna_dpt_j": 1}, "/pengguna_dpt_j", 1, figure("pengguna_dpt_j")),
    ("RES-LP-USED-DPTB", {"pengguna_dptb_j": 7}, "/pengguna_dptb_j", 7, 4),
    ("RES-LP-USED-DPK", {"pengguna_dpk_j": 7}, "/pengguna_dpk_j", 7, 2),
    ("RES-LP-USED-TOTAL", {"pengguna_total_j": 7}, "/pengguna_total_j", 7, figure("pengguna_total_j")),
    ("RES-USED-LE-DPT", {"pengguna_dpt_l": 161}, "/pengguna_dpt_l", 161, 160),
    ("RES-DPT-CAP", {"pemilih_dpt_j": 601}, "/pemilih_dpt_j", 601, 600),
    ("RES-VOTES-LE-BALLOTS", {"suara_total": 339}, "/suara_total", 339, 338),
    ("RES-DISAB-LE", {"disabilitas_l": 170}, "/disabilitas_l", 170, figure("pengguna_total_l")),
]


@pytest.mark.parametrize(("code", "boxes", "pointer", "seen", "expected"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_identity_names_both_sides(
    code: str, boxes: dict[str, Any], pointer: str, seen: int, expected: int
) -> None:
    [found] = [
        finding for finding in findings_on(a_c_hasil(**boxes)) if finding.code == code and finding.pointer == pointer
    ]
    assert (found.seen, found.expected) == (str(seen), str(expected))
    assert found.tier is TIERS[code]
    assert str(seen) in found.pesan
    assert str(seen) in found.message


@pytest.mark.parametrize(("code", "boxes"), [row[:2] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_rule_says_nothing_while_one_of_its_figures_is_unread(code: str, boxes: dict[str, Any]) -> None:
    if code == "RES-BOX-WIDTH":
        return
    figures = (
        "suara",
        "ss",
        "pemilih_dpt",
        "pengguna_dpt",
        "pengguna_dptb",
        "pengguna_dpk",
        "pengguna_total",
        "disabilitas",
    )
    unread = {name: None for name in type(GOOD).model_fields if name.startswith(figures) and name not in boxes}
    unread["perolehan_suara"] = None
    # All but the broken box are unread: null is not zero, so there is nothing to compare it with.
    assert codes_on(GOOD.model_copy(update={**unread, **boxes})) <= {"RES-COMPLETE", "RES-DPT-CAP"}
    assert (code == "RES-DPT-CAP") or code not in codes_on(GOOD.model_copy(update={**unread, **boxes}))


def test_all_who_came_are_those_of_the_three_lists_in_every_column() -> None:
    found = [f for f in findings_on(a_c_hasil(pengguna_dpk_l=5, pengguna_dpk_j=6)) if f.code == "RES-USED-SUM"]
    assert [finding.pointer for finding in found] == ["/pengguna_total_l", "/pengguna_total_j"]


def test_all_rules_are_asked_and_all_findings_returned_at_once() -> None:
    verdict = verdict_on(a_c_hasil(suara_sah=1, pemilih_dpt_j=601))
    assert isinstance(verdict, Held)
    assert {"RES-SUM-PASLON", "RES-SUM-VALID", "RES-LP-DPT", "RES-DPT-CAP"} <= {f.code for f in verdict.findings}
    gravity = [list(Tier).index(finding.tier) for finding in verdict.findings]
    assert gravity == sorted(gravity), "the gravest come first"


def test_administrative_arithmetic_does_not_stop_a_form() -> None:
    verdict = verdict_on(a_c_hasil(pengguna_dpk_j=3))
    assert isinstance(verdict, Accepted)
    assert verdict.findings


@pytest.mark.parametrize("value", [-1, 1.5, "12", 10**10, True])
def test_a_figure_that_is_none_is_rejected(value: object) -> None:
    verdict = verdict_on(data=data_with(GOOD, suara_sah=value))
    assert isinstance(verdict, Rejected)
    [found] = verdict.findings
    assert (found.code, found.pointer) == ("RES-NONNEG-INT", "/suara_sah")


# Options ---------------------------------------------------------------------------------------------------------


def test_votes_for_somebody_who_is_not_on_the_ballot_are_rejected() -> None:
    verdict = verdict_on(a_c_hasil(perolehan_suara={**VOTES, "999": 1}))
    assert isinstance(verdict, Rejected)
    assert {finding.code for finding in verdict.findings} >= {"RES-OPTION-SET"}


def test_a_candidate_may_not_be_left_out() -> None:
    votes = {calon: suara for calon, suara in VOTES.items() if calon != FIRST}
    [found] = [f for f in findings_on(a_c_hasil(perolehan_suara=votes)) if f.code == "RES-OPTION-SET"]
    assert FIRST in found.expected
    assert FIRST not in found.seen


def test_kolom_kosong_stands_on_the_ballot_of_ciamis() -> None:
    tps = "3207011001001"
    bench = a_bench(tps=(tps,))
    assert verdict_on(a_c_hasil(tps, kontes="pkwkk-2024"), office="3207", bench=bench) == Accepted()
    votes = dict(list(some_votes("pkwkk-2024", tps).items())[:1])
    form = a_c_hasil(tps, kontes="pkwkk-2024", perolehan_suara=votes)
    assert "RES-OPTION-SET" in codes_on(form, office="3207", bench=bench)


def test_ids_of_a_kontes_without_a_registered_list_are_taken_as_they_are() -> None:
    bench = a_bench(pemilihan="pemilu-2024")
    form = a_c_hasil(kontes="pdpd-2024", perolehan_suara={"1": 100, "77": 100}, ss_diterima=332, ss_sisa=126)
    assert "RES-OPTION-SET" not in codes_on(form, bench=bench)


def test_a_legislative_form_has_a_block_per_party() -> None:
    bench = a_bench(pemilihan="pemilu-2024")
    by_party = {
        "1": PerolehanPartaiV1(suara_partai=10, suara_calon={"101": 20, "102": 70}, jumlah=100),
        "2": PerolehanPartaiV1(suara_partai=10, suara_calon={"201": 90}, jumlah=101),
    }
    form = a_c_hasil(kontes="pdpr-2024", perolehan_suara={"1": 201}).model_copy(
        update={"perolehan_suara": None, "perolehan_partai": by_party}
    )
    [found] = [f for f in findings_on(form, bench=bench) if f.tier is Tier.HOLD]
    assert (found.code, found.pointer, found.seen, found.expected) == (
        "RES-PARTY-SUM",
        "/perolehan_partai/2/jumlah",
        "101",
        "100",
    )
    assert "RES-OPTION-SET" in codes_on(a_c_hasil(kontes="pdpr-2024", perolehan_suara={"1": 201}), bench=bench)
    assert "RES-OPTION-SET" in codes_on(GOOD.model_copy(update={"perolehan_partai": by_party}))


# Blocks ----------------------------------------------------------------------------------------------------------

ADMINISTRASI = {name: None for name in type(GOOD).model_fields if name.startswith(("pemilih_", "pengguna_", "suara_"))}
VOTERS = {name: None for name in type(GOOD).model_fields if name.startswith(("pemilih_", "pengguna_"))}
REST = {name: None for name in type(GOOD).model_fields if name.startswith(("ss_", "disabilitas_"))}


@pytest.mark.parametrize(
    "unread", [ADMINISTRASI, VOTERS, {"perolehan_suara": None}, REST, {**ADMINISTRASI, **REST}, {**VOTERS, **REST}]
)
def test_a_block_may_be_unread_as_a_whole(unread: dict[str, None]) -> None:
    assert verdict_on(GOOD.model_copy(update=unread)) == Accepted()


@pytest.mark.parametrize("name", ["suara_sah", "pengguna_dpk_l", "ss_rusak", "disabilitas_p"])
def test_half_a_block_is_held(name: str) -> None:
    verdict = verdict_on(GOOD.model_copy(update={name: None}))
    assert isinstance(verdict, Held)
    assert "RES-COMPLETE" in {finding.code for finding in verdict.findings}


def test_one_unread_candidate_is_held() -> None:
    verdict = verdict_on(GOOD.model_copy(update={"perolehan_suara": {**VOTES, FIRST: None}}))
    assert isinstance(verdict, Held)
    assert [finding.code for finding in verdict.findings] == ["RES-COMPLETE"]


def test_unread_votes_filled_with_zeros_are_held() -> None:
    verdict = verdict_on(GOOD.model_copy(update={"perolehan_suara": dict.fromkeys(VOTES, 0), **ADMINISTRASI}))
    assert isinstance(verdict, Held)


# References ------------------------------------------------------------------------------------------------------


def test_a_result_waits_for_the_registration_of_its_tps() -> None:
    verdict = verdict_on(bench=a_bench(tps=()))
    assert isinstance(verdict, Held)
    assert [finding.code for finding in verdict.findings] == ["RES-TPS-KNOWN"]


def test_a_tps_of_another_pemilihan_is_another_place() -> None:
    assert codes_on(bench=a_bench(pemilihan="pemilu-2024")) == {"RES-TPS-KNOWN"}


def test_a_result_counts_from_the_number_after_the_registration() -> None:
    assert codes_on(sequence=1) == {"RES-TPS-KNOWN"}


def test_a_kontes_that_is_not_held_is_rejected() -> None:
    assert codes_on(GOOD.model_copy(update={"kontes": "pkwkp-1999"})) == {"REF-KONTES"}


def test_a_tps_outside_every_desa_is_rejected() -> None:
    tps = "3279999999001"
    form = a_c_hasil().model_copy(update={"tps": tps})
    assert "REF-WILAYAH" in codes_on(form, bench=a_bench(tps=(tps,)))


def test_every_rule_has_its_words_and_its_tier() -> None:
    rules = all_rules()
    assert len({rule.code for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.code in TIERS
        assert rule.source
        assert rule.judul
        assert rule.title
        assert rule.asked_of
