"""How likely a figure is by chance alone (docs/statistics.md)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

_CORRELATION_MAX: Final = 0.999
"""Every TPS all or nothing: beyond this the shape of the distribution has no numbers any more."""
DIGITS: Final = 10


def correlation_of(share: float, deviation: float, votes_mean: float) -> float:
    """Return how much more alike the votes of one TPS are than votes drawn one by one, from 0 (not at all) to 1.

    ``deviation`` is the standard deviation of the share between TPS, ``votes_mean`` how many votes one has.
    Of TPS that were drawn vote by vote the variance would be ``share * (1 - share) / votes``; what is beyond that
    is what neighbours have in common.
    """
    by_lot = share * (1 - share)
    if by_lot <= 0 or votes_mean <= 1:
        return 0.0
    within = 1 / votes_mean
    return min(max((deviation**2 / by_lot - within) / (1 - within), 0.0), _CORRELATION_MAX)


def at_most(votes: int, of: int, share: float, correlation: float) -> float:
    """Return the probability of at most ``votes`` of ``of`` votes: beta-binomial, binomial without correlation.

    It is summed term by term: meant for few votes.
    """
    if share <= 0 or votes >= of:
        return 1.0
    if share >= 1:
        return 0.0
    if correlation <= 0:
        terms = (
            _log_choose(of, taken) + taken * math.log(share) + (of - taken) * math.log1p(-share)
            for taken in range(votes + 1)
        )
    else:
        alike = (1 - correlation) / correlation
        ours, theirs = share * alike, (1 - share) * alike
        whole = _log_beta(ours, theirs)
        terms = (
            _log_choose(of, taken) + _log_beta(taken + ours, of - taken + theirs) - whole for taken in range(votes + 1)
        )
    return min(math.fsum(math.exp(term) for term in terms), 1.0)


def at_least(votes: int, of: int, share: float, correlation: float) -> float:
    """Return the probability of at least ``votes`` of ``of`` votes."""
    return at_most(of - votes, of, 1 - share, correlation)


def uniform(counts: Sequence[int]) -> tuple[float, float]:
    """Return chi-square of ``counts`` of the ten digits against all being as frequent, and its p-value."""
    assert len(counts) == DIGITS, "ten digits"
    expected = sum(counts) / DIGITS
    if expected == 0:
        return 0.0, 1.0
    value = math.fsum((count - expected) ** 2 for count in counts) / expected
    # Of nine degrees of freedom, an odd number, the tail has a closed form.
    half = math.exp(-value / 2) * math.sqrt(2 * value / math.pi)
    tail = math.erfc(math.sqrt(value / 2)) + half * (1 + value / 3 + value**2 / 15 + value**3 / 105)
    return value, min(tail, 1.0)


def _log_choose(of: int, taken: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(taken + 1) - math.lgamma(of - taken + 1)


def _log_beta(ours: float, theirs: float) -> float:
    return math.lgamma(ours) + math.lgamma(theirs) - math.lgamma(ours + theirs)
