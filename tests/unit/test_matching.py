"""Points for goods without an owner: what only one parcel can have weighs most; every point has its reason."""

from __future__ import annotations

import pytest

from backstock.returns.dock.matching import POINTS, Expected, Seen, fit, same_name, same_phone, same_place


@pytest.mark.parametrize(
    ("seen", "known", "how"),
    [
        ("13800001234", "138-0000-1234", "phone"),
        ("+86 138 0000 1234", "13800001234", "phone"),
        ("138****1234", "13800001234", "phone_part"),
        ("138****1235", "13800001234", ""),
        ("1234", "13800001234", "phone_part"),
        ("***", "13800001234", ""),
        ("", "13800001234", ""),
        ("13800001234", "", ""),
        ("99912345678", "13800001234", ""),
    ],
)
def test_a_phone_is_compared_as_far_as_it_can_be_read(seen, known, how):
    assert same_phone(seen, [known]) == how


@pytest.mark.parametrize(
    ("seen", "known", "how"),
    [
        ("刘芳", "刘芳", "name"),
        ("刘*", "刘芳", "name_part"),
        ("李某", "李雷", "name_part"),
        ("刘芳", "张三", ""),
        ("刘", "刘芳", ""),
        ("", "刘芳", ""),
        ("sun wei", "Sun Wei", "name"),
    ],
)
def test_a_name_is_compared_as_far_as_it_can_be_read(seen, known, how):
    assert same_name(seen, known) == how


def test_a_place_of_the_route_stands_in_the_address():
    assert same_place("浙江 杭州", "浙江省杭州市滨江区") == "浙江"
    assert same_place("北京", "浙江省杭州市") == ""


def test_points_are_the_sum_of_the_reasons():
    seen = Seen(
        tracking="SF1", phone="138****1234", name="刘芳", route="杭州", weight_grams=980, goods={1: 2}, serials=frozenset({7})
    )  # fmt: skip
    expected = Expected(
        tracking=frozenset({"SF1"}), phones=frozenset({"13800001234"}), name="刘芳", address="杭州市", weights=frozenset({1000}),
        goods={1: 2, 2: 1}, lots=frozenset({7, 8}),
    )  # fmt: skip
    found = fit(seen, expected)
    codes = [code for code, _ in found.reasons]
    assert codes == ["tracking", "phone_part", "name", "route", "weight", "serial", "sku", "quantity"]
    assert found.points == sum(POINTS[code] for code in codes)


def test_a_serial_number_beats_a_product_that_many_wait_for():
    seen = Seen(goods={1: 1}, serials=frozenset({7}))
    exact, same = fit(seen, Expected(goods={1: 2}, lots=frozenset({7}))), fit(seen, Expected(goods={1: 1}))
    assert exact.points > same.points > 0


def test_nothing_shared_is_no_candidate():
    assert (
        fit(
            Seen(goods={1: 1}, weight_grams=100, phone="138****1234"), Expected(goods={2: 1}, weights=frozenset({500}))
        ).points
        == 0
    )


def test_a_weight_far_off_or_unknown_says_nothing():
    expected = Expected(weights=frozenset({1000}))
    assert [fit(Seen(weight_grams=each), expected).points for each in (0, 899, 900, 1100, 1101)] == [0, 0, 8, 8, 0]
