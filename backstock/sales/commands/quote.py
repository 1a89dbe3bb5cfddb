"""Offer goods at prices until a day; withdraw an offer. Nothing moves and nothing is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydantic.dataclasses import dataclass as typed

from backstock.core import clock, rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidInput
from backstock.sales import lifecycle
from backstock.sales.desk import Desk, load_desk
from backstock.sales.lifecycle import Status
from backstock.sales.models import Quote, QuoteDiscount, QuoteLine
from backstock.sales.orders import LinePlan, Terms
from backstock.sales.planning import money_of, plan_lines, refuse_huge
from backstock.sales.quotes import load_quotes, quote_of

QUOTE_FIELDS = (
    "customer_id", "warehouse_id", "channel", "currency", "currency_digits", "rate_e9", "tax_mode", "quoted_on", "valid_until",
    "status", "reference", "shipping_cents", "salesperson_id", "sale_id",
)  # fmt: skip
LINE_FIELDS = (
    "quote", "position", "product_id", "quantity_e4", "unit", "unit_price_e6", "discount_cents", "is_gift", "net_cents",
    "tax_cents", "tax_rate_e6",
)  # fmt: skip


@typed(frozen=True, kw_only=True, config=STRICT)
class MakeQuote(Terms):
    """An offer, good through its last day; without one it is good until withdrawn."""

    valid_until: date | None = None


@dataclass(slots=True)
class Plan:
    """An offer that was checked."""

    customer_id: int
    warehouse_id: int
    salesperson_id: int
    money: tuple[str, int, int]
    lines: list[LinePlan]


@command("sales.quote", MakeQuote)
def make_quote(batch: Batch[MakeQuote]) -> None:
    """Offer goods with the prices of today."""
    desk = load_desk([item.input for item in batch.open], clock.today(batch.company.timezone))
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _plan(batch, item.input, item.on, desk)
    _write(batch)


def _plan(batch: Batch[MakeQuote], wanted: MakeQuote, on: date, desk: Desk) -> Plan:
    money = money_of(batch.company, wanted)
    customer, warehouse_id = desk.customer(wanted), desk.warehouses.id(wanted.warehouse)
    lines = plan_lines(wanted, desk, customer, batch.company.tax_mode, money[1])
    refuse_huge(batch.company, sum(line.priced.gross_cents for line in lines) + wanted.shipping_cents, money[2])
    if wanted.valid_until is not None and wanted.valid_until < on:
        raise InvalidInput(field="valid_until", problem="is before the day of the quote")
    return Plan(customer.pk, warehouse_id, desk.salesperson_id(wanted), money, lines)


def _write(batch: Batch[MakeQuote]) -> None:
    heads = []
    for item in batch.open:
        plan, wanted = item.plan, item.input
        heads.append((
            plan.customer_id, plan.warehouse_id, wanted.channel, *plan.money, batch.company.tax_mode, item.on,
            wanted.valid_until, Status.OPEN.value, wanted.reference, wanted.shipping_cents, plan.salesperson_id, 0,
        ))  # fmt: skip
    ids = [pk or 0 for pk in rows.insert_returning(Quote, QUOTE_FIELDS, heads)]
    for item, pk in zip(batch.open, ids, strict=True):
        item.document = Quote(pk=pk).number
        item.answer = {"document": item.document}
    batch.log()
    both = list(zip(batch.open, ids, strict=True))
    rows.insert(QuoteLine, LINE_FIELDS, [_line_row(pk, line) for item, pk in both for line in item.plan.lines])
    discounts = [
        (pk, d.kind, d.code, d.amount_cents, d.from_cents) for item, pk in both for d in item.input.all_discounts
    ]
    rows.insert(QuoteDiscount, ("quote", "kind", "code", "amount_cents", "from_cents"), discounts)


def _line_row(quote_id: int, line: LinePlan) -> tuple[object, ...]:
    ordered, priced = line.ordered, line.priced
    return (
        quote_id, line.position, line.item.id, ordered.quantity_e4, ordered.unit, ordered.unit_price_e6, ordered.discount_cents,
        line.input.gift, priced.net_cents, priced.tax_cents, ordered.tax_rate_e6,
    )  # fmt: skip


@typed(frozen=True, kw_only=True, config=STRICT)
class WithdrawQuote(Input):
    """Which quote is withdrawn."""

    quote: str


@command("sales.withdraw_quote", WithdrawQuote)
def withdraw_quote(batch: Batch[WithdrawQuote]) -> None:
    """Take offers back: they can no longer be ordered."""
    quotes = load_quotes(item.input.quote for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            item.plan = quote_of(quotes, item.input.quote)
            lifecycle.advance(item.plan, Status.WITHDRAWN, batch.journal)
            item.document = item.plan.number
            item.answer = {"document": item.document}
    batch.log()
    lifecycle.store([item.plan for item in batch.open])
