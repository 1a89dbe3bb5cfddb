"""Take a customer's money for a sale."""

from __future__ import annotations

from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import QuantityRequired
from backstock.money.posting import Entry, post
from backstock.sales.commands.sell import Tender
from backstock.sales.errors import PaymentExceedsOwed
from backstock.sales.loading import load_sales, sale_of
from backstock.sales.models import Payment, Sale, SaleTender
from backstock.sales.postings import Money, payment_transfer


@typed(frozen=True, kw_only=True, config=STRICT)
class PaySale(Input):
    """Money for a sale, by tender."""

    sale: str
    tenders: tuple[Tender, ...]


@command("sales.pay", PaySale)
def pay_sale(batch: Batch[PaySale]) -> None:
    """Book payments against what a sale owes."""
    sales = load_sales(item.input.sale for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            sale = sale_of(sales, item.input.sale).row
            paid = sum(tender.amount_cents for tender in item.input.tenders)
            if not paid:
                raise QuantityRequired(document=sale.number)
            if paid > sale.owed_cents:
                owed = max(0, sale.owed_cents)
                raise PaymentExceedsOwed(
                    document=sale.number, asked_cents=paid, owed_cents=owed, digits=sale.currency_digits
                )
            batch.change(sale, paid_cents=paid, owed_cents=-paid)
            item.plan, item.document, item.answer = sale, sale.number, {"document": sale.number}
    batch.log()
    paid_rows = [(i.plan.pk, t.tender, t.amount_cents, i.on) for i in batch.open for t in i.input.tenders]
    rows.insert(Payment, ("sale", "tender", "amount_cents", "paid_on"), paid_rows)
    entries, tenders = [], dict[tuple[int, str], list[int]]()
    for item in batch.open:
        sale = item.plan
        money = Money(sale.customer_id, sale.currency, sale.rate_e9, batch.company.tender_accounts)
        transfers = [payment_transfer(money, t.tender, t.amount_cents) for t in item.input.tenders]
        entries.append(Entry(item.log_id, item.on, item.document, transfers))
        for tender in item.input.tenders:
            tenders.setdefault((sale.pk, tender.tender), [0, 0])[0] += tender.amount_cents
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    rows.add_or_insert(SaleTender, ("sale_id", "tender"), ("paid_cents", "refunded_cents"), tenders)
    batch.write_changes(Sale)
