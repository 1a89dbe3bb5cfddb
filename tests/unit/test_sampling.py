"""ISO 2859-1, single sampling, normal inspection, level II: figures that everybody in the trade knows by heart."""

import pytest

from backstock.returns.quality.sampling import AQLS, LOTS, sample_plan


@pytest.mark.parametrize(
    ("lot", "aql", "letter", "size", "accept"),
    [
        (500, "2.5", "H", 50, 3), (501, "2.5", "J", 80, 5), (1200, "2.5", "J", 80, 5), (1201, "2.5", "K", 125, 7),
        (3201, "2.5", "L", 200, 10), (10_001, "2.5", "M", 315, 14), (35_001, "2.5", "N", 500, 21),
        (500, "4.0", "H", 50, 5), (1000, "4.0", "J", 80, 7), (1000, "1.0", "J", 80, 2), (2000, "1.0", "K", 125, 3),
        (1000, "0.65", "J", 80, 1), (100, "6.5", "F", 20, 3), (280, "1.5", "G", 32, 1),
        # The arrows of the table: up to a smaller sample, down to a larger one.
        (30, "2.5", "C", 5, 0), (60, "2.5", "F", 20, 1), (60, "1.0", "E", 13, 0), (300, "0.25", "H", 50, 0),
        (150_001, "2.5", "N", 500, 21), (10, "1.0", "E", 10, 0), (2, "2.5", "C", 2, 0), (1, "6.5", "A", 1, 0),
    ],
)  # fmt: skip
def test_the_plan_is_that_of_the_standard(lot, aql, letter, size, accept):
    plan = sample_plan(lot, aql)
    assert (plan.letter, plan.size, plan.accept, plan.reject) == (letter, size, accept, accept + 1)
    assert plan.passes(accept)
    assert not plan.passes(accept + 1)


def test_every_lot_and_aql_has_a_plan_that_is_never_larger_than_the_lot():
    for lot in (1, 2, *LOTS, *(each + 1 for each in LOTS), 10**9):
        for aql in AQLS:
            plan = sample_plan(lot, aql)
            assert 0 < plan.size <= lot
            assert plan.accept >= 0
