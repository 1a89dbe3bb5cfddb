"""After the settlement: granted is not paid. The worker asks the gateway, and what it says is written down, once."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.refunds.commands.report import ReportRefund, report_refund
from backstock.refunds.commands.undo import UndoSettlement, undo_settlement
from backstock.refunds.models import CreditNote, Payout, Refund
from backstock.refunds.outbox import ask_open, pay_due
from backstock.refunds.queries import refund_figures
from backstock.sales.models import SaleTender
from tests import build
from tests.build import DAY
from tests.build_refunds import AT_ONCE, SLOWLY, confirmed, gateway, granted, paid, refund
from tests.ledgers import on_account, refused, written


def said(status, **more):
    return report_refund(ReportRefund(refund=refund().number, status=status, on=DAY, **more), actor=SYSTEM)


def test_money_leaves_when_the_gateway_has_paid_and_not_before(shop):
    with gateway() as strict:
        with written() as ledgers:
            rma = granted()
        assert ledgers.money[-1] == "receivable / refunds_payable 100.00"
        assert (refund().status, on_account(Role.refunds_payable)) == ("granted", "-100.00")

        with written() as ledgers:
            assert paid() == "paid"

    assert ledgers.money == ["refunds_payable / bank 100.00"]
    assert (refund().paid_on, refund().reference) == (DAY, f"G-{refund().payout.key}")
    assert (strict.calls, refund_figures(rma).status, on_account(Role.refunds_payable)) == (1, "paid", "0.00")
    assert pay_due() == 0


def test_a_refund_that_failed_is_asked_for_once_more_by_the_same_key(shop):
    with gateway("fails") as strict:
        rma = granted()
        assert paid() == "failed"
        assert (refund().problem, on_account(Role.refunds_payable)) == ("refused", "-100.00")
        key = refund().payout.key
        assert pay_due() == 0
        with written() as ledgers:
            build.settled(rma)
        assert ledgers.money == []
        assert paid() == "paid"

    assert (list(strict.paid), CreditNote.objects.count(), refund().problem) == ([key], 1, "")


def test_a_time_out_is_settled_by_asking_and_never_by_paying_again(shop):
    with gateway("times_out") as strict:
        rma = granted()
        assert paid() == "sent"
        assert pay_due() == 0
        with refused("money_already_sent", document=rma):
            undo_settlement(UndoSettlement(document=rma, on=DAY), actor=SYSTEM)
        ask_open()
        assert paid() == "paid"

    assert (strict.calls, len(strict.paid), on_account(Role.bank)) == (1, 1, "0.00")


def test_what_the_gateway_never_heard_of_is_sent_by_its_key(shop):
    with gateway() as strict:
        granted()
        # The worker died between writing `sent` down and calling.
        said("sent")
        assert paid() == "paid"
    assert len(strict.paid) == 1


def test_nobody_knows_after_three_calls_without_an_answer_and_it_still_resolves(shop, monkeypatch):
    with gateway("times_out") as strict:
        granted()
        paid(AT_ONCE)
        strict.deaf = 2
        assert [paid(AT_ONCE) for _ in "12"] == ["sent", "unknown"]
        assert paid(AT_ONCE) == "paid"
    assert len(strict.paid) == 1


def test_a_person_pays_where_there_is_no_gateway(shop):
    rma = granted()
    assert (refund_figures(rma).status, Payout.objects.count()) == ("granted", 0)
    confirmed(refund().number, reference="B-77")
    assert (refund().status, refund().reference, on_account(Role.bank)) == ("paid", "B-77", "0.00")
    confirmed(refund().number)
    assert on_account(Role.bank) == "0.00"


def test_money_that_comes_back_is_owed_again(shop):
    rma = granted(paid_by_hand=True)
    with written() as ledgers:
        confirmed(refund().number, "failed")
    assert ledgers.money == ["bank / refunds_payable 100.00"]
    undo_settlement(UndoSettlement(document=rma, on=DAY), actor=SYSTEM)
    assert (refund().status, SaleTender.objects.get().refunded_cents) == ("undone", 0)
    build.settled(rma, paid_by_hand=True)
    assert on_account(Role.bank) == "0.00"


def test_money_comes_back_into_the_account_that_it_left(shop):
    rma = build.back_on_the_shelf(number=build.sold(quantity=1, paid={"cash": 50, "card": 50}))
    build.settled(rma, paid_by_hand=True)
    with written() as ledgers:
        confirmed(Refund.objects.get(tender="card").number, "failed")
    assert ledgers.money == ["bank / refunds_payable 50.00"]


def test_a_granted_refund_is_taken_back_and_never_sent(shop):
    with gateway() as strict:
        rma = granted()
        undo_settlement(UndoSettlement(document=rma, on=DAY), actor=SYSTEM)
        assert pay_due() == 0
        with refused("transition_not_allowed", wanted="sent"):
            said("sent")
    assert (strict.calls, on_account(Role.refunds_payable)) == (0, "0.00")


def test_where_a_gateway_pays_a_persons_word_does_not_count(shop):
    with gateway():
        granted()
        with refused("gateway_decides", tender="card"):
            confirmed(refund().number)
        with refused("unknown_document"):
            confirmed("F999999")


def test_a_gateway_says_the_same_twice_and_it_is_paid_once(shop):
    granted(price=50)
    for status in ("sent", "sent", "paid", "paid"):
        said(status, reference="G1")
    with refused("transition_not_allowed", current="paid", wanted="sent"):
        said("sent")
    assert on_account(Role.bank) == "0.00"


@pytest.mark.parametrize("status", ["unknown", "undone"])
def test_refuses_states_that_do_not_follow(shop, status):
    rma = granted()
    if status == "undone":
        undo_settlement(UndoSettlement(document=rma, on=DAY), actor=SYSTEM)
    with refused("transition_not_allowed"):
        said("unknown")


@pytest.mark.parametrize("tender", ["cash", "store_credit"])
def test_what_the_till_paid_does_not_come_back_by_word(shop, tender):
    granted(tender=tender)
    with refused("transition_not_allowed", current="paid", wanted="failed"):
        confirmed(refund().number, "failed")


def test_a_till_and_store_credit_pay_at_once(shop):
    with gateway(tender="*") as strict:
        granted(tender="cash")
    assert (refund().status, strict.calls) == ("paid", 0)


def test_where_a_gateway_was_given_up_people_say_what_became_of_it(shop):
    with gateway("times_out"):
        granted()
        assert paid() == "sent"
    assert Payout.objects.get().due_at is not None
    confirmed(refund().number)
    assert (refund().status, Payout.objects.get().due_at, on_account(Role.bank)) == ("paid", None, "0.00")


def test_in_a_closed_period_nothing_is_forgotten(shop):
    from backstock.core.errors import PeriodClosed
    from backstock.money.commands.close_period import ClosePeriod, close_period

    with gateway() as strict:
        granted()
        close_period(ClosePeriod(through=DAY), actor=SYSTEM)
        with pytest.raises(PeriodClosed):
            paid(SLOWLY)
        assert (refund().status, strict.calls) == ("granted", 0)
        assert Payout.objects.get().due_at is not None
