"""Bill a sale: shipped less returned, for what was not billed before."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.amounts import share
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.money.posting import Entry, post
from backstock.sales.errors import NothingToInvoice
from backstock.sales.loading import LoadedLine, LoadedSale, load_sales, sale_of
from backstock.sales.models import Invoice, InvoiceLine, Sale, SaleLine
from backstock.sales.postings import Money, invoice_transfers
from backstock.sales.writing import INVOICE_LINE_FIELDS


@typed(frozen=True, kw_only=True, config=STRICT)
class InvoiceSale(Input):
    """Which sale to bill."""

    sale: str


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
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _plan(sale_of(sales, item.input.sale))
            item.document = item.plan.sale.row.number
            _count(batch, item.plan)
    ids = rows.insert_returning(
        Invoice,
        ("sale", "invoiced_on", "net_cents", "tax_cents", "shipping_cents"),
        [(i.plan.sale.row.pk, i.on, i.plan.net_cents, i.plan.tax_cents, i.plan.shipping_cents) for i in batch.open],
    )
    for item, pk in zip(batch.open, ids, strict=True):
        item.answer = {"document": item.document, "invoice": Invoice(pk=pk).number}
    batch.log()
    billed = [
        (pk, line_id, *figures)
        for i, pk in zip(batch.open, ids, strict=True)
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


def _plan(sale: LoadedSale) -> Plan:
    lines = {line.row.pk: billed for line in sale.lines if (billed := _billable(line))[0]}
    shipping = sale.row.shipping_cents - sale.row.shipping_invoiced_cents
    if not lines:
        raise NothingToInvoice(document=sale.row.number)
    return Plan(sale, lines, shipping)


def _billable(line: LoadedLine) -> tuple[int, int, int]:
    """Return (quantity, net, tax) still to be billed; shares are cumulative, so that parts add up to the line."""
    row = line.row
    quantity_e4 = max(0, min(line.kept_e4, row.quantity_e4) - row.invoiced_e4)
    billed_e4 = row.invoiced_e4 + quantity_e4
    net = share(row.net_cents, billed_e4, row.quantity_e4) - row.invoiced_net_cents
    return quantity_e4, net, share(row.tax_cents, billed_e4, row.quantity_e4) - row.invoiced_tax_cents


def _count(batch: Batch[InvoiceSale], plan: Plan) -> None:
    """Bring the counters along at once, so that the sale is not billed twice in one batch."""
    for line in plan.sale.lines:
        quantity, net, tax = plan.lines.get(line.row.pk, (0, 0, 0))
        batch.change(line.row, invoiced_e4=quantity, invoiced_net_cents=net, invoiced_tax_cents=tax)
    cents = plan.net_cents + plan.tax_cents + plan.shipping_cents
    batch.change(
        plan.sale.row, invoiced_cents=cents, owed_cents=cents, shipping_invoiced_cents=plan.shipping_cents
    )  # fmt: skip
