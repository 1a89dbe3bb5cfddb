"""Close an order: what was not shipped will not be."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.money.posting import Entry, post
from backstock.sales.billing import Billed, ahead_of_goods, deposit_cents
from backstock.sales.errors import NothingToClose
from backstock.sales.loading import LoadedSale, load_sales, sale_of
from backstock.sales.models import Invoice, InvoiceLine, Sale, SaleLine
from backstock.sales.picking import open_lines, release
from backstock.sales.postings import Money, invoice_transfers
from backstock.sales.writing import INVOICE_FIELDS, INVOICE_LINE_FIELDS


@typed(frozen=True, kw_only=True, config=STRICT)
class CloseOrder(Input):
    """Which order to close."""

    sale: str


@dataclass(slots=True)
class Plan:
    """What is given up, and what was billed of it already: a red invoice takes that back."""

    sale: LoadedSale
    billed: dict[int, Billed]
    shipping_cents: int

    @property
    def net_cents(self) -> int:
        """Net of what is taken back."""
        return sum(net for _, net, _ in self.billed.values())

    @property
    def tax_cents(self) -> int:
        """Tax of what is taken back."""
        return sum(tax for _, _, tax in self.billed.values())

    @property
    def gross_cents(self) -> int:
        """All that the customer need not pay any more."""
        return self.net_cents + self.tax_cents + self.shipping_cents


@command("sales.close_order", CloseOrder)
def close_order(batch: Batch[CloseOrder]) -> None:
    """Give up what an order has not shipped: take back what was billed of it, free what was picked for it."""
    sales = load_sales(item.input.sale for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            sale = sale_of(sales, item.input.sale)
            item.plan, item.document = _plan(sale), sale.row.number
            _count(batch, item.plan)
            item.answer = {"document": item.document, "deposit_cents": deposit_cents(sale)}
            item.emit("OrderClosed")
    batch.log()
    _write_red_invoices([item for item in batch.open if item.plan.gross_cents])
    entries = []
    for item in batch.open:
        row, plan = item.plan.sale.row, item.plan
        money = Money(row.customer_id, row.currency, row.rate_e9)
        taken_back = invoice_transfers(money, -plan.net_cents, -plan.tax_cents, -plan.shipping_cents)
        entries.append(Entry(item.log_id, item.on, item.document, taken_back))
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    batch.write_changes(SaleLine, Sale)
    lines = [line.row.pk for item in batch.open for line in item.plan.sale.lines]
    release([line.pk for line in open_lines(lines)])


def _plan(sale: LoadedSale) -> Plan:
    if not any(line.to_ship_e4 for line in sale.lines):
        raise NothingToClose(document=sale.row.number)
    billed = {line.row.pk: back for line in sale.lines if (back := ahead_of_goods(line))[0]}
    shipped = any(line.in_line_units("shipped_e4") for line in sale.lines)
    shipping = 0 if shipped else sale.row.shipping_invoiced_cents - sale.row.shipping_refunded_cents
    return Plan(sale, billed, shipping)


def _count(batch: Batch[CloseOrder], plan: Plan) -> None:
    for line in plan.sale.lines:
        quantity, net, tax = plan.billed.get(line.row.pk, (0, 0, 0))
        batch.change(
            line.row, cancelled_e4=line.to_ship_e4, invoiced_e4=-quantity, invoiced_net_cents=-net,
            invoiced_tax_cents=-tax,
        )  # fmt: skip
    cents = plan.gross_cents
    batch.change(
        plan.sale.row, invoiced_cents=-cents, owed_cents=-cents, shipping_invoiced_cents=-plan.shipping_cents
    )  # fmt: skip


def _write_red_invoices(items: list[Item[CloseOrder]]) -> None:
    papers = [
        (i.plan.sale.row.pk, i.on, -i.plan.net_cents, -i.plan.tax_cents, -i.plan.shipping_cents) for i in items
    ]  # fmt: skip
    ids = rows.insert_returning(Invoice, INVOICE_FIELDS, papers)
    lines = [
        (pk, line_id, -quantity, -net, -tax)
        for item, pk in zip(items, ids, strict=True)
        for line_id, (quantity, net, tax) in item.plan.billed.items()
    ]
    rows.insert(InvoiceLine, INVOICE_LINE_FIELDS, lines)
