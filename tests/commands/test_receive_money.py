"""Customers' money settles what they owe, the oldest first; the rest stays on their account."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.money.queries import partner_balance
from backstock.owing.commands.receive import receive_money
from backstock.owing.models import Allocation, OpeningItem, PartnerPayment, PaymentLine
from backstock.partners.models import Partner
from backstock.purchases.models import PurchaseReceipt
from backstock.sales.models import Payment, Sale, SaleTender
from tests import build
from tests import build_owing as owing
from tests.build import DAY, cents, e6
from tests.cast import HE, SUN
from tests.ledgers import on_account, refused, written

USD = {"currency": "USD", "rate_e9": 7 * 10**9}


def open_of(number):
    return Sale.objects.get(pk=int(number[1:])).owed_cents


def receivable(code=SUN):
    return partner_balance(Partner.objects.get(code=code).pk, Role.receivable)


def test_the_oldest_is_settled_first_and_the_rest_is_kept(shop):
    second = build.sold(quantity=1, paid="none", on=DAY.replace(day=9))
    first = build.sold(quantity=1, paid="none")
    with written() as ledgers:
        number = owing.received({"cash": 70, "wechat": 50}, on=DAY.replace(day=10))

    assert number == "CR000001"
    assert ledgers.money == ["cash / receivable 70.00", "bank / receivable 50.00"]
    assert (open_of(first), open_of(second), receivable()) == (0, 8_000, 8_000)
    assert set(SaleTender.objects.values_list("sale_id", "tender", "paid_cents")) == {
        (int(first[1:]), "cash", 7_000), (int(first[1:]), "wechat", 3_000), (int(second[1:]), "wechat", 2_000),
    }  # fmt: skip
    assert Payment.objects.count() == Allocation.objects.count() == 3

    owing.received(100, on=DAY.replace(day=11))
    assert (open_of(second), receivable()) == (0, -2_000)
    assert PaymentLine.objects.get(rest_cents=2_000).payment.number == "CR000002"


def test_money_settles_the_documents_that_are_named(shop):
    first, second = build.sold(quantity=1, paid="none"), build.sold(quantity=1, paid="none")
    owing.received(150, settles={second: None, first: 20})
    assert (open_of(first), open_of(second)) == (8_000, 0)
    assert PaymentLine.objects.get().rest_cents == cents(30)
    owing.received(10, settles="none")
    assert open_of(first) == 8_000


def test_a_discount_is_an_expense_and_comes_off_the_bill(shop):
    sale = build.sold(quantity=1, paid="none")
    with written() as ledgers:
        owing.received(98, discount=2)
    assert ledgers.money == ["expenses / receivable 2.00", "cash / receivable 98.00"]
    assert (open_of(sale), receivable()) == (0, 0)
    with refused("discount_exceeds_open", document=SUN, asked_cents=200, open_cents=0):
        owing.received(98, discount=2)

    with written() as ledgers:
        build.settled(build.back_on_the_shelf(number=sale))
    assert {"refunds_payable / expenses 2.00", "refunds_payable / cash 98.00"} <= set(ledgers.money)
    assert (on_account(Role.expenses), on_account(Role.cash), receivable()) == ("0.00", "0.00", 0)


def test_another_rate_than_the_sales_is_an_exchange_difference(shop):
    build.sold(quantity=1, paid="none", unit_price_e6=e6(10), **USD)
    with written() as ledgers:
        owing.received({"bank": 4}, currency="USD", rate_e9=7_100_000_000)
        owing.received({"bank": 8}, currency="USD", rate_e9=6_500_000_000)
    assert ledgers.money == [
        "bank / receivable 28.00", "bank / exchange_differences 0.40",
        "bank / receivable 13.00", "bank / receivable 42.00", "exchange_differences / bank 3.00",
    ]  # fmt: skip
    assert receivable() == -1_300


def test_refuses_what_does_not_fit(shop):
    sale, other = build.sold(quantity=1, paid="none"), build.sold(quantity=1, paid="none", customer=HE)
    dollars = build.sold(quantity=1, paid="none", **USD)
    with refused("unknown_partner", partner="nobody"):
        owing.received(1, partner="nobody")
    with refused("quantity_required"):
        owing.received({})
    with refused("wrong_partner", document=other, partner=SUN):
        owing.received(1, settles={other: None})
    with refused("wrong_currency", document=dollars, wanted="CNY", found="USD"):
        owing.received(1, settles={dollars: None})
    with refused("unknown_document", document="S000999"):
        owing.received(1, settles={"S000999": None})
    with refused("allocation_exceeds_open", document=sale, asked_cents=10_001, open_cents=10_000):
        owing.received(200, settles={sale: "100.01"})
    with refused("allocation_exceeds_rest", document=SUN, asked_cents=6_000, left_cents=5_000):
        owing.received(50, settles={sale: 60})
    owing.received(100, settles={sale: None})
    with refused("nothing_open", document=sale):
        owing.received(100, settles={sale: None})


@pytest.mark.parametrize("tender", ["receivable", "discount", "write_off", "set_off"])
def test_refuses_words_that_are_no_money(shop, tender):
    raw = {"partner": SUN, "lines": [{"tender": tender, "amount_cents": 1}]}
    with refused("invalid_input", field="lines.0.tender"):
        receive_money(receive_money.parse(raw), actor=SYSTEM)


def test_two_receipts_of_one_batch_never_settle_the_same_twice(shop):
    sale = build.sold(quantity=1, paid="none")
    first, second, third = receive_money.batch(
        [owing.receipt(80), owing.receipt(30, settles={sale: 30}), owing.receipt(30)], actor=SYSTEM, mode="each"
    )
    assert (second.error.code, second.error.open_cents) == ("allocation_exceeds_open", 2_000)
    assert (first.answer["left_cents"], third.answer["left_cents"]) == (0, 1_000)
    assert open_of(sale) == 0


def test_debts_from_before_are_settled_like_any_other(shop):
    with written() as ledgers:
        debt = owing.owed(300, reference="INV-7", due_on=DAY.replace(day=1))
        ahead = owing.owed(50, prepayment=True)
        owing.owed(80, partner="JIN", side="payable")
    assert (debt, ahead) == ("OI000001", "CR000001")
    assert ledgers.money == [
        "receivable / opening_balances 300.00", "opening_balances / receivable 50.00", "opening_balances / payable 80.00",
    ]  # fmt: skip
    build.sold(quantity=1, paid="none")
    owing.received(310)
    assert (OpeningItem.objects.get(pk=1).owed_cents, receivable()) == (0, 4_000)
    with refused("unknown_partner"):
        owing.owed(1, partner="nobody")


def test_a_supplier_is_paid_from_an_account_that_has_the_money(shop):
    owing.owed(80, partner="JIN", side="payable", invoiced_on=DAY.replace(day=1))
    owing.account("ICBC", opening=100)
    with refused("account_short", account="1001", asked_cents=5_000, left_cents=0):
        owing.paid({"ICBC": 20, "cash": 50})
    with written() as ledgers:
        number = owing.paid({"ICBC": 75}, discount=5)
    assert (number, PartnerPayment.objects.get().side) == ("SP000001", "payable")
    assert ledgers.money == ["payable / other_income 5.00", "payable / bank.ICBC 75.00"]
    assert OpeningItem.objects.get().owed_cents == 0


def test_purchases_are_paid_like_everything_else_that_is_owed(shop):
    bought = PurchaseReceipt.objects.get()
    with written() as ledgers:
        owing.paid({"bank": 610})
    assert ledgers.money == ["payable / bank 610.00"]
    bought.refresh_from_db()
    assert (bought.owed_cents, bought.paid_cents, PaymentLine.objects.get().rest_cents) == (0, 60_000, 1_000)
