"""The hint: the one box whose one digit explains every difference, and silence wherever there is a choice."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.events import CHasilV1
from contracts.events.c_hasil_v1 import PerolehanPartaiV1
from contracts.verdict import Finding, Held, Tier
from tests.builders import KONTES_GUBERNUR, TPS, a_c_hasil, some_votes
from tests.unit.validator.courtroom import a_bench, findings_on, verdict_on

GOOD = a_c_hasil()
VOTES = some_votes(KONTES_GUBERNUR, TPS)
FIRST = next(iter(VOTES))


def hints(about: CHasilV1, **attributes: Any) -> list[Finding]:
    return [finding for finding in findings_on(about, **attributes) if finding.code == "RES-HINT-ONE-CELL"]


def misread(name: str, by: int) -> CHasilV1:
    """Return the good form with one figure misread."""
    figure = getattr(GOOD, name)
    assert isinstance(figure, int)
    return GOOD.model_copy(update={name: figure + by})


@pytest.mark.parametrize(
    ("name", "by"), [("suara_sah", 100), ("suara_total", 3), ("pengguna_total_l", 100), ("pengguna_dpt_p", 1)]
)
def test_a_misread_digit_is_named_with_what_it_should_be(name: str, by: int) -> None:
    form = misread(name, by)
    [hint] = hints(form)
    assert (hint.pointer, hint.seen, hint.expected) == (
        f"/{name}",
        str(getattr(form, name)),
        str(getattr(GOOD, name)),
    )
    assert hint.tier is Tier.INFO
    assert hint.expected in hint.pesan


def test_a_hint_changes_nothing_of_the_verdict() -> None:
    verdict = verdict_on(misread("suara_sah", 100))
    assert isinstance(verdict, Held)
    assert verdict.findings[-1].code == "RES-HINT-ONE-CELL", "help comes after the reasons"


def test_a_form_without_a_difference_gets_no_hint() -> None:
    assert not hints(GOOD)
    assert not hints(a_c_hasil(pemilih_dpt_l=0, pemilih_dpt_p=601, pemilih_dpt_j=601))


def test_votes_that_two_candidates_could_explain_give_no_hint() -> None:
    # One vote too many: it could have been misread in the box of any of them.
    votes = dict.fromkeys(VOTES, 55)
    good = a_c_hasil(perolehan_suara=votes)
    assert not hints(good.model_copy(update={"perolehan_suara": {**votes, FIRST: 56}}))


def test_votes_of_which_only_one_could_be_so_large_give_one() -> None:
    votes = dict.fromkeys(VOTES, 50)
    good = a_c_hasil(perolehan_suara=votes)
    read = {**votes, FIRST: 950}
    [hint] = hints(good.model_copy(update={"perolehan_suara": read}))
    assert (hint.pointer, hint.seen, hint.expected) == (f"/perolehan_suara/{FIRST}", "950", "50")


def test_two_misread_digits_give_no_hint() -> None:
    assert not hints(misread("suara_sah", 11))
    assert not hints(misread("suara_sah", 100).model_copy(update={"pemilih_dpt_j": 425}))


def test_a_figure_beyond_its_boxes_is_never_suggested_nor_repaired() -> None:
    assert not hints(GOOD.model_copy(update={"pemilih_dpt_p": 1165}))


def test_a_party_total_that_one_digit_explains_is_named() -> None:
    party = PerolehanPartaiV1(suara_partai=10, suara_calon={"7": 20, "8": 30}, jumlah=60)
    other = PerolehanPartaiV1(suara_partai=1, suara_calon={"9": 2}, jumlah=3)
    form = a_c_hasil(kontes="pdpr-2024", perolehan_suara={"1": 63}).model_copy(update={"perolehan_suara": None})
    bench = a_bench(pemilihan="pemilu-2024")
    wrong = party.model_copy(update={"jumlah": 80})
    [hint] = hints(form.model_copy(update={"perolehan_partai": {"1": wrong, "2": other}}), bench=bench)
    assert (hint.pointer, hint.expected) == ("/perolehan_partai/1/jumlah", "60")
