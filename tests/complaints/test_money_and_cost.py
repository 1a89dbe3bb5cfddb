"""Complaints about sums, cost, status and double refunds: ranks 1, 4, 7 and 10."""

from __future__ import annotations

import pytest

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.refunds.commands.undo import UndoSettlement, undo_settlement
from backstock.refunds.queries import refund_figures
from backstock.returns.commands.approve import RejectReturn, reject_return
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.queries import legal_actions, loaded_return
from backstock.sales.queries import sale_figures
from tests import build
from tests.build import DAY, e4, e6
from tests.cast import SUN
from tests.ledgers import on_account, refused, written


def refunded(rma):
    return refund_figures(rma).total_cents


def blind(sku, **line):
    """Ask for one piece that no sale is known of."""
    wanted = RequestLine(sku=sku, quantity_e4=e4(1), unit_price_e6=e6(9), **line)
    return request_return(RequestReturn(customer=SUN, lines=(wanted,), on=DAY), actor=SYSTEM).document


@pytest.mark.parametrize("first", [1, 2])
def test_a_whole_order_discount_is_shared_and_the_parts_add_up_to_the_cent(shop, first):
    """Rank 1: refund wrong under a whole-order discount; 150 + 60 less 20 % (Solidus 512, PrestaShop 18319)."""
    build.product("B", "33.33", tax="0.13")
    build.bought("B", 5, 10)
    sale = build.sold("B", 3, order_discount_cents=1_000)
    one = build.settled(build.back_on_the_shelf(first, "B", sale))
    rest = build.settled(build.back_on_the_shelf(3 - first, "B", sale))
    assert refunded(one) + refunded(rest) == round((9_999 - 1_000) * 1.13)


def test_the_fee_is_named_and_shipping_is_given_back_once(shop):
    """Rank 1: no clean way to refund shipping; named fees deducted from a refund (Solidus 2628, WooCommerce 50577)."""
    build.policy(restocking_fee_e6=e6("0.1"))
    sale = build.sold("A", 1, shipping_cents=600)
    rma = build.settled(build.back_on_the_shelf(1, "A", sale), shipping_cents=600)
    figures = refund_figures(rma)
    assert (figures.goods_cents, figures.shipping_cents, figures.fee_cents, figures.total_cents) == (
        10_000, 600, 1_000, 9_600,
    )  # fmt: skip


def test_a_mistyped_credit_on_account_is_corrected_by_its_opposite(shop):
    """Rank 1: a mistyped refund cannot be corrected (PrestaShop 25079)."""
    rma = build.settled(build.back_on_the_shelf(1, "A", build.sold("A", 1, paid="none")), amount_cents=1)
    undo_settlement(UndoSettlement(document=rma, on=DAY), actor=SYSTEM)
    assert refunded(build.settled(rma)) == 10_000


def test_what_left_is_what_comes_back_whatever_was_bought_since(shop):
    """Rank 4: returns at zero, at today's average, at the sale amount (ERPNext 24618, 38849; GoodERP 1904)."""
    rma = build.requested(build.sold("A", 2), 2)
    build.bought("A", 10, "200")
    build.approved(rma)
    with written() as ledgers:
        build.received(rma, 2)
    assert ledgers.goods == ["A 2 customer → quarantine 120.00"]


def test_goods_without_a_history_need_a_stated_cost(shop):
    """Rank 4: a zero rate is refused, or replaced by a stated rule (ERPNext 51508)."""
    build.product("NEW")
    with refused("cost_required", sku="NEW"):
        blind("NEW")
    rma = build.approved(blind("NEW", unit_cost_e6=e6(7)), sku="NEW")
    with written() as ledgers:
        build.received(rma, sku="NEW")
    assert ledgers.goods == ["NEW 1 customer → quarantine 7.00"]


def test_order_delivery_and_billing_say_what_is_true_after_a_return(shop):
    """Rank 7: delivered, billed, returned, still "to bill"; a status of partial return (ERPNext 50832, 52521)."""
    sale = build.sold("A", 3)
    rma = build.settled(build.back_on_the_shelf(1, "A", sale))
    figures = sale_figures(sale)
    assert (figures.status, figures.invoiced_cents, figures.refunded_cents) == ("part_returned", 30_000, 10_000)
    assert "refunds.settle" not in legal_actions(loaded_return(rma))
    build.settled(build.back_on_the_shelf(2, "A", sale))
    assert sale_figures(sale).status == "returned"


def test_a_rejected_request_leaves_the_order_as_it_was(shop):
    """Rank 7: a rejection should not reopen the sale order (ERPNext 50419)."""
    sale = build.sold("A", 3)
    before = sale_figures(sale)
    reject_return(RejectReturn(document=build.requested(sale, 2), reason="no", on=DAY), actor=SYSTEM)
    assert sale_figures(sale) == before


def test_a_retry_with_another_key_does_not_pay_again(shop):
    """Rank 10: a retry sends a new key, the customer may be paid twice (Medusa 16681)."""
    rma = build.back_on_the_shelf(1)
    settle_return(SettleReturn(document=rma, on=DAY), actor=SYSTEM, key="first")
    paid = on_account(Role.cash)
    with refused("nothing_to_refund", document=rma):
        settle_return(SettleReturn(document=rma, on=DAY), actor=SYSTEM, key="second")
    settle_return(SettleReturn(document=rma, on=DAY), actor=SYSTEM, key="first")
    assert (on_account(Role.cash), refunded(rma)) == (paid, 10_000)


def test_a_refund_in_another_currency_goes_back_at_the_rate_of_the_sale(shop):
    """Rank 10: booked at a different rate than the original invoice (Odoo 219561)."""
    sale = build.sold("A", 1, currency="USD", rate_e9=7_123_456_789)
    build.settled(build.back_on_the_shelf(1, "A", sale))
    assert (on_account(Role.receivable), on_account(Role.cash)) == ("0.00", "0.00")
