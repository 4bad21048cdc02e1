"""Verdicts and problems: the gravest finding decides, and every answer can be read in both languages."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from contracts.problems import CATALOGUE, Problem, problem, problem_item
from contracts.verdict import Accepted, Finding, Held, Rejected, Tier, verdict_of
from tests.builders import a_finding

BY_TIER = {tier: a_finding(tier=tier) for tier in Tier}
SUBSETS = list(chain.from_iterable(combinations(BY_TIER.values(), size) for size in range(len(BY_TIER) + 1)))


@pytest.mark.parametrize("findings", SUBSETS, ids=lambda found: "+".join(one.tier for one in found) or "clean")
def test_the_gravest_finding_decides(findings: tuple[Finding, ...]) -> None:
    verdict = verdict_of(findings)
    tiers = {finding.tier for finding in findings}
    expected = Rejected if Tier.REJECT in tiers else Held if Tier.HOLD in tiers else Accepted
    assert type(verdict) is expected
    assert verdict.findings == findings


@pytest.mark.parametrize("findings", SUBSETS, ids=lambda found: "+".join(one.tier for one in found) or "clean")
def test_the_order_of_findings_decides_nothing(findings: tuple[Finding, ...]) -> None:
    assert type(verdict_of(findings)) is type(verdict_of(findings[::-1]))


def test_nobody_is_held_or_rejected_without_a_reason() -> None:
    for kind in (Held, Rejected):
        for tier in (Tier.FLAG, Tier.WARN, Tier.INFO):
            with pytest.raises(AssertionError):
                kind((BY_TIER[tier],))
        with pytest.raises(AssertionError):
            kind(())


def test_nothing_grave_is_accepted() -> None:
    for tier in (Tier.REJECT, Tier.HOLD):
        with pytest.raises(AssertionError):
            Accepted((BY_TIER[tier],))
    with pytest.raises(AssertionError):
        Held((BY_TIER[Tier.HOLD], BY_TIER[Tier.REJECT]))


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_answer_has_both_languages_and_a_fix(code: str) -> None:
    entry = CATALOGUE[code]
    assert entry.code == code
    assert entry.judul != entry.title
    assert entry.saran != entry.fix
    assert all(len(text) > 5 for text in (entry.judul, entry.title, entry.saran, entry.fix))
    assert 400 <= entry.status < 600


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_a_problem_carries_the_texts_of_its_code(code: str) -> None:
    item = problem_item(code, index=2, pointer="/data/tps", seen="32", expected="13 digits")
    answer = problem(code, "Two of three changes were taken.", [item])
    assert answer.type == f"/problems/{code}"
    assert answer.status == CATALOGUE[code].status
    assert answer.errors[0].judul == answer.judul
    assert Problem.model_validate_json(answer.model_dump_json()) == answer


def test_the_titles_of_problems_are_single() -> None:
    assert len({entry.title for entry in CATALOGUE.values()}) == len(CATALOGUE)
    assert len({entry.judul for entry in CATALOGUE.values()}) == len(CATALOGUE)
