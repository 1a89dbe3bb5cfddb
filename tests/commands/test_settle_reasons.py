"""A settlement explains itself and follows its preview; an allowance is money off goods that stay with the customer."""

import random

import pytest

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.money.models import Transfer
from backstock.refunds.commands.settle import SettleReturn
from backstock.refunds.commands.undo import UndoSettlement, undo_settlement
from backstock.refunds.errors import NothingToRefund, RefundExceedsReturn
from backstock.refunds.explaining import parts_of_line, parts_of_total
from backstock.refunds.models import CreditNote, CreditNoteLine
from backstock.refunds.queries import figures_of, note_figures, previewed, refund_figures
from backstock.returns.commands.cancel import CloseReturn, close_return
from backstock.returns.queries import legal_actions, loaded_return
from backstock.sales.models import Sale, SaleLine, SaleTender
from tests import build
from tests.build import DAY, e4
from tests.ledgers import on_account, refused, written


def allowed(sale, amount_cents, quantity=1):
    """An approved allowance."""
    return build.approved(build.requested(sale, quantity, type="allowance", amount_cents=amount_cents))


def trial_balance():
    """What all accounts sum to, debits less credits."""
    rows = Transfer.objects.values_list("debit_id", "credit_id", "amount_cents")
    found = dict.fromkeys({account for debit, credit, _ in rows for account in (debit, credit)}, 0)
    for debit, credit, cents in rows:
        found[debit] += cents
        found[credit] -= cents
    return sum(found.values())


def test_a_credit_note_keeps_why_it_gives_what_it_gives(shop):
    sale = build.sold(quantity=3, order_discount_cents=1_000, shipping_cents=500)
    rma = build.back_on_the_shelf(1, number=sale)
    plan = previewed(SettleReturn(document=rma, on=DAY, shipping_cents=500, fee_cents=200))
    build.settled(rma, shipping_cents=500, fee_cents=200)

    assert CreditNoteLine.objects.get().parts == [["price", 10_000, ""], ["discount_manual", -334, ""]]
    assert CreditNote.objects.get().parts == [["goods", 9_666, ""], ["shipping", 500, ""], ["fee_agreed", -200, ""]]
    assert CreditNote.objects.get().parts == [each.kept() for each in parts_of_total(plan.shares, plan.wish)]
    assert CreditNoteLine.objects.get().parts == [each.kept() for each in parts_of_line(plan.shares[0].lines[0])]


def test_an_allowance_gives_money_and_leaves_the_goods_where_they_are(shop):
    sale = build.sold(quantity=2, paid={"card": 200})
    rma = allowed(sale, 4_000, 2)
    assert "refunds.settle" in legal_actions(loaded_return(rma))
    assert "returns.receive" not in legal_actions(loaded_return(rma))
    with written() as ledgers:
        build.settled(rma)

    assert ledgers.goods == []
    assert ledgers.money[0] == "sales_returns / receivable 40.00"
    assert (refund_figures(rma).by, note_figures(rma).net_cents) == ({"card": 4_000}, 4_000)
    assert CreditNoteLine.objects.get().parts == [["allowance", 4_000, ""]]
    with refused("nothing_to_refund"):
        build.settled(rma)


def test_goods_with_an_allowance_come_back_for_what_they_cost_in_the_end(shop):
    sale = build.sold(quantity=2)
    rma = allowed(sale, 4_000, 2)
    build.settled(rma)
    close_return(CloseReturn(document=rma, on=DAY), actor=SYSTEM)
    for _ in range(2):
        build.settled(build.back_on_the_shelf(1, number=sale))

    assert [*CreditNoteLine.objects.order_by("pk").values_list("net_cents", flat=True)] == [4_000, 8_000, 8_000]
    assert CreditNoteLine.objects.last().parts == [["price", 10_000, ""], ["allowed_before", -2_000, ""]]
    assert (Sale.objects.get().refunded_cents, on_account(Role.cash)) == (20_000, "0.00")


def test_an_allowance_of_an_unpaid_sale_is_taken_off_the_debt_and_can_be_taken_back(shop):
    sale = build.sold(quantity=2, paid="none")
    rma = build.settled(allowed(sale, 4_000))
    assert (refund_figures(rma).by, SaleLine.objects.get().allowed_net_cents) == ({"receivable": 4_000}, 4_000)

    undo_settlement(UndoSettlement(document=rma, on=DAY), actor=SYSTEM)

    assert (SaleLine.objects.get().allowed_net_cents, Sale.objects.get().owed_cents) == (0, 20_000)
    assert "refunds.settle" in legal_actions(loaded_return(rma))


def test_an_allowance_names_its_amount_and_never_exceeds_what_was_billed(shop):
    sale = build.sold(quantity=1)
    with refused("invalid_input"):
        build.requested(sale, type="allowance")
    rma = allowed(sale, 99_900)
    build.settled(rma)

    assert refund_figures(rma).by == {"cash": 10_000}


def test_goods_that_may_not_come_back_may_have_an_allowance(shop):
    build.product("N", 100, returnable=False)
    build.bought("N")
    sale = build.sold("N", 1)
    with refused("not_returnable"):
        build.requested(sale, 1, "N")

    rma = build.requested(sale, 1, "N", type="allowance", amount_cents=2_500)
    assert refund_figures(build.settled(build.approved(rma, sku="N"))).by == {"cash": 2_500}


@pytest.mark.parametrize("seed", range(2))
def test_any_sequence_of_returns_and_allowances_sums_to_the_cent(shop, seed):
    """The preview is the result, no tender gives more than it got, and the books balance after every step."""
    rng = random.Random(seed)
    build.product("T", "33.33", tax="0.13")
    build.bought("T", 20)
    paid = {"cash": 50, "card": rng.choice([20, 80]), "store_credit": 30}
    sale = build.sold("T", 5, paid=paid, order_discount_cents=777)
    left = 5
    while left:
        if rng.random() < 0.3:
            rma = build.approved(
                build.requested(sale, 1, "T", type="allowance", amount_cents=rng.randint(1, 500)), sku="T"
            )
        else:
            part = rng.randint(1, left)
            rma, left = build.back_on_the_shelf(part, "T", sale), left - part
        for amount in (*([rng.randint(1, 3_000)] if rng.random() < 0.4 else []), None):
            wish = {"amount_cents": amount, "fee_cents": 0}
            try:
                seen = figures_of(previewed(SettleReturn(document=rma, on=DAY, **wish)).shares)
            except (NothingToRefund, RefundExceedsReturn):
                continue
            before = refund_figures(rma)
            build.settled(rma, **wish)
            done = refund_figures(rma)
            assert {name: done.by[name] - before.by.get(name, 0) for name in seen.by} == seen.by
            assert trial_balance() == 0
        close_return(CloseReturn(document=rma, on=DAY), actor=SYSTEM)
    row, line = Sale.objects.get(), SaleLine.objects.get()
    assert (line.refunded_net_cents, line.refunded_tax_cents) == (line.net_cents, line.tax_cents)
    assert row.refunded_cents == row.credited_cents == row.invoiced_cents
    assert all(each.refunded_cents == each.paid_cents for each in SaleTender.objects.all())
    assert line.refunded_e4 == e4(5)
