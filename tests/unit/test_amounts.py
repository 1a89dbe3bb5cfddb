"""Rounding and sharing of integers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstock.core import amounts


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (0, 3, 0), (1, 3, 0), (1, 2, 1), (2, 3, 1), (3, 2, 2), (5, 2, 3), (7, 2, 4), (10, 4, 3), (9, 4, 2),
        (-1, 3, 0), (-1, 2, -1), (-3, 2, -2), (-5, 2, -3), (1, -2, -1), (-1, -2, 1),
    ],
)  # fmt: skip
def test_half_up_rounds_halves_away_from_zero(numerator, denominator, rounded):
    assert amounts.half_up(numerator, denominator) == rounded


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**12))
def test_half_up_is_never_further_off_than_half(numerator, denominator):
    assert abs(amounts.half_up(numerator, denominator) * denominator - numerator) * 2 <= denominator


@pytest.mark.parametrize(
    ("total", "part", "whole", "share"),
    [(100, 1, 3, 33), (100, 2, 3, 66), (100, 3, 3, 100), (100, 0, 3, 0), (0, 2, 3, 0), (7, 1, 0, 0), (1, 1, 2, 0)],
)
def test_a_share_is_the_floor(total, part, whole, share):
    assert amounts.share(total, part, whole) == share


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [33, 33, 34]),
        (100, [1, 0, 1, 0], [50, 0, 50, 0]),
        (101, [1, 0, 1, 0], [50, 0, 51, 0]),
        (10, [0, 0], [0, 10]),
        (10, [], []),
        (0, [3, 4], [0, 0]),
        (1, [999, 1], [0, 1]),
    ],
)
def test_spread_gives_the_rest_to_the_last_with_a_weight(total, weights, parts):
    assert amounts.spread(total, weights) == parts


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=12))
def test_a_spread_adds_up_and_gives_nobody_less_than_the_floor(total, weights):
    parts, whole = amounts.spread(total, weights), sum(weights)

    assert sum(parts) == total
    assert all(part >= amounts.share(total, weight, whole) for part, weight in zip(parts, weights, strict=True))
    assert not whole or all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)


@pytest.mark.parametrize(
    ("quantity_e4", "price_e6", "digits", "cents"),
    [
        (20_000, 100_000_000, 2, 20_000),
        (30_000, 333_333, 2, 100),
        (5_000, 10_000, 2, 1),  # half a cent
        (4_999, 10_000, 2, 0),
        (10_000, 1_500_000, 0, 2),  # 1.5 yen
        (10_000, 1_234_500, 3, 1235),  # 1.2345 dinar
    ],
)
def test_a_line_is_rounded_half_up_once(quantity_e4, price_e6, digits, cents):
    assert amounts.line_cents(quantity_e4, price_e6, digits) == cents


@given(st.integers(0, 10**10), st.integers(0, 10**6))
def test_the_tax_inside_a_gross_amount_is_the_tax_on_its_net(net, rate_e6):
    gross = net + amounts.tax_on_top(net, rate_e6)

    assert abs(amounts.tax_inside(gross, rate_e6) - amounts.tax_on_top(net, rate_e6)) <= 1


@pytest.mark.parametrize(
    ("cents", "rate_e9", "base"),
    [(1000, 10**9, 1000), (1000, 7_100_000_000, 7100), (1, 1_500_000_000, 2), (333, 333_333_333, 111)],
)
def test_an_amount_is_converted_half_up(cents, rate_e9, base):
    assert amounts.to_base_cents(cents, rate_e9) == base


@pytest.mark.parametrize(("cents", "step", "rounded"), [(12, 5, 10), (13, 5, 15), (7, 1, 7), (25, 10, 30), (0, 5, 0)])
def test_cash_is_rounded_to_the_smallest_coin(cents, step, rounded):
    assert amounts.round_to(cents, step) == rounded


@pytest.mark.parametrize(
    ("value", "digits", "integer"),
    [("1.5", 4, 15_000), (2, 4, 20_000), (Decimal("0.0001"), 4, 1), ("-3.2", 2, -320), ("1e3", 2, 100_000), (0, 6, 0)],
)
def test_normal_notation_becomes_an_integer(value, digits, integer):
    assert amounts.scaled(value, digits) == integer


@pytest.mark.parametrize("value", ["0.00001", "x", "", "NaN", "Infinity", "-inf", "1.2.3", None, "1e-9"])
def test_what_is_finer_than_its_unit_or_no_number_is_refused(value):
    with pytest.raises(ValueError, match=r"is not a number|decimals"):
        amounts.scaled(value, 4)


@pytest.mark.parametrize(
    ("value", "digits", "trim", "text"),
    [
        (15_000, 4, True, "1.5"), (20_000, 4, True, "2"), (-15_000, 4, True, "-1.5"), (5, 4, True, "0.0005"),
        (1_200, 2, False, "12.00"), (-5, 2, False, "-0.05"), (7, 0, False, "7"), (0, 2, True, "0"), (-10, 1, True, "-1"),
    ],
)  # fmt: skip
def test_a_scaled_integer_is_written_in_normal_notation(value, digits, trim, text):
    assert amounts.decimal_text(value, digits, trim) == text


@given(st.integers(-(10**15), 10**15), st.integers(0, 9), st.booleans())
def test_what_is_written_reads_back_the_same(value, digits, trim):
    assert amounts.scaled(amounts.decimal_text(value, digits, trim), digits) == value
