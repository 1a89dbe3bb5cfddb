"""What a line without a price costs: by the customer's level, the unit and the day."""

from datetime import date

import pytest

from backstock.core.permissions import SYSTEM
from backstock.partners.commands.revise import ArchivePartner, archive_partner
from backstock.sales.commands.sell import Sell, SellLine, sell
from backstock.sales.models import QuoteLine, SaleLine
from tests import build, build_catalog, build_sales
from tests.build import DAY, e4, e6
from tests.ledgers import refused

LATER = date(2026, 3, 1)


@pytest.fixture
def levels(shop):
    """Cups of 10, 8 for wholesale, 90 the box of twelve for it from March on; LAN buys wholesale, SUN does not."""
    build.product("CUP", 10, units={"box": 12})
    build_catalog.level("wholesale")
    build_catalog.price("CUP", 8, level="wholesale")
    build_catalog.price("CUP", 90, level="wholesale", unit="box", since=LATER)
    build.customer("LAN", level="wholesale")


def lines(*, customer="LAN", on=DAY, **more):
    line = SellLine(**{"sku": "CUP", "quantity_e4": e4(2), **more})
    order = Sell(customer=customer, lines=(line,), on=on, shipped="none", invoiced=False, paid="none")
    sell(order, actor=SYSTEM)
    found = SaleLine.objects.latest("pk")
    return found.unit, found.entered_e4, found.unit_price_e6, found.net_cents, found.quantity_e4


def test_the_level_of_the_customer_has_its_price_and_others_the_products(levels):
    assert lines() == ("", e4(2), e6(8), 1_600, e4(2))
    assert lines(customer="SUN") == ("", e4(2), e6(10), 2_000, e4(2))


def test_a_box_costs_its_own_price_from_its_day_and_pieces_before(levels):
    assert lines(unit="box") == ("box", e4(2), e6(96), 19_200, e4(24))
    assert lines(unit="box", on=LATER) == ("box", e4(2), e6(90), 18_000, e4(24))
    assert lines(unit="box", customer="SUN") == ("box", e4(2), e6(120), 24_000, e4(24))


def test_a_price_that_was_said_and_a_gift_go_before_the_list(levels):
    assert lines(unit_price_e6=e6(7))[2] == e6(7)
    assert lines(gift=True)[2:4] == (0, 0)


def test_a_batch_prices_each_order_for_its_customer_and_day(levels):
    orders = [
        Sell(customer=code, lines=(SellLine(sku="CUP", quantity_e4=e4(1), unit="box"),), on=on, shipped="none", paid="none")
        for code, on in (("LAN", DAY), ("SUN", DAY), ("LAN", LATER))
    ]  # fmt: skip
    sell.batch(orders, actor=SYSTEM)
    assert list(SaleLine.objects.order_by("pk").values_list("net_cents", flat=True)) == [9_600, 12_000, 9_000]


def test_a_quote_offers_the_price_of_the_level_and_the_order_keeps_it(levels):
    quote = build_sales.quoted(SellLine(sku="CUP", quantity_e4=e4(1), unit="box"), customer="LAN")
    assert QuoteLine.objects.values_list("unit", "unit_price_e6").get() == ("box", e6(96))
    build_catalog.price("CUP", 5, level="wholesale")
    build_sales.confirmed(quote)
    assert SaleLine.objects.values_list("unit", "unit_price_e6").get() == ("box", e6(96))


def test_who_was_archived_gets_no_new_order(levels):
    archive_partner(ArchivePartner(code="LAN", on=DAY), actor=SYSTEM)
    with refused("partner_archived"):
        lines()
    with refused("partner_archived"):
        build_sales.quoted(("CUP", 1), customer="LAN")


def test_what_was_archived_is_not_sold_any_more(levels):
    build_catalog.archived("CUP")
    with refused("product_archived"):
        lines()
