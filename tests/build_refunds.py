"""Refunds on their way: a settlement through a strict gateway, and what the worker makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from backstock.cli.replay.gateway import Behaviour, StrictGateway
from backstock.core.permissions import SYSTEM
from backstock.refunds.commands.confirm import ConfirmRefund, confirm_refund
from backstock.refunds.gateways.routes import using
from backstock.refunds.models import Refund
from backstock.refunds.outbox import Manner, pay_due
from tests import build
from tests.build import DAY

# Nothing is waited for: what is open is asked again at the next call.
AT_ONCE = Manner(taken=timedelta(0), waits=(timedelta(0),), on=DAY)
SLOWLY = Manner(on=DAY)


@contextmanager
def gateway(behaviour: str = "succeeds", tender: str = "card") -> Iterator[StrictGateway]:
    """Have a strict gateway pay for a tender."""
    strict = StrictGateway()
    strict.next = Behaviour(behaviour)
    with using({tender: strict}):
        yield strict


def granted(price: int = 100, tender: str = "card", **wish: Any) -> str:
    """Settle a return of goods that were paid by card; give the return's number."""
    number = build.sold(quantity=1, paid={tender: price}, unit_price_e6=price * 1_000_000)
    return build.settled(build.back_on_the_shelf(1, number=number), **wish)


def refund() -> Refund:
    """Return the last refund."""
    return Refund.objects.order_by("-pk")[0]


def paid(manner: Manner = SLOWLY) -> str:
    """Call the gateways once for what is due; give the state of the last refund."""
    pay_due(most=1, manner=manner)
    return refund().status


def confirmed(number: str, status: str = "paid", **more: Any) -> str:
    """Say that a refund was paid by hand."""
    return confirm_refund(ConfirmRefund(refund=number, status=status, on=DAY, **more), actor=SYSTEM).document
