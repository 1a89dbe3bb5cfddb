"""A customer orders what was quoted: the quote becomes an order with the prices as quoted; nothing moves yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.numbers import row_id
from backstock.sales import lifecycle
from backstock.sales.desk import Desk, load_desk_of, lock_credit
from backstock.sales.errors import QuoteLapsed
from backstock.sales.lifecycle import Status
from backstock.sales.models import Quote, QuoteDiscount, QuoteLine
from backstock.sales.orders import OrderDiscount, Plan, Sell, SellLine
from backstock.sales.planning import days_to_pay, plan_lines
from backstock.sales.quotes import asked_line, discounts_of_quotes, lines_of_quotes, load_quotes, quote_of
from backstock.sales.writing import write_sales


@typed(frozen=True, kw_only=True, config=STRICT)
class ConfirmQuote(Input):
    """Which quote was ordered, and when the goods are promised."""

    quote: str
    promised_on: date | None = None
    payment_days: Annotated[int, Field(ge=0, le=3650)] | None = None


@dataclass(slots=True)
class Offers:
    """What the quotes of a batch offered."""

    quotes: dict[str, Quote]
    lines: dict[int, list[QuoteLine]]
    discounts: dict[int, list[QuoteDiscount]]
    desk: Desk


@command("sales.confirm", ConfirmQuote)
def confirm_quote(batch: Batch[ConfirmQuote]) -> None:
    """Turn quotes into orders."""
    offers = _load(batch)
    for item in batch.open:
        with batch.attempt(item):
            quote = quote_of(offers.quotes, item.input.quote)
            if quote.standing_on(item.on) == "lapsed":
                until = quote.valid_until.isoformat() if quote.valid_until else ""
                raise QuoteLapsed(document=quote.number, valid_until=until, on=item.on.isoformat())
            lifecycle.advance(quote, Status.CONFIRMED, batch.journal)
            item.plan = _plan(batch, item.input, quote, offers)
    quotes = [quote_of(offers.quotes, item.input.quote) for item in batch.open]
    write_sales(batch)
    for quote, item in zip(quotes, batch.open, strict=True):
        quote.sale_id = row_id("S", item.document)
    lifecycle.store(quotes, "sale_id")


def _load(batch: Batch[ConfirmQuote]) -> Offers:
    quotes = load_quotes(item.input.quote for item in batch.open)
    ids = [quote.pk for quote in quotes.values()]
    lines = lines_of_quotes(ids)
    desk = load_desk_of(
        [quote.customer for quote in quotes.values()], {line.product.sku for each in lines.values() for line in each}
    )
    lock_credit(desk)
    return Offers(quotes, lines, discounts_of_quotes(ids), desk)


def _plan(batch: Batch[ConfirmQuote], wanted: ConfirmQuote, quote: Quote, offers: Offers) -> Plan:
    own = offers.lines[quote.pk]
    order = Sell(
        customer=quote.customer.code, channel=quote.channel, currency=quote.currency, rate_e9=quote.rate_e9,
        lines=tuple(SellLine(**asked_line(line)) for line in own),
        discounts=tuple(
            OrderDiscount(  # our own rows
                kind=d.kind, code=d.code, amount_cents=d.amount_cents, from_cents=d.from_cents,  # type: ignore[arg-type]
            )
            for d in offers.discounts[quote.pk]
        ),
        shipping_cents=quote.shipping_cents, reference=quote.reference, shipped="none", invoiced=False, paid="none",
        promised_on=wanted.promised_on,
    )  # fmt: skip
    rates = {line.position: line.tax_rate_e6 for line in own}
    lines = plan_lines(order, offers.desk, quote.customer, quote.tax_mode, quote.currency_digits, rates)
    plan = Plan(
        order, quote.customer_id, quote.warehouse_id, quote.currency, quote.currency_digits, quote.rate_e9, quote.tax_mode,
        lines, [], 0, salesperson_id=quote.salesperson_id,
        payment_days=days_to_pay(quote.customer, wanted.payment_days),
    )  # fmt: skip
    offers.desk.grant_credit(batch.actor, batch.company, plan, batch.journal)
    return plan
