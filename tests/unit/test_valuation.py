"""What pieces are worth when they leave a pool."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstock.stock.moves import NEW_LAYER, Pool
from backstock.stock.valuation import Taken, average_issue, fifo_issue, own_cost_issue, sellable_pool


@pytest.mark.parametrize(
    ("quantity", "held", "value", "issued"),
    [(1, 3, 100, 33), (2, 3, 100, 67), (3, 3, 100, 100), (1, 2, 101, 51), (1, 2, 1, 1), (1, 10, 0, 0)],
)
def test_an_average_issue_is_rounded_half_up_and_emptying_takes_the_rest(quantity, held, value, issued):
    assert average_issue(quantity, held, value) == issued


@pytest.mark.parametrize(
    ("quantity", "held", "value", "issued"), [(1, 3, 100, 33), (2, 3, 100, 66), (3, 3, 100, 100), (1, 2, 1, 0)]
)
def test_a_returned_piece_leaves_with_the_floor_of_its_own_cost(quantity, held, value, issued):
    assert own_cost_issue(quantity, held, value) == issued


POOLS = st.tuples(st.integers(1, 10**6), st.integers(0, 10**9))


@given(
    POOLS, st.lists(st.integers(1, 10**5), min_size=1, max_size=20), st.sampled_from([average_issue, own_cost_issue])
)
def test_whatever_leaves_in_whatever_parts_no_cent_is_left_behind_or_invented(pool, parts, issue):
    held, value = pool
    left, issued = value, 0
    for part in [*parts, held]:
        part = min(part, held)
        if part:
            cents = issue(part, held, left)
            held, left, issued = held - part, left - cents, issued + cents
            assert left >= 0
    assert (held, left, issued) == (0, 0, value)


def test_fifo_takes_the_oldest_layer_first_each_by_its_own_average():
    layers = [(Pool("layer", 30), 5, 500), (Pool("layer", 10), 2, 21), (Pool("layer", 20), 0, 0)]

    assert fifo_issue(3, layers) == [Taken(Pool("layer", 10), 2, 21), Taken(Pool("layer", 30), 1, 100)]


@given(st.lists(POOLS, min_size=1, max_size=8), st.data())
def test_fifo_takes_exactly_what_is_asked_and_empties_layers_exactly(pools, data):
    layers = [(Pool("layer", n), held, value) for n, (held, value) in enumerate(pools)]
    asked = data.draw(st.integers(1, sum(held for held, _ in pools)))

    taken = fifo_issue(asked, layers)

    by_pool = {pool: (held, value) for pool, held, value in layers}
    assert sum(part.quantity_e4 for part in taken) == asked
    assert all(part.value_cents == by_pool[part.pool][1] for part in taken if part.quantity_e4 == by_pool[part.pool][0])
    assert [part.quantity_e4 for part in taken[:-1]] == [by_pool[part.pool][0] for part in taken[:-1]]


@pytest.mark.parametrize(
    ("method", "tracked", "lot", "grade", "pool"),
    [
        ("average", False, 0, "", Pool("new")),
        ("average", True, 7, "", Pool("new")),
        ("fifo", False, 0, "", NEW_LAYER),
        ("fifo", True, 7, "", NEW_LAYER),
        ("specific", True, 7, "", Pool("lot", 7)),
        ("specific", False, 0, "", Pool("new")),
        ("average", True, 7, "B", Pool("grade:B", 0)),
        ("fifo", False, 0, "C", Pool("grade:C", 0)),
        ("specific", True, 7, "B", Pool("grade:B", 7)),
    ],
)
def test_what_becomes_sellable_enters_the_pool_of_the_cost_method_and_grade(method, tracked, lot, grade, pool):
    assert sellable_pool(method, tracked, lot, grade) == pool
