"""Policies about the rest of a sale: a discount that is lost, a gift that is kept, days of use."""

from datetime import timedelta

from backstock.core.permissions import SYSTEM
from backstock.refunds.models import CreditNoteLine
from backstock.refunds.queries import refund_figures
from backstock.sales.commands.sell import SellLine, sell
from backstock.sales.models import Sale
from backstock.sales.orders import OrderDiscount
from tests import build
from tests.build import DAY

FULL300 = OrderDiscount(kind="threshold", code="300-50", amount_cents=5_000, from_cents=30_000)


def total(rma):
    return refund_figures(rma).total_cents


def back(quantity, sale, sku="A"):
    return build.settled(build.back_on_the_shelf(quantity, sku, sale))


def test_goods_that_stay_below_the_threshold_cost_their_price(shop):
    """Four at 100 with 满300减50; three come back: the one that stays costs 100, so 250 go back, and the rest with it."""
    build.policy(threshold_lost="repriced")
    sale = build.sold(quantity=4, discounts=(FULL300,))

    first = back(3, sale)
    assert total(first) == 25_000
    assert CreditNoteLine.objects.get().parts == [
        ["price", 30_000, ""], ["discount_threshold", -3_750, "300-50"], ["held_threshold", -1_250, ""],
    ]  # fmt: skip

    last = back(1, sale)
    assert total(last) == 8_750
    assert total(build.settled(first)) == 26_250
    assert Sale.objects.get().refunded_cents == 35_000


def test_the_discount_is_shared_where_the_policy_says_nothing(shop):
    sale = build.sold(quantity=4, discounts=(FULL300,))

    assert [total(back(3, sale)), total(back(1, sale))] == [26_250, 8_750]


def test_a_second_return_does_not_lose_the_same_discount_again(shop):
    build.policy(threshold_lost="repriced")
    sale = build.sold(quantity=4, discounts=(FULL300,))

    assert [total(back(2, sale)), total(back(1, sale))] == [15_000, 8_750]


def test_a_gift_that_is_kept_is_taken_off(shop):
    build.policy(gift_kept="deduct")
    build.product("G", 15)
    build.bought("G")
    wanted = build.sale("A", 1)
    gift = SellLine(sku="G", quantity_e4=build.e4(1), gift=True)
    sale = sell(type(wanted)(**{**vars(wanted), "lines": (*wanted.lines, gift)}), actor=SYSTEM).document

    rma = back(1, sale)
    assert total(rma) == 8_500
    assert CreditNoteLine.objects.get().parts == [["price", 10_000, ""], ["held_gift", -1_500, ""]]


def test_use_is_paid_for_by_the_day(shop):
    build.policy(usage_per_day_e6=10_000, usage_free_days=7)
    sale, later = build.sold(quantity=1), DAY + timedelta(days=17)
    rma = build.approved(build.requested(sale, on=later), on=later)
    for step in (build.received, build.inspected, build.disposed):
        step(rma, on=later)
    build.settled(rma, on=later)

    assert (total(rma), refund_figures(rma).fee_cents) == (9_000, 1_000)
