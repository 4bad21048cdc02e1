"""Probabilities behind findings, beside what is known of them exactly."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from services.sync.core.chance import at_least, at_most, correlation_of, uniform


@pytest.mark.parametrize(("votes", "of", "share"), [(0, 200, 0.1), (4, 210, 0.02), (3, 7, 0.5), (11, 300, 0.25)])
def test_votes_drawn_one_by_one_are_binomial(votes: int, of: int, share: float) -> None:
    exact = sum(
        math.comb(of, taken) * Fraction(share) ** taken * (1 - Fraction(share)) ** (of - taken)
        for taken in range(votes + 1)
    )
    assert at_most(votes, of, share, 0) == pytest.approx(float(exact), rel=1e-9)
    assert at_least(of - votes, of, 1 - share, 0) == pytest.approx(float(exact), rel=1e-9)


@pytest.mark.parametrize("votes", [0, 7, 99])
def test_where_every_share_is_as_likely_every_count_is(votes: int) -> None:
    # A correlation of a third around a half: beta(1, 1), the uniform distribution.
    assert at_most(votes, 100, 0.5, 1 / 3) == pytest.approx((votes + 1) / 101, rel=1e-9)


@pytest.mark.parametrize(
    ("votes", "of", "share", "probability"),
    [(5, 100, 0.0, 1.0), (5, 100, 1.0, 0.0), (100, 100, 1.0, 1.0), (-1, 100, 0.5, 0.0)],
)
def test_what_nobody_or_everybody_votes_for_is_certain(votes: int, of: int, share: float, probability: float) -> None:
    assert at_most(votes, of, share, 0) == probability


def test_a_stronghold_is_expected_and_a_lone_one_is_not() -> None:
    alike = correlation_of(0.8, 0.15, 250)
    assert at_least(250, 250, 0.8, alike) > 0.001
    assert at_least(250, 250, 0.8, correlation_of(0.8, 0.03, 250)) < 1e-6


def test_what_neighbours_have_in_common_is_what_a_draw_does_not_explain() -> None:
    by_lot = math.sqrt(0.3 * 0.7 / 200)
    assert correlation_of(0.3, by_lot, 200) == pytest.approx(0, abs=1e-9)
    assert correlation_of(0.3, by_lot / 2, 200) == 0
    assert correlation_of(0.3, math.sqrt(0.3 * 0.7), 200) == pytest.approx(0.999)
    assert correlation_of(1.0, 0.1, 200) == 0


def test_uneven_digits_have_the_tail_of_chi_square() -> None:
    counts = [130, 90, 95, 105, 80, 110, 100, 90, 115, 85]
    value, probability = uniform(counts)
    assert value == pytest.approx(sum((count - 100) ** 2 for count in counts) / 100)
    # Simpson's rule over the density of nine degrees of freedom, far into its tail.
    steps, end = 20_000, 400.0
    width = (end - value) / steps
    density = [
        (at := value + nth * width) ** 3.5 * math.exp(-at / 2) / (2**4.5 * math.gamma(4.5)) for nth in range(steps + 1)
    ]
    integral = width / 3 * (density[0] + density[-1] + 4 * sum(density[1:-1:2]) + 2 * sum(density[2:-1:2]))
    assert probability == pytest.approx(integral, rel=1e-6)


@pytest.mark.parametrize("count", [0, 100])
def test_even_digits_are_likely(count: int) -> None:
    assert uniform([count] * 10) == (0.0, 1.0)
