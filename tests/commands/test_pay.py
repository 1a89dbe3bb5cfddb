"""Take a customer's money for a sale."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.sales.commands.pay import PaySale, pay_sale
from backstock.sales.commands.sell import Tender
from backstock.sales.models import Payment, Sale, SaleTender
from tests import build
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
