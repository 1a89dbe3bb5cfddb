"""Bill a sale: shipped less returned, for what was not billed before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.catalog.queries import products_by_id
from backstock.core import rows
from backstock.core.amounts import MAX_QUANTITY_E4
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.money.posting import Entry, post
from backstock.sales.billing import billable_e4, billed_for
from backstock.sales.errors import InvoiceExceedsShipped, ItemNotInSale, NothingToInvoice
from backstock.sales.loading import LoadedSale, load_sales, sale_of
from backstock.sales.models import Invoice, InvoiceLine, Sale, SaleLine
from backstock.sales.postings import Money, invoice_transfers
from backstock.sales.writing import INVOICE_FIELDS, INVOICE_LINE_FIELDS


@typed(frozen=True, kw_only=True, config=STRICT)
class BillLine:
    """A part of what may be billed, in base units; `line` names it where a product stands on several."""

    sku: Code
    quantity_e4: Annotated[int, Field(gt=0, le=MAX_QUANTITY_E4)]
    line: int | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class InvoiceSale(Input):
    """Which sale to bill: all that may be billed, or only some `lines` of it."""

    sale: str
    lines: tuple[BillLine, ...] = ()


@dataclass(slots=True)
class Plan:
    """What is billed now: per line (quantity, net, tax), and shipping with the first invoice."""

    sale: LoadedSale
    lines: dict[int, tuple[int, int, int]]
    shipping_cents: int

    @property
    def net_cents(self) -> int:
        """Net of all lines."""
        return sum(net for _, net, _ in self.lines.values())

    @property
    def tax_cents(self) -> int:
        """Tax of all lines."""
        return sum(tax for _, _, tax in self.lines.values())


@command("sales.invoice", InvoiceSale)
def invoice_sale(batch: Batch[InvoiceSale]) -> None:
    """Bill what was shipped and kept."""
    sales = load_sales(item.input.sale for item in batch.open)
    named = any(item.input.lines for item in batch.open)
    ids = {line.row.product_id for sale in sales.values() for line in sale.lines} if named else set()
    skus = {pk: product.sku for pk, product in products_by_id(ids).items()}
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _plan(sale_of(sales, item.input.sale), item.input, skus)
            item.document = item.plan.sale.row.number
            _count(batch, item.plan)
    invoice_ids = rows.insert_returning(
        Invoice,
        INVOICE_FIELDS,
        [(i.plan.sale.row.pk, i.on, i.plan.net_cents, i.plan.tax_cents, i.plan.shipping_cents) for i in batch.open],
    )
    for item, pk in zip(batch.open, invoice_ids, strict=True):
        item.answer = {"document": item.document, "invoice": Invoice(pk=pk).number}
    batch.log()
    billed = [
        (pk, line_id, *figures)
        for i, pk in zip(batch.open, invoice_ids, strict=True)
        for line_id, figures in i.plan.lines.items()
    ]
    rows.insert(InvoiceLine, INVOICE_LINE_FIELDS, billed)
    entries = []
    for item in batch.open:
        sale, plan = item.plan.sale.row, item.plan
        money = Money(sale.customer_id, sale.currency, sale.rate_e9)
        transfers = invoice_transfers(money, plan.net_cents, plan.tax_cents, plan.shipping_cents)
        entries.append(Entry(item.log_id, item.on, item.document, transfers))
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    batch.write_changes(SaleLine, Sale)
    _write_due(batch)


def _write_due(batch: Batch[InvoiceSale]) -> None:
    """Count the days to pay anew from the invoice."""
    due: dict[int, Sale] = {}
    for item in batch.open:
        sale = item.plan.sale.row
        sale.due_on = max(sale.due_on or item.on, item.on + timedelta(days=sale.payment_days))
        due[sale.pk] = sale
    Sale.objects.bulk_update(due.values(), ["due_on"])


def _plan(sale: LoadedSale, wanted: InvoiceSale, skus: dict[int, str]) -> Plan:
    room = {line.row.pk: billable_e4(line) for line in sale.lines}
    now = room if not wanted.lines else _asked(sale, wanted, skus, room)
    lines = {line.row.pk: billed_for(line, now[line.row.pk]) for line in sale.lines if now.get(line.row.pk)}
    if not lines:
        raise NothingToInvoice(document=sale.row.number)
    return Plan(sale, lines, sale.row.shipping_cents - sale.row.shipping_invoiced_cents)


def _asked(sale: LoadedSale, wanted: InvoiceSale, skus: dict[int, str], room: dict[int, int]) -> dict[int, int]:
    """Spread the parts that are to be billed over the lines that may be; raise InvoiceExceedsShipped."""
    now: dict[int, int] = {}
    for each in wanted.lines:
        fitting = [
            line for line in sale.lines
            if skus.get(line.row.product_id) == each.sku and each.line in (None, line.row.position)
        ]  # fmt: skip
        if not fitting:
            raise ItemNotInSale(sku=each.sku, document=sale.row.number)
        left_e4 = each.quantity_e4
        for line in fitting:
            part_e4 = min(left_e4, room[line.row.pk] - now.get(line.row.pk, 0))
            now[line.row.pk] = now.get(line.row.pk, 0) + part_e4
            left_e4 -= part_e4
        if left_e4:
            raise InvoiceExceedsShipped(sku=each.sku, asked_e4=each.quantity_e4, left_e4=each.quantity_e4 - left_e4)
    return now


def _count(batch: Batch[InvoiceSale], plan: Plan) -> None:
    """Bring the counters along at once, so that the sale is not billed twice in one batch."""
    for line in plan.sale.lines:
        quantity, net, tax = plan.lines.get(line.row.pk, (0, 0, 0))
        batch.change(line.row, invoiced_e4=quantity, invoiced_net_cents=net, invoiced_tax_cents=tax)
    cents = plan.net_cents + plan.tax_cents + plan.shipping_cents
    batch.change(
        plan.sale.row, invoiced_cents=cents, owed_cents=cents, shipping_invoiced_cents=plan.shipping_cents
    )  # fmt: skip
