"""Give a prepayment back: to a customer what they paid ahead, or take from a supplier what we did."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.amounts import to_base_cents
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.money.own_accounts import load_tills
from backstock.money.posting import Entry, post
from backstock.owing.allocation import allocate
from backstock.owing.errors import AllocationExceedsRest
from backstock.owing.models import Allocation, PaymentLine
from backstock.owing.paying import ALLOCATION_FIELDS, Line, Money, Number, load_payments, payment_of
from backstock.sales.orders import Tender


@typed(frozen=True, kw_only=True, config=STRICT)
class RefundPrepayment(Input):
    """What is left of a receipt (or payment) and by which means it goes back."""

    document: Number
    line: Tender


@dataclass(slots=True)
class Plan:
    """A refund that was checked: from which lines, into which account."""

    money: Money
    parts: list[tuple[Line, int]]
    account: int


@command("owing.refund", RefundPrepayment)
def refund_prepayment(batch: Batch[RefundPrepayment]) -> None:
    """Give back what settles nothing."""
    payments = load_payments(item.input.document for item in batch.open)
    money = {number: loaded.money(batch) for number, loaded in payments.items()}
    tills = load_tills(
        ids=[m.terms.account_of(i.input.line.tender) for i in batch.open if (m := money.get(i.input.document))]
    )
    for item in batch.open:
        with batch.attempt(item):
            loaded, asked = payment_of(payments, item.input.document), item.input.line
            own = loaded.money(batch)
            if asked.amount_cents > own.left_cents:
                raise AllocationExceedsRest(
                    document=own.document, asked_cents=asked.amount_cents, left_cents=own.left_cents, digits=own.digits
                )
            account = own.terms.account_of(asked.tender)
            parts = allocate([line.rest_cents for line in own.lines], [asked.amount_cents])
            item.plan = Plan(own, [(own.lines[part.source], part.cents) for part in parts], account)
            for line, cents in item.plan.parts:
                line.take(batch, cents)
            if own.terms.side == "receivable" and (till := tills.by_id.get(account)):
                base = to_base_cents(asked.amount_cents, own.terms.rate_e9)
                tills.take(batch.journal, till, base, batch.digits)
            item.document = own.document
            item.answer = {"document": own.document, "left_cents": own.left_cents}
    batch.log()
    entries, given = [], list[tuple[object, ...]]()
    for item in batch.open:
        plan, tender = item.plan, item.input.line
        pay = plan.money.terms.settle(plan.account, -tender.amount_cents, plan.money.terms.rate_e9)
        entries.append(Entry(item.log_id, item.on, item.document, [pay]))
        given += [
            (item.document, line.pk, tender.tender, item.document, cents, item.on, item.log_id)
            for line, cents in plan.parts
        ]
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    rows.insert(Allocation, ALLOCATION_FIELDS, given)
    batch.write_changes(PaymentLine)
