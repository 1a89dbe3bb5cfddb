"""Orders: discounts with their source, gifts, days to pay, who sold, and credit."""

from datetime import date

import pytest

from backstock.core.permissions import SYSTEM
from backstock.partners.models import Partner
from backstock.sales.commands.sell import OrderDiscount, Sell, SellLine, sell
from backstock.sales.models import Sale, SaleDiscount, SaleLine
from tests import build, build_sales
from tests.build import DAY, cents, e4, e6
from tests.ledgers import refused


def test_a_discount_keeps_where_it_comes_from_and_the_lines_share_the_sum(shop):
    discounts = (
        OrderDiscount(kind="threshold", code="200-20", amount_cents=2_000),
        OrderDiscount(kind="coupon", code="NEW", amount_cents=500),
    )
    build.sold(quantity=3, order_discount_cents=100, discounts=discounts)

    kept = list(SaleDiscount.objects.order_by("pk").values_list("kind", "code", "amount_cents"))
    assert kept == [("manual", "", 100), ("threshold", "200-20", 2_000), ("coupon", "NEW", 500)]
    line = SaleLine.objects.get()
    assert (line.order_discount_cents, line.net_cents) == (2_600, cents(300) - 2_600)


def test_a_gift_costs_nothing_whatever_the_list_or_the_line_says(shop):
    lines = (
        SellLine(sku="A", quantity_e4=e4(1)),
        SellLine(sku="A", quantity_e4=e4(2), unit_price_e6=e6(50), gift=True),
    )
    sell(Sell(customer="SUN", lines=lines, on=DAY), actor=SYSTEM)

    gift = SaleLine.objects.get(is_gift=True)
    assert (gift.unit_price_e6, gift.net_cents, gift.quantity_e4) == (0, 0, e4(2))


def test_money_is_due_by_the_days_of_the_customer_counted_anew_from_the_invoice(shop):
    Partner.objects.filter(code="SUN").update(payment_days=30)
    number = build_sales.ordered(quantity=1)
    assert build_sales.sale_row(number).due_on == date(2026, 2, 4)

    build_sales.shipped(number, on=date(2026, 1, 10))
    build_sales.billed(number, on=date(2026, 1, 10))
    assert build_sales.sale_row(number).due_on == date(2026, 2, 9)
    assert build_sales.sale_row(build_sales.ordered(payment_days=7)).due_on == date(2026, 1, 12)


def test_names_who_sold_it(people):
    number = build_sales.ordered(salesperson="wu")
    assert build_sales.sale_row(number).salesperson_id == people.wu.user_id
    with refused("invalid_input", field="salesperson"):
        build_sales.ordered(salesperson="nobody")


@pytest.fixture
def limited(people):
    Partner.objects.filter(code="SUN").update(credit_limit_cents=cents(300))
    build.sold(quantity=2, paid="none")
    return people


def test_what_was_agreed_may_be_owed_and_not_a_cent_more(limited):
    with refused("credit_limit_exceeded", limit_cents=cents(300), owed_cents=cents(200), sale_cents=cents(200)):
        build.sold(quantity=2, paid="none", actor=limited.wu)
    build.sold(quantity=1, paid="none", actor=limited.wu)
    build.sold(quantity=1, actor=limited.wu)


def test_who_may_exceed_the_limit_does_and_a_deposit_leaves_room(limited):
    part_paid = build.sold(quantity=2, paid={"cash": 100}, actor=limited.wu)
    beyond = build.sold(quantity=1, paid="none", actor=limited.admin)
    owed = {each.number: each.owed_cents for each in Sale.objects.all()}
    assert (owed[part_paid], owed[beyond]) == (cents(100), cents(100))


def test_two_orders_of_one_batch_share_the_limit(limited):
    first, second = sell.batch([build.sale(quantity=1, paid="none")] * 2, actor=limited.wu, mode="each")
    assert (first.document, second.error.code) == ("S000002", "credit_limit_exceeded")


def test_a_quote_is_not_credit_but_its_order_is(limited):
    quote = build_sales.quoted(("A", 2), actor=limited.wu)
    with refused("credit_limit_exceeded", sale_cents=cents(200)):
        build_sales.confirmed(quote, actor=limited.wu)
