"""Rank 10 of the complaints about other systems: the customer is paid twice, or nobody knows."""

from __future__ import annotations

import threading

from django.db import connections

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.refunds.models import CreditNote
from backstock.refunds.outbox import pay_due
from tests import build
from tests.build import DAY
from tests.build_refunds import AT_ONCE, gateway, granted, paid, refund
from tests.ledgers import on_account


def test_a_retry_sends_the_same_key_and_the_customer_is_paid_once(shop):
    """Rank 10, Medusa 16681: a retry sends a new idempotency key, the customer may be paid twice."""
    with gateway("times_out") as strict:
        rma = granted()
        assert paid(AT_ONCE) == "sent"
        build.settled(rma)
        assert paid(AT_ONCE) == "paid"
    assert [(each.amount_cents, key) for key, each in strict.paid.items()] == [(10_000, refund().payout.key)]
    assert on_account(Role.bank) == "0.00"


def test_two_requests_for_a_refund_at_the_same_moment_pay_once(shop):
    """Rank 10, Adyen for Shopware 248: duplicate refund requests at the same moment."""
    rma = build.back_on_the_shelf(1, number=build.sold(quantity=1, paid={"card": 100}))

    def one() -> None:
        try:
            settle_return.batch([SettleReturn(document=rma, on=DAY)], actor=SYSTEM, mode="each")
            pay_due()
        finally:
            connections.close_all()

    with gateway() as strict:
        threads = [threading.Thread(target=one) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        paid(AT_ONCE)
    assert (CreditNote.objects.count(), len(strict.paid), refund().status) == (1, 1, "paid")


def test_a_failed_refund_is_still_owed_and_says_so(shop):
    """Rank 10, Saleor's refund failed event: a refund that failed is neither forgotten nor counted as paid."""
    with gateway("fails"):
        granted()
        assert paid(AT_ONCE) == "failed"
    assert (refund().status, on_account(Role.refunds_payable), on_account(Role.bank)) == ("failed", "-100.00", "100.00")
