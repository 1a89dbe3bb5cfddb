"""The statistics of returns, against figures worked out by hand and against the documents one by one."""

from __future__ import annotations

from datetime import date

import pytest

from backstock.core.permissions import SYSTEM
from backstock.insight.returns import DIMENSIONS, Figures, Scope, products_of_supplier, returned, total
from tests import build
from tests.cast import HE, JIN, SUN

JANUARY = Scope(first=date(2026, 1, 1), last=date(2026, 1, 31))


def figures(by: str, key, scope: Scope = JANUARY) -> Figures:
    return returned(scope, by)[key]


def test_quantity_value_and_rate_by_hand(shop):
    first, second = build.sold(quantity=4), build.sold(quantity=1, customer=HE)
    build.settled(build.back_on_the_shelf(1, number=first))
    build.requested(second, 1, reason="late")
    assert figures("customer", _id(SUN)) == Figures(1, 1, 10_000, 10_000, 10_000, 10_000, 40_000, 40_000)
    assert figures("customer", _id(HE)) == Figures(1, 1, 10_000, 0, 10_000, 0, 10_000, 10_000)
    assert figures("reason", "late") == Figures(1, 1, 10_000, 0, 10_000, 0, 50_000, 50_000)
    assert figures("month", "2026-01") == Figures(2, 2, 20_000, 10_000, 20_000, 10_000, 50_000, 50_000)
    assert figures("month", "2026-01").quantity_rate_e4 == 4_000
    assert figures("supplier", _id(JIN)).sold_e4 == 50_000
    assert figures("category", "").returns == 2
    assert figures("product", _product("A")).value_rate_e4 == 4_000


def _id(code: str) -> int:
    from backstock.partners.models import Partner

    return Partner.objects.values_list("pk", flat=True).get(code=code)


def _product(sku: str) -> int:
    from backstock.catalog.models import Product

    return Product.objects.values_list("pk", flat=True).get(sku=sku)


def test_turned_down_and_withdrawn_requests_count_only_when_asked_for(shop):
    from backstock.returns.commands.approve import RejectReturn, reject_return

    rma = build.requested(build.sold(quantity=2))
    reject_return(RejectReturn(document=rma, reason="no"), actor=SYSTEM)
    assert figures("month", "2026-01").returns == 0
    everything = Scope(first=JANUARY.first, last=JANUARY.last, with_refused=True)
    assert figures("month", "2026-01", everything).returns == 1


def test_a_return_of_two_products_is_one_return(shop):
    from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
    from backstock.sales.commands.sell import Sell, SellLine, sell

    build.product("B", 50)
    build.bought("B", 5)
    lines = tuple(SellLine(sku=sku, quantity_e4=10_000) for sku in "AB")
    number = sell(Sell(customer=SUN, lines=lines, paid="all", on=build.DAY), actor=SYSTEM).document
    asked = tuple(RequestLine(sku=sku, quantity_e4=10_000) for sku in "AB")
    request_return(RequestReturn(sale=number, lines=asked, on=build.DAY), actor=SYSTEM)
    by_product, by_month = returned(JANUARY, "product"), returned(JANUARY, "month")
    assert [each.returns for each in by_product.values()] == [1, 1]
    assert total(list(by_product.values()), by_month["2026-01"].returns) == by_month["2026-01"]


def test_a_kit_counts_as_the_kit(shop):
    build.product("T", 5)
    build.bought("T", 50, 3)
    build.product("KIT", 200, kit={"A": 1, "T": 5})
    number = build.sold("KIT", 2)
    build.requested(number, 1, "KIT")
    assert figures("product", _product("KIT")) == Figures(1, 1, 10_000, 0, 20_000, 0, 20_000, 40_000)


def test_foreign_currency_is_told_in_the_companys(shop):
    number = build.sold(quantity=2, currency="USD", rate_e9=7_123_456_789, paid="none", unit_price_e6=10_000_000)
    build.requested(number, 1)
    found = figures("month", "2026-01")
    assert (found.value_cents, found.sold_cents) == (7_123, 14_247)


def test_a_blind_return_counts_at_its_stated_price(shop):
    from backstock.returns.commands.request import RequestLine, RequestReturn, request_return

    line = RequestLine(sku="A", quantity_e4=15_000 * 2, unit_price_e6=33_333_333)
    request_return(RequestReturn(customer=SUN, lines=(line,), on=build.DAY), actor=SYSTEM)
    assert figures("month", "2026-01").value_cents == 10_000


def test_filters_by_channel_category_and_warehouse(shop):
    build.product("C", 10, category="tea")
    build.bought("C", 5)
    build.requested(build.sold("C", 2, channel="online"), 1, "C")
    build.requested(build.sold(quantity=1), 1)
    days = {"first": JANUARY.first, "last": JANUARY.last}

    def returns(**more) -> int:
        return sum(each.returns for each in returned(Scope(**days, **more), "month").values())

    from backstock.warehouse.models import Warehouse

    main = Warehouse.objects.get(code="MAIN").pk
    assert returns() == 2
    assert returns(channel="online") == 1
    assert returns(category="tea") == 1
    assert (returns(warehouse_id=main), returns(warehouse_id=main + 1)) == (2, 0)


def test_the_largest_figures_fit(shop):
    build.product("BIG", price=10**6)
    build.bought("BIG", 1000, 1)
    number = build.sold("BIG", 1000, paid="none")
    build.requested(number, 999, "BIG")
    assert figures("product", _product("BIG")).value_cents == 999 * 10**8


def test_products_belong_to_who_delivered_them_last(shop):
    build.supplier("OTHER")
    build.product("N")
    assert products_of_supplier(_id(JIN)) == [_product("A")]
    assert products_of_supplier(0) == [_product("N")]


@pytest.mark.parametrize("by", DIMENSIONS)
def test_each_view_costs_two_statements_and_adds_up(shop, by):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for quantity in (1, 2, 3):
        build.requested(build.sold(quantity=quantity), quantity, reason=f"r{quantity}")
    with CaptureQueriesContext(connection) as captured:
        found = returned(JANUARY, by)
    assert len(captured) == 2
    assert sum(each.asked_e4 for each in found.values()) == 60_000
    assert sum(each.value_cents for each in found.values()) == 60_000
