"""Beside the process: store credit that nobody used in time becomes income; a job runs this every day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from django.db.models import F
from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.amounts import share
from backstock.core.commands import MAX_ITEMS, STRICT, Batch, Input, Item, command
from backstock.core.errors import TransitionNotAllowed, UnknownDocument
from backstock.core.numbers import document_id
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.money.posting import Entry, post
from backstock.money.queries import purses_of
from backstock.money.transfers import Pay
from backstock.refunds.models import Refund
from backstock.refunds.store_credit import left_for, standing


@typed(frozen=True, kw_only=True, config=STRICT)
class ExpireCredit(Input):
    """The refund that gave the store credit; the day is after its last one."""

    refund: Annotated[str, Field(max_length=40)]


@command("refunds.expire_credit", ExpireCredit)
def expire_credit(batch: Batch[ExpireCredit]) -> None:
    """Let what is left of store credit expire; what was used before stays used."""
    refunds = _lock(item.input.refund for item in batch.open)
    customers = {refund.note.customer_id for refund in refunds.values()}
    # First, so that nobody pays out of a purse between what is read of it and what expires.
    there = purses_of(customers, Role.store_credit, lock=True)
    left = left_for(customers)
    for item in batch.open:
        with batch.attempt(item):
            refund = refunds.get(item.input.refund)
            if refund is None:
                raise UnknownDocument(document=item.input.refund)
            cents = left.pop(refund.pk, 0)
            if refund.expires_on is None or item.on <= refund.expires_on or not cents:
                raise TransitionNotAllowed(
                    document=refund.number, current="valid" if cents else "used", wanted="expired"
                )
            purse = (refund.note.customer_id, refund.note.currency)
            # What is owed stands on the credit side.
            base, original = (-side for side in there[purse])
            worth = share(base, cents, original)
            there[purse] = (worth - base, cents - original)
            item.plan = Pay(
                amount_cents=worth, debit=Role.store_credit, credit=Role.other_income, partner_id=refund.note.customer_id,
                original_cents=cents, currency=refund.note.currency,
            )  # fmt: skip
            batch.change(refund, expired_cents=cents)
            item.document, item.answer = refund.number, {"document": refund.number, "expired_cents": cents}
            item.emit("StoreCreditExpired")
    batch.log()
    batch.write_changes(Refund)
    items: list[Item[ExpireCredit]] = list(batch.open)
    entries = [Entry(item.log_id, item.on, item.document, [item.plan]) for item in items]
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)


def _lock(numbers: Iterable[str]) -> dict[str, Refund]:
    wanted = {pk: number for number in numbers if (pk := document_id("F", number)) is not None}
    rows = standing().filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",))
    return {wanted[row.pk]: row for row in rows}


def expire_due(today: date) -> int:
    """Let all store credit expire whose last day is over and of which something is left; return how many."""
    due = standing().filter(expires_on__lt=today, expired_cents__lt=F("amount_cents"))
    due_rows = dict(due.values_list("pk", "note__customer_id"))
    left = left_for(set(due_rows.values())) if due_rows else {}
    wanted = [ExpireCredit(refund=Refund(pk=pk).number, on=today) for pk in sorted(due_rows) if left.get(pk)]
    for start in range(0, len(wanted), MAX_ITEMS):
        expire_credit.batch(wanted[start : start + MAX_ITEMS], actor=SYSTEM, mode="each")
    return len(wanted)
