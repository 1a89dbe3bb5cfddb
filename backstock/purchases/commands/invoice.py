"""The supplier's invoice for what came: matched line by line; only what it differs from the receipts is posted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.core import rows
from backstock.core.amounts import MAX_CENTS, share
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import DuplicateCode, DuplicateLine, InvalidQuantity, QuantityRequired
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.partners.queries import known, partner_ids
from backstock.purchases.errors import ItemNotInReceipt, QuantityExceedsUninvoiced, WrongSupplier
from backstock.purchases.loading import LoadedReceipt, load_receipts, receipt_of
from backstock.purchases.models import PurchaseInvoice, PurchaseInvoiceLine, PurchaseLine, PurchaseReceipt
from backstock.purchases.postings import invoice_transfers

Cents = Annotated[int, Field(ge=0, le=MAX_CENTS)]


@typed(frozen=True, kw_only=True, config=STRICT)
class InvoiceLine:
    """What is billed of one line of a receipt, in base units; without a quantity everything not yet billed."""

    receipt: Code
    line: int
    quantity_e4: int | None = None
    net_cents: Cents
    tax_cents: Cents = 0


@typed(frozen=True, kw_only=True, config=STRICT)
class InvoicePurchase(Input):
    """A supplier's invoice with the supplier's own number and day."""

    supplier: Code
    supplier_number: Code
    invoiced_on: date | None = None
    lines: tuple[InvoiceLine, ...]


@dataclass(slots=True)
class Matched:
    """A billed line beside what the receipt had said."""

    line: PurchaseLine
    quantity_e4: int
    net_cents: int
    tax_cents: int
    net_difference_cents: int
    tax_difference_cents: int


@dataclass(slots=True)
class Plan:
    """An invoice that was checked."""

    supplier_id: int
    lines: list[Matched] = field(default_factory=list)


@command("purchases.invoice", InvoicePurchase)
def invoice_purchase(batch: Batch[InvoicePurchase]) -> None:
    """Match invoices to what came, and owe what they say."""
    inputs = [item.input for item in batch.open]
    suppliers = partner_ids(each.supplier for each in inputs)
    receipts = load_receipts(line.receipt for each in inputs for line in each.lines)
    numbers = {each.supplier_number for each in inputs}
    standing = PurchaseInvoice.objects.filter(supplier_number__in=numbers, undone_log_id=0)
    entered = set(standing.values_list("supplier_id", "supplier_number"))
    for item in batch.open:
        with batch.attempt(item):
            wanted = item.input
            plan = item.plan = Plan(known(suppliers, wanted.supplier))
            key = (plan.supplier_id, wanted.supplier_number)
            if key in entered:
                raise DuplicateCode(field="supplier_number", value=wanted.supplier_number)
            if not wanted.lines:
                raise QuantityRequired(document=wanted.supplier_number)
            seen = set[tuple[str, int]]()
            for line in wanted.lines:
                if (line.receipt, line.line) in seen:
                    raise DuplicateLine(sku=f"{line.receipt} {line.line}")
                seen.add((line.receipt, line.line))
                receipt = receipt_of(receipts, line.receipt).standing("invoiced")
                plan.lines.append(_match(batch, item, receipt, line))
            entered.add(key)
            item.emit("PurchaseInvoiced")
    _write(batch)


def _match(
    batch: Batch[InvoicePurchase], item: Item[InvoicePurchase], receipt: LoadedReceipt, wanted: InvoiceLine
) -> Matched:
    """Bring a billed line beside its received one, and count it at once for the next."""
    row = receipt.row
    if row.supplier_id != item.plan.supplier_id:
        raise WrongSupplier(document=row.number, supplier=item.input.supplier)
    line = next((each for each in receipt.lines if each.position == wanted.line), None)
    if line is None or row.opening:
        raise ItemNotInReceipt(sku=str(wanted.line), document=row.number)
    quantity_e4 = line.uninvoiced_e4 if wanted.quantity_e4 is None else wanted.quantity_e4
    if quantity_e4 < 0:
        raise InvalidQuantity(sku=f"{row.number} {wanted.line}", quantity=str(quantity_e4))
    if quantity_e4 == 0 or quantity_e4 > line.uninvoiced_e4:
        left_e4 = line.uninvoiced_e4
        raise QuantityExceedsUninvoiced(
            document=row.number, line=wanted.line, asked_e4=quantity_e4, uninvoiced_e4=left_e4
        )  # fmt: skip
    rest_e4 = line.quantity_e4 - line.invoiced_e4
    net_left = line.value_cents - (line.invoiced_net_cents - line.net_difference_cents)
    tax_left = line.tax_cents - (line.invoiced_tax_cents - line.tax_difference_cents)
    net = wanted.net_cents - share(net_left, quantity_e4, rest_e4)
    tax = wanted.tax_cents - share(tax_left, quantity_e4, rest_e4)
    batch.change(
        line, invoiced_e4=quantity_e4, invoiced_net_cents=wanted.net_cents, invoiced_tax_cents=wanted.tax_cents,
        net_difference_cents=net, tax_difference_cents=tax,
    )  # fmt: skip
    batch.change(row, gross_cents=net + tax, owed_cents=net + tax)
    return Matched(line, quantity_e4, wanted.net_cents, wanted.tax_cents, net, tax)


def _write(batch: Batch[InvoicePurchase]) -> None:
    items = batch.open
    heads = [
        (
            i.plan.supplier_id, i.input.supplier_number, i.input.invoiced_on or i.on,
            sum(line.net_cents for line in i.plan.lines), sum(line.tax_cents for line in i.plan.lines), 0,
        )
        for i in items
    ]  # fmt: skip
    fields = ("supplier", "supplier_number", "invoiced_on", "net_cents", "tax_cents", "undone_log_id")
    ids = rows.insert_returning(PurchaseInvoice, fields, heads, skip_conflicts=True)
    if None in ids:
        # Somebody entered one of them at the same moment.
        raise DuplicateCode(field="supplier_number", value=", ".join(i.input.supplier_number for i in items)[:60])
    for item, pk in zip(items, ids, strict=True):
        item.document = PurchaseInvoice(pk=pk).number
        item.answer = {"document": item.document}
    batch.log()
    lines = [
        (pk, m.line.pk, m.quantity_e4, m.net_cents, m.tax_cents, m.net_difference_cents, m.tax_difference_cents)
        for item, pk in zip(items, ids, strict=True)
        for m in item.plan.lines
    ]
    columns = (
        "invoice", "line", "quantity_e4", "net_cents", "tax_cents", "net_difference_cents", "tax_difference_cents",
    )  # fmt: skip
    rows.insert(PurchaseInvoiceLine, columns, lines)
    money = []
    for item in items:
        net, tax = (
            sum(getattr(m, name) for m in item.plan.lines) for name in ("net_difference_cents", "tax_difference_cents")
        )
        money.append(
            MoneyEntry(item.log_id, item.on, item.document, invoice_transfers(net, tax, item.plan.supplier_id))
        )
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    batch.write_changes(PurchaseReceipt, PurchaseLine)
