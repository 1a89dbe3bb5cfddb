"""Set off what a partner owes us against what we owe them (往来冲抵); no money moves."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.core import rows
from backstock.core.amounts import E9
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.money.posting import Entry, post
from backstock.owing.commands.receive import LINE_FIELDS, PAYMENT_FIELDS
from backstock.owing.errors import AllocationExceedsOpen, NothingOpen
from backstock.owing.items import Items, load_items
from backstock.owing.models import PartnerPayment, PaymentLine
from backstock.owing.paying import Cents, Line, Money, settle, write_settled
from backstock.owing.postings import Terms
from backstock.partners.queries import known, partner_ids

SIDES = ("receivable", "payable")


@typed(frozen=True, kw_only=True, config=STRICT)
class SetOff(Input):
    """A partner who is customer and supplier; without an amount as much as both sides have open."""

    partner: Code
    amount_cents: Cents | None = None


@dataclass(slots=True)
class Plan:
    """The same amount on both sides, and what it settles there."""

    partner_id: int
    cents: int
    sides: list[Money]


@command("owing.set_off", SetOff)
def set_off(batch: Batch[SetOff]) -> None:
    """Settle the oldest documents of both sides against each other."""
    partners = partner_ids(item.input.partner for item in batch.open)
    items = load_items(batch.company, None, partners.values(), ())
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _plan(batch, item.input, known(partners, item.input.partner), items)
    _write(batch)


def _plan(batch: Batch[SetOff], wanted: SetOff, partner_id: int, items: Items) -> Plan:
    currency = batch.company.currency
    opens = [sum(i.open_cents for i in items.oldest_first(side, partner_id, currency)) for side in SIDES]
    both = min(opens)
    if not both:
        raise NothingOpen(document=wanted.partner)
    cents = wanted.amount_cents or both
    if cents > both:
        raise AllocationExceedsOpen(document=wanted.partner, asked_cents=cents, open_cents=both, digits=batch.digits)
    plan = Plan(partner_id, cents, [])
    for side in SIDES:
        terms = Terms(side, partner_id, currency, E9, {})
        money = Money(wanted.partner, wanted.partner, terms, batch.digits, [Line("set_off", cents, cents)])
        settle(batch, money, "oldest", items)
        plan.sides.append(money)
    return plan


def _write(batch: Batch[SetOff]) -> None:
    items: list[Item[SetOff]] = batch.open
    both = [(item, money) for item in items for money in item.plan.sides]
    payment_rows = [
        (m.terms.side, m.terms.partner_id, i.on, m.terms.currency, m.digits, E9, "", "", 0, 0) for i, m in both
    ]
    ids = rows.insert_returning(PartnerPayment, PAYMENT_FIELDS, payment_rows)
    for (item, money), pk in zip(both, ids, strict=True):
        money.document = PartnerPayment(pk=pk, side=money.terms.side).number
        item.document = item.document or money.document
        item.answer = {**item.answer, money.terms.side: money.document}
    batch.log()
    twins = {pk: ids[n ^ 1] for n, pk in enumerate(ids) if pk is not None}
    rows.add(PartnerPayment, {pk: {"twin_id": twin or 0} for pk, twin in twins.items()})
    line_rows = [(pk, 1, "set_off", money.lines[0].amount_cents, 0) for (_, money), pk in zip(both, ids, strict=True)]
    line_ids = rows.insert_returning(PaymentLine, LINE_FIELDS, line_rows)
    for (_, money), line_id in zip(both, line_ids, strict=True):
        money.lines[0].pk = line_id or 0
    entries = []
    for item in items:
        terms = item.plan.sides[0].terms
        pay = terms.settle(terms.account_of("set_off"), item.plan.cents, E9)
        entries.append(Entry(item.log_id, item.on, item.document, [pay]))
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    write_settled(batch, both)
