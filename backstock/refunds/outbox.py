"""Deliver the outbox of refunds: after commit, outside any transaction, each taken for a while, with one key for ever.

    granted ── sent is written down ── the gateway is asked ── its answer is written down

Wherever the worker dies, the refund is `sent` at most: then the gateway is asked what became of it, and only one that
it has never heard of is sent once more, by the same key. Nothing here pays twice, and nothing is forgotten.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from django.db.models import Q

from backstock.core import clock
from backstock.core.currencies import digits_of
from backstock.core.errors import PeriodClosed, TransitionNotAllowed
from backstock.core.models import Company
from backstock.core.permissions import SYSTEM
from backstock.refunds.commands.report import ReportRefund, report_refund
from backstock.refunds.gateways.protocol import Answer, Asked, Gateway, Unclear
from backstock.refunds.gateways.routes import gateway_of
from backstock.refunds.lifecycle import Status
from backstock.refunds.models import Payout
from backstock.sales.models import SaleTender

logger = logging.getLogger(__name__)
WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 240, 720))
# After so many calls without a certain answer people are told that nobody knows.
UNCLEAR_IS_UNKNOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Manner:
    """How a worker goes about it; the drill and scenarios wait for nothing."""

    # Longer than a gateway may take to answer.
    taken: timedelta = timedelta(minutes=5)
    waits: tuple[timedelta, ...] = WAITS
    # The business day to book on; else the day on which the gateway paid.
    on: date | None = None
    # Told at every step of a call; the drill dies in it.
    pause: Callable[[str], None] = lambda point: None


def pay_due(most: int = 100, manner: Manner = Manner()) -> int:
    """Call the gateways for what is due, oldest first; return how many calls were made."""
    for called in range(most):
        payout = _take(manner)
        if payout is None:
            return called
        _call(payout, manner)
    return most


def ask_open() -> int:
    """Make every payout due whose gateway has not answered for certain; return how many."""
    waiting = Payout.objects.filter(due_at__isnull=False, refund__status__in=[Status.SENT, Status.UNKNOWN])
    return waiting.update(due_at=clock.now())


def ask_about(tender: str, key: str) -> None:
    """Make a refund due, also one that is known to be paid: its money may have come back."""
    known = Payout.objects.filter(tender=tender, key=key).exclude(refund__status__in=[Status.GRANTED, Status.UNDONE])
    known.update(due_at=clock.now())


def _take(manner: Manner) -> Payout | None:
    """Take the payout that is due longest; who is faster has it."""
    while True:
        now = clock.now()
        free = Q(taken_until=None) | Q(taken_until__lt=now)
        payout = Payout.objects.filter(free, due_at__lte=now).order_by("due_at", "pk").first()
        if payout is None:
            return None
        taken = Payout.objects.filter(free, pk=payout.pk, due_at=payout.due_at)
        if taken.update(taken_until=now + manner.taken, calls=payout.calls + 1):
            payout.calls += 1
            return payout


def _call(payout: Payout, manner: Manner) -> None:
    """Ask the gateway, and write down what it says."""
    refund, gateway = payout.refund, gateway_of(payout.tender)
    if gateway is None:
        logger.error("no gateway is configured for %s: %s waits", payout.tender, refund.number)
        _wait(payout, manner, unclear=False)
        return
    if refund.status == Status.UNDONE:
        _rest(payout)
        return
    try:
        answer = _asked(payout, gateway, manner)
    except Unclear as unclear:
        logger.warning("%s: no certain answer (%s)", refund.number, unclear.code)
        payout.unclear += 1
        if payout.unclear >= UNCLEAR_IS_UNKNOWN and payout.refund.status != Status.PAID:
            _report(payout, "unknown", Answer("pending", problem=unclear.code), manner)
        _wait(payout, manner, unclear=True)
        return
    except TransitionNotAllowed:
        # Taken back meanwhile, or a person has paid it: nothing is asked for any more.
        _rest(payout)
        return
    manner.pause("answered")
    _write_down(payout, answer, manner)


def _asked(payout: Payout, gateway: Gateway, manner: Manner) -> Answer:
    """Send a refund that nobody has asked for yet or that has failed for certain; of every other ask what became of it."""
    status = Status(payout.refund.status)
    if status in (Status.GRANTED, Status.FAILED):
        if status == Status.FAILED:
            payout.round += 1
            Payout.objects.filter(pk=payout.pk).update(round=payout.round)
        _report(payout, "sent", Answer("pending"), manner)
    else:
        manner.pause("before_query")
        answer = gateway.query(asked_of(payout))
        if answer.outcome != "missing" or status == Status.PAID:
            return answer
    manner.pause("before_call")
    return gateway.refund(asked_of(payout))


def asked_of(payout: Payout) -> Asked:
    """Return a refund as its gateway is asked for it."""
    refund = payout.refund
    paid = SaleTender.objects.filter(sale_id=refund.sale_id, tender=refund.tender)
    company = Company.objects.values("currency", "currency_digits").get()
    note = refund.note
    return Asked(
        key=payout.key,
        round=payout.round,
        amount_cents=refund.amount_cents,
        currency=note.currency,
        digits=company["currency_digits"] if note.currency == company["currency"] else digits_of(note.currency),
        payment=payout.payment,
        tender=payout.tender,
        paid_cents=paid.values_list("paid_cents", flat=True).first() or refund.amount_cents,
        document=refund.number,
    )


def _write_down(payout: Payout, answer: Answer, manner: Manner) -> None:
    """Report a certain answer; one that is still at it is asked again later."""
    if answer.outcome in ("paid", "failed"):
        if answer.outcome != payout.refund.status:
            _report(payout, "paid" if answer.outcome == "paid" else "failed", answer, manner)
        _rest(payout)
        return
    if payout.refund.status == Status.PAID:
        _rest(payout)
        return
    if payout.refund.status == Status.UNKNOWN:
        _report(payout, "sent", answer, manner)
    _wait(payout, manner, unclear=False)


def _report(
    payout: Payout, status: Literal["sent", "paid", "failed", "unknown"], answer: Answer, manner: Manner
) -> None:
    """Write a state down by the command: on the day the gateway paid, where that day is open."""
    manner.pause(f"before_{status}")
    said = ReportRefund(
        refund=payout.refund.number, status=status, reference=_code(answer.reference), problem=_code(answer.problem),
        on=manner.on or _day_of(answer),
    )  # fmt: skip
    try:
        report_refund(said, actor=SYSTEM)
    except PeriodClosed:
        report_refund(replace(said, on=manner.on), actor=SYSTEM)
    payout.refund.refresh_from_db(fields=["status"])
    manner.pause(f"after_{status}")


def _code(text: str) -> str:
    """Keep of what a gateway sent what can be a code."""
    return re.sub(r"[^\w.:|*@/-]", "_", text)[:100]


def _day_of(answer: Answer) -> date | None:
    """Return the company's day on which the gateway paid, never one to come."""
    if answer.paid_at is None:
        return None
    timezone = Company.objects.values_list("timezone", flat=True).get()
    return min(answer.paid_at.astimezone(ZoneInfo(timezone)).date(), clock.today(timezone))


def _wait(payout: Payout, manner: Manner, unclear: bool) -> None:
    """Ask again later, ever more rarely; it is never given up."""
    waits = manner.waits
    tries = payout.unclear if unclear else payout.calls
    _let_go(payout, clock.now() + waits[min(tries, len(waits)) - 1], payout.unclear if unclear else 0)


def _rest(payout: Payout) -> None:
    """There is nothing to ask any more."""
    _let_go(payout, None, 0)


def _let_go(payout: Payout, due_at: datetime | None, unclear: int) -> None:
    Payout.objects.filter(pk=payout.pk).update(taken_until=None, unclear=unclear)
    # Somebody may have asked for a call meanwhile: that stands.
    Payout.objects.filter(pk=payout.pk, due_at=payout.due_at).update(due_at=due_at)
