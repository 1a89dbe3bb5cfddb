"""Take a customer's money for a sale."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.sales.commands.pay import PayBack, PaySale, pay_back, pay_sale
from backstock.sales.commands.sell import Tender
from backstock.sales.models import Payment, Sale, SaleTender
from tests import build, build_sales
from tests.build import DAY, cents
from tests.ledgers import refused, written


def money(sale, **tenders):
    return PaySale(
        sale=sale,
        on=DAY,
        tenders=tuple(Tender(tender=name, amount_cents=cents(amount)) for name, amount in tenders.items()),
    )


def test_books_each_tender_onto_its_account(shop):
    sale = build.sold(paid={"card": 20})
    with written() as ledgers:
        pay_sale(money(sale, card=30, cash=40), actor=SYSTEM)

    assert ledgers.money == ["bank / receivable 30.00", "cash / receivable 40.00"]
    assert set(SaleTender.objects.values_list("tender", "paid_cents")) == {("card", 5_000), ("cash", 4_000)}
    assert (Sale.objects.get().owed_cents, Payment.objects.count()) == (11_000, 3)


def test_refuses_more_than_is_owed_nothing_at_all_and_an_unknown_sale(shop):
    sale = build.sold(paid={"card": 150})
    with refused("payment_exceeds_owed", document=sale, asked_cents=5_001, owed_cents=5_000):
        pay_sale(money(sale, cash="50.01"), actor=SYSTEM)
    with refused("quantity_required", document=sale):
        pay_sale(money(sale), actor=SYSTEM)
    with refused("unknown_document", document="R1"):
        pay_sale(money("R1", cash=1), actor=SYSTEM)


def test_two_payments_of_one_batch_never_pay_more_than_is_owed(shop):
    sale = build.sold(paid="none")
    first, second, third = pay_sale.batch(
        [money(sale, cash=150), money(sale, cash=51), money(sale, cash=50)], actor=SYSTEM, mode="each"
    )

    assert (second.error.code, second.error.owed_cents) == ("payment_exceeds_owed", 5_000)
    assert {first.document, third.document} == {sale}
    assert Sale.objects.get().owed_cents == 0


@pytest.mark.parametrize("tender", ["receivable", "original"])
def test_refuses_words_that_mean_something_else_in_a_refund(shop, tender):
    sale = build.sold(paid="none")
    with refused("invalid_input", field="tenders.0.tender"):
        pay_sale(pay_sale.parse({"sale": sale, "tenders": [{"tender": tender, "amount_cents": 1}]}), actor=SYSTEM)


def test_a_deposit_may_be_paid_before_anything_is_billed_up_to_what_the_order_costs(shop):
    sale = build_sales.ordered(quantity=2, shipping_cents=500)
    pay_sale(money(sale, card=150), actor=SYSTEM)
    assert Sale.objects.get().owed_cents == -cents(150)
    with refused("payment_exceeds_owed", asked_cents=cents(56), owed_cents=cents(55)):
        pay_sale(money(sale, card=56), actor=SYSTEM)

    build_sales.shipped(sale, 2)
    build_sales.billed(sale)
    pay_sale(money(sale, cash=55), actor=SYSTEM)
    assert Sale.objects.get().owed_cents == 0


def test_a_closed_order_takes_only_what_its_shipped_goods_cost_and_gives_the_rest_back(shop):
    sale = build_sales.ordered(quantity=3, paid={"card": 150, "cash": 100})
    build_sales.shipped(sale, 1)
    assert build_sales.closed(sale) == cents(150)
    with refused("payment_exceeds_owed", owed_cents=0):
        pay_sale(money(sale, cash=1), actor=SYSTEM)
    with refused("no_deposit", asked_cents=cents(151), left_cents=cents(150)):
        pay_back(back(sale, card=151), actor=SYSTEM)
    with refused("no_deposit", asked_cents=cents(101), left_cents=cents(100)):
        pay_back(back(sale, cash=101), actor=SYSTEM)
    with refused("quantity_required", document=sale):
        pay_back(back(sale), actor=SYSTEM)

    with written() as ledgers:
        pay_back(back(sale, card=100, cash=50), actor=SYSTEM)
    assert ledgers.money == ["receivable / bank 100.00", "receivable / cash 50.00"]
    assert set(SaleTender.objects.values_list("tender", "paid_cents")) == {("card", cents(50)), ("cash", cents(50))}
    assert (Sale.objects.get().owed_cents, Sale.objects.get().paid_cents) == (-cents(100), cents(100))
    build_sales.billed(sale)
    assert Sale.objects.get().owed_cents == 0


def back(sale, **tenders):
    return PayBack(sale=sale, on=DAY, tenders=money(sale, **tenders).tenders)
