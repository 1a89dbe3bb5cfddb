"""Credits that returns leave on an account are prepayments: they settle documents, are paid out, stand with their step."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.owing.commands.allocate import Allocate, allocate_money
from backstock.owing.models import PartnerPayment, PaymentLine
from backstock.owing.queries import payments, prepayments
from backstock.partners.models import Partner
from backstock.purchases.models import PurchaseReceipt
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.refunds.commands.undo import UndoSettlement, undo_settlement
from backstock.returns.commands.request import request_return
from backstock.sales.models import SaleTender
from tests import build
from tests.build import DAY, e4, e6
from tests.build_purchases import at_the_vendor, credited
from tests.cast import JIN, SUN
from tests.commands.test_allocate import allocated, back, refunded, released
from tests.commands.test_receive_money import open_of, receivable
from tests.commands.test_undo import undone
from tests.ledgers import refused, written


def blind():
    """A return without a sale, on the shelf again, worth 100."""
    line = {"sku": "A", "quantity_e4": e4(1), "unit_price_e6": e6(100), "unit_cost_e6": e6(60)}
    raw = {"customer": SUN, "lines": [line], "on": DAY.isoformat()}
    number = request_return(request_return.parse(raw), actor=SYSTEM).document
    return build.disposed(build.inspected(build.received(build.approved(number, 1), 1), 1), 1)


def on_account_of(rma):
    settle_return(SettleReturn(document=rma, to="receivable", on=DAY), actor=SYSTEM)
    return PartnerPayment.objects.get(reference=rma, undone_log_id=0).number


def settlement_undone(rma):
    return undo_settlement(UndoSettlement(document=rma, on=DAY), actor=SYSTEM)


def test_what_was_credited_without_a_sale_settles_one(shop):
    credit = on_account_of(blind())
    assert (credit, receivable()) == ("AC000001", -10_000)
    sale = build.sold(quantity=2, paid="none")
    with written() as ledgers:
        assert allocated(credit, {sale: 60}).answer == {"document": credit, "left_cents": 4_000}
    assert ledgers.money == []
    assert (open_of(sale), receivable(), SaleTender.objects.get().tender) == (14_000, 10_000, "return_credit")
    released(credit, sale)
    allocated(credit)
    assert (open_of(sale), PaymentLine.objects.get().rest_cents) == (10_000, 0)


def test_a_sale_that_a_credit_settled_gives_it_back_as_a_credit(shop):
    sale = build.sold(quantity=1, paid="none")
    allocated(on_account_of(blind()))
    rma = build.back_on_the_shelf(number=sale)
    with written() as ledgers:
        build.settled(rma)
    assert ledgers.money == [
        "sales_returns / receivable 100.00", "receivable / refunds_payable 100.00", "refunds_payable / receivable 100.00",
    ]  # fmt: skip
    assert receivable() == -10_000
    customer = Partner.objects.get(code=SUN).pk
    assert [(row.number, cents) for row, cents in prepayments("receivable", customer)] == [("AC000002", 10_000)]


def test_a_credit_is_paid_out_or_taken_back_where_it_came_from(shop):
    rma = blind()
    credit = on_account_of(rma)
    with refused("credit_of_return", document=credit, source=rma):
        back(credit)
    settlement_undone(rma)
    assert (receivable(), prepayments("receivable", Partner.objects.get(code=SUN).pk)) == (0, [])
    with refused("unknown_document", document=credit):
        allocated(credit)
    again = on_account_of(rma)
    refunded(again, 30, "bank")
    with refused("credit_used", document=again, asked_cents=10_000, left_cents=7_000):
        settlement_undone(rma)
    assert list(payments("receivable")) == []


def test_the_credit_of_a_supplier_settles_a_purchase(shop):
    rma = at_the_vendor(2)
    credited(rma, 100, 1, tax_cents=1_300)
    credited(rma, 20)
    credits = [row.number for row in PartnerPayment.objects.order_by("pk")]
    receipt = PurchaseReceipt.objects.get()
    before = receipt.owed_cents
    for number in credits:
        allocate_money(Allocate(document=number, settles="oldest", on=DAY), actor=SYSTEM)
    receipt.refresh_from_db()
    assert before - receipt.owed_cents == 13_300
    with refused("credit_used", document=credits[1], asked_cents=2_000, left_cents=0):
        undone(rma, "vendor_credit")
    released(credits[1], receipt.number)
    undone(rma, "vendor_credit")
    assert prepayments("payable", Partner.objects.get(code=JIN).pk) == []


def test_a_supplier_pays_its_credit_out(shop):
    rma = at_the_vendor(1)
    credited(rma, 60)
    with written() as ledgers:
        refunded("AC000001", 60, "bank")
    assert ledgers.money == ["bank / payable 60.00"]


@pytest.mark.parametrize("amount", [0, 60])
def test_a_credit_of_nothing_leaves_nothing(shop, amount):
    credited(at_the_vendor(1), amount)
    assert PartnerPayment.objects.count() == (1 if amount else 0)
