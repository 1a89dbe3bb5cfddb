"""Prepayments: settle something later, take an allocation back, give the money back, undo the whole receipt."""

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.money.queries import partner_balance
from backstock.owing.commands.allocate import Allocate, allocate_money
from backstock.owing.commands.refund import RefundPrepayment, refund_prepayment
from backstock.owing.commands.release import Release, release_money
from backstock.owing.commands.set_off import SetOff, set_off
from backstock.owing.commands.take_back import TakePaymentBack, take_payment_back
from backstock.owing.models import OpeningItem, PartnerPayment, PaymentLine
from backstock.partners.models import Partner
from backstock.sales.models import Sale, SaleTender
from backstock.sales.orders import Tender
from tests import build
from tests import build_owing as owing
from tests.build import DAY, cents, e6
from tests.cast import HE, SUN
from tests.commands.test_receive_money import USD, open_of, receivable
from tests.ledgers import on_account, refused, written


def allocated(document, settles="oldest"):
    return allocate_money(Allocate(document=document, settles=owing._settles(settles), on=DAY), actor=SYSTEM)


def released(document, target):
    return release_money(Release(document=document, target=target, on=DAY), actor=SYSTEM)


def refunded(document, amount, tender="cash"):
    line = Tender(tender=tender, amount_cents=cents(amount))
    return refund_prepayment(RefundPrepayment(document=document, line=line, on=DAY), actor=SYSTEM)


def back(document):
    return take_payment_back(TakePaymentBack(document=document, on=DAY), actor=SYSTEM)


def test_what_was_paid_ahead_settles_what_comes_later(shop):
    ahead = owing.received(150)
    sale = build.sold(quantity=1, paid="none")
    with written() as ledgers:
        assert allocated(ahead).answer == {"document": ahead, "left_cents": 5_000}
    assert ledgers.money == []
    assert (open_of(sale), receivable()) == (0, -5_000)
    assert SaleTender.objects.get().tender == "cash"
    with refused("nothing_open", document=ahead):
        allocated(ahead)
    for number in ("CR000999", sale):
        with refused("unknown_document", document=number):
            allocated(number)


def test_settling_later_at_another_rate_posts_the_difference(shop):
    ahead = owing.received({"bank": 10}, currency="USD", rate_e9=7_500_000_000)
    build.sold(quantity=1, paid="none", unit_price_e6=e6(10), **USD)
    with written() as ledgers:
        allocated(ahead)
    assert ledgers.money == ["receivable / exchange_differences 5.00"]
    assert receivable() == 0


def test_an_allocation_is_taken_back_exactly(shop):
    first, second = build.sold(quantity=1, paid="none"), build.sold(quantity=1, paid="none")
    number = owing.received({"cash": 60, "card": 90})
    released(number, first)
    assert (open_of(first), open_of(second), receivable()) == (10_000, 5_000, 5_000)
    assert sorted(SaleTender.objects.values_list("tender", "paid_cents")) == [("card", 0), ("card", 5_000), ("cash", 0)]
    with refused("nothing_open", document=first):
        released(number, first)
    allocated(number, {second: None})
    assert (open_of(second), PaymentLine.objects.get(tender="cash").rest_cents) == (0, 1_000)


def test_what_was_refunded_stays_settled(shop):
    sale = build.sold(quantity=1, paid="none")
    number = owing.received(100)
    build.settled(build.back_on_the_shelf(number=sale))
    for step in (lambda: released(number, sale), lambda: back(number)):
        with refused("allocation_refunded", document=sale, asked_cents=10_000, left_cents=0):
            step()


def test_a_prepayment_goes_back(shop):
    number = owing.received({"cash": 30, "card": 20})
    with refused("allocation_exceeds_rest", document=number, asked_cents=5_001, left_cents=5_000):
        refunded(number, "50.01")
    with refused("account_short", account="1001"):
        refunded(number, 40)
    with written() as ledgers:
        refunded(number, 40, "bank")
    assert ledgers.money == ["receivable / bank 40.00"]
    assert receivable() == -1_000
    with refused("allocation_exceeds_rest", document=number):
        back(number)


def test_a_wrong_receipt_is_undone_with_all_that_it_settled(shop):
    first = build.sold(quantity=1, paid="none", on=DAY.replace(day=1))
    build.sold(quantity=1, paid="none", unit_price_e6=e6(10), **USD)
    number = owing.received({"bank": 120})
    dollars = owing.received({"bank": 4}, currency="USD", rate_e9=7_100_000_000)
    allocated_balance = receivable()
    with written() as ledgers:
        back(number)
        back(dollars)
    assert ledgers.money == [
        "receivable / bank 120.00", "receivable / bank 28.00", "exchange_differences / bank 0.40",
    ]  # fmt: skip
    assert (open_of(first), receivable() - allocated_balance, on_account(Role.bank)) == (10_000, 14_800, "0.00")
    assert PartnerPayment.objects.filter(undone_log_id=0).count() == 0
    with refused("unknown_document", document=number):
        back(number)
    with refused("unknown_document", document=number):
        allocated(number)


def test_cash_that_was_spent_cannot_be_undone(shop):
    number = owing.received(20)
    owing.booked("expense", 5)
    with refused("account_short", account="1001", asked_cents=2_000, left_cents=1_500):
        back(number)


def test_both_sides_of_a_partner_are_set_off(shop):
    Partner.objects.filter(code=SUN).update(is_supplier=True)
    sale, debt = build.sold(quantity=1, paid="none"), owing.owed(60, side="payable")
    with refused("allocation_exceeds_open", asked_cents=6_001, open_cents=6_000):
        set_off(SetOff(partner=SUN, amount_cents=6_001, on=DAY), actor=SYSTEM)
    with written() as ledgers:
        done = set_off(SetOff(partner=SUN, on=DAY), actor=SYSTEM)
    assert done.answer == {"receivable": "CR000001", "payable": "SP000002"}
    assert ledgers.money == ["payable / receivable 60.00"]
    assert (open_of(sale), OpeningItem.objects.get(pk=int(debt[2:])).owed_cents, receivable()) == (4_000, 0, 4_000)
    for code in (SUN, HE):
        with refused("nothing_open", document=code):
            set_off(SetOff(partner=code, on=DAY), actor=SYSTEM)
    with refused("unknown_partner"):
        set_off(SetOff(partner="nobody", on=DAY), actor=SYSTEM)

    with written() as ledgers:
        back("SP000002")
    assert ledgers.money == ["receivable / payable 60.00"]
    assert (Sale.objects.get().owed_cents, partner_balance(Partner.objects.get(code=SUN).pk, Role.payable)) == (
        10_000, -6_000,
    )  # fmt: skip
