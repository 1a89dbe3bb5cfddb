"""What a sale costs, line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstock.core.amounts import E4, E6
from backstock.sales.pricing import Ordered, Priced, price_lines


def line(quantity=1, price=100, discount_cents=0, tax_percent=0):
    return Ordered(quantity * E4, price * E6, discount_cents, tax_percent * 10_000)


@pytest.mark.parametrize(
    ("lines", "order_discount", "mode", "priced"),
    [
        ([line(2, 50)], 0, "exclusive", [Priced(10_000, 0, 0)]),
        ([line(1, 100, tax_percent=13)], 0, "exclusive", [Priced(10_000, 1_300, 0)]),
        ([line(1, 113, tax_percent=13)], 0, "inclusive", [Priced(10_000, 1_300, 0)]),
        ([line(1, 100, discount_cents=1_000, tax_percent=13)], 0, "exclusive", [Priced(9_000, 1_170, 0)]),
        ([line(1, 100), line(1, 200)], 100, "exclusive", [Priced(9_967, 0, 33), Priced(19_933, 0, 67)]),
        ([line(1, 0), line(1, 10)], 1_000, "exclusive", [Priced(0, 0, 0), Priced(0, 0, 1_000)]),
        ([line(1, 10, discount_cents=1_001)], 0, "exclusive", [Priced(-1, 0, 0)]),
    ],
)
def test_price(lines, order_discount, mode, priced):
    assert price_lines(lines, order_discount, mode, 2) == priced


@given(
    st.lists(st.builds(line, st.integers(1, 99), st.integers(0, 999), st.just(0), st.integers(0, 25)), min_size=1, max_size=6),
    st.integers(0, 10**6),
    st.sampled_from(["inclusive", "exclusive"]),
)  # fmt: skip
def test_the_order_discount_is_shared_to_the_cent(lines, discount, mode):
    priced = price_lines(lines, discount, mode, 2)

    assert sum(each.order_discount_cents for each in priced) == discount
    listed = sum(each.quantity_e4 * each.unit_price_e6 // (E4 * E6 // 100) for each in lines)
    paid = sum(each.net_cents + (each.tax_cents if mode == "inclusive" else 0) for each in priced)
    assert paid == listed - discount
