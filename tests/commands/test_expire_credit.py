"""Store credit that nobody used in time becomes income: of what was given first, only what is left, and once."""

from datetime import timedelta

import pytest

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.refunds.commands.expire_credit import ExpireCredit, expire_credit, expire_due
from backstock.refunds.models import Refund
from backstock.refunds.store_credit import Given, left_of, next_expiry
from backstock.sales.models import Sale
from tests import build
from tests.build import DAY
from tests.ledgers import on_account, refused, written

LATER = DAY + timedelta(days=31)


def credited(days=30, price=100, on=DAY):
    """Give store credit for a piece of A that may be used so long."""
    build.policy(refund_to="store_credit", **({} if days is None else {"store_credit_days": days}))
    build.settled(build.back_on_the_shelf(number=build.sold(quantity=1, unit_price_e6=price * 1_000_000)), on=on)
    return Refund.objects.order_by("-pk")[0]


@pytest.mark.parametrize(
    ("used", "left"),
    [(0, {1: 30, 2: 20, 3: 50}), (30, {1: 30, 2: 0, 3: 40}), (90, {1: 10, 2: 0, 3: 0}), (500, {1: 0, 2: 0, 3: 0})],
)
def test_what_expires_first_is_used_first_and_what_never_expires_last(used, left):
    given = [Given(1, None, 30, 0), Given(2, DAY, 30, 10), Given(3, LATER, 50, 0)]
    assert left_of(given, used) == left


def test_what_is_left_after_its_last_day_becomes_income_once(shop):
    credit, kept = credited(), credited(None)
    build.sold(quantity=1, unit_price_e6=40_000_000, paid={"store_credit": 40})
    assert (credit.expires_on, kept.expires_on) == (DAY + timedelta(days=30), None)
    assert expire_due(DAY + timedelta(days=30)) == 0
    assert next_expiry(Sale.objects.earliest("pk").customer_id) == (credit.expires_on, 6_000, "CNY")

    with written() as ledgers:
        assert expire_due(LATER) == 1
    assert ledgers.money == ["store_credit / other_income 60.00"]
    assert Refund.objects.get(pk=credit.pk).expired_cents == 6_000
    assert on_account(Role.store_credit) == "-100.00"
    assert expire_due(LATER) == 0


def test_what_was_used_before_its_day_never_expires(shop):
    credited()
    build.sold(quantity=1, paid={"store_credit": 100})
    assert expire_due(LATER) == 0


def test_two_credits_expire_one_after_the_other(shop):
    first, second = credited(10), credited(20)
    build.sold(quantity=1, unit_price_e6=150_000_000, paid={"store_credit": 150})
    assert expire_due(LATER) == 1
    assert [Refund.objects.get(pk=each.pk).expired_cents for each in (first, second)] == [0, 5_000]


def test_refuses_what_may_still_be_used_never_expires_or_is_no_store_credit(shop):
    credit, kept = credited(), credited(None)
    for refund, on, code in (
        (credit.number, DAY, "transition_not_allowed"),
        (kept.number, LATER, "transition_not_allowed"),
        ("F999999", LATER, "unknown_document"),
        ("nonsense", LATER, "unknown_document"),
    ):
        with refused(code):
            expire_credit(ExpireCredit(refund=refund, on=on), actor=SYSTEM)
