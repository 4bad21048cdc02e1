"""What several files ended with is told by the gravest."""

from __future__ import annotations

from itertools import product

from services.desk.core.ending import Ending


def test_every_two_endings_have_a_gravest_in_either_order() -> None:
    for one, other in product(Ending, Ending):
        assert Ending.gravest(one, other) is Ending.gravest(other, one) in {one, other}
        assert Ending.gravest(one, Ending.DONE) is one
