"""Ask a supplier for goods. Nothing moves yet; next is `receive_order`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.catalog.queries import Catalogue, load_catalogue
from backstock.core import rows
from backstock.core.amounts import E6, MAX_PRICE_E6, line_cents
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import QuantityRequired
from backstock.partners.queries import partner_terms, terms_of
from backstock.purchases.models import PurchaseOrder, PurchaseOrderLine
from backstock.purchases.receiving import check_value
from backstock.warehouse.queries import load_warehouses

Rate = Annotated[int, Field(ge=0, le=E6)]
Price = Annotated[int, Field(ge=0, le=MAX_PRICE_E6)]
LINE_FIELDS = (
    "order", "position", "product", "quantity_e4", "unit", "unit_quantity_e4", "unit_cost_e6", "tax_rate_e6",
    "received_e4",
)  # fmt: skip


@typed(frozen=True, kw_only=True, config=STRICT)
class OrderLine:
    """What is ordered; `unit_cost_e6` is per the line's own unit, without tax; the rate is the product's where none is said."""

    sku: Code
    quantity_e4: int
    unit: str | None = None
    unit_cost_e6: Price
    tax_rate_e6: Rate | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class OrderPurchase(Input):
    """An order to a supplier. `tolerance_e6` is how much more than ordered is taken without asking."""

    supplier: Code
    warehouse: str | None = None
    expected_on: date | None = None
    tolerance_e6: Rate = 0
    lines: tuple[OrderLine, ...]
    reference: Annotated[str, Field(max_length=60)] = ""


@dataclass(slots=True)
class LinePlan:
    """An ordered line in base units and in its own."""

    product_id: int
    quantity_e4: int
    unit: str
    unit_quantity_e4: int
    unit_cost_e6: int
    tax_rate_e6: int

    def row(self, order_id: int, position: int) -> tuple[int | str, ...]:
        """Return the values of a new row."""
        return (
            order_id, position, self.product_id, self.quantity_e4, self.unit, self.unit_quantity_e4, self.unit_cost_e6,
            self.tax_rate_e6, 0,
        )  # fmt: skip


@dataclass(slots=True)
class Plan:
    """An order that was checked."""

    supplier_id: int
    warehouse_id: int
    lines: list[LinePlan] = field(default_factory=list)


def plan_line(catalogue: Catalogue, line: OrderLine, digits: int) -> LinePlan:
    """Check one line of an order; raise UnknownProduct, QuantityRequired, InvalidQuantity, InvalidAmount."""
    item = catalogue.item_in_use(line.sku)
    quantity_e4 = catalogue.base_quantity(item, line.quantity_e4, line.unit)
    check_value(line_cents(line.quantity_e4, line.unit_cost_e6, digits), line.unit_cost_e6)
    rate = item.product.tax_rate_e6 if line.tax_rate_e6 is None else line.tax_rate_e6
    return LinePlan(item.id, quantity_e4, line.unit or "", line.quantity_e4, line.unit_cost_e6, rate)


@command("purchases.order", OrderPurchase)
def order_purchase(batch: Batch[OrderPurchase]) -> None:
    """Write down what is ordered from suppliers."""
    inputs = [item.input for item in batch.open]
    catalogue = load_catalogue(line.sku for each in inputs for line in each.lines)
    suppliers = partner_terms(each.supplier for each in inputs)
    warehouses = load_warehouses(each.warehouse for each in inputs)
    for item in batch.open:
        with batch.attempt(item):
            wanted = item.input
            lines = [plan_line(catalogue, line, batch.digits) for line in wanted.lines]
            if not lines:
                raise QuantityRequired()
            supplier_id = terms_of(suppliers, wanted.supplier).partner_id
            item.plan = Plan(supplier_id, warehouses.id(wanted.warehouse), lines)
            item.emit("PurchaseOrdered")
    _write(batch)


def _write(batch: Batch[OrderPurchase]) -> None:
    items = batch.open
    fields = ("supplier", "warehouse_id", "ordered_on", "expected_on", "tolerance_e6", "reference", "closed_on")
    headers = [
        (
            i.plan.supplier_id, i.plan.warehouse_id, i.on, i.input.expected_on, i.input.tolerance_e6, i.input.reference,
            None,
        )
        for i in items
    ]  # fmt: skip
    ids = [pk or 0 for pk in rows.insert_returning(PurchaseOrder, fields, headers)]
    for item, pk in zip(items, ids, strict=True):
        item.document = PurchaseOrder(pk=pk).number
        item.answer = {"document": item.document}
    batch.log()
    lines = [
        line.row(pk, position)
        for item, pk in zip(items, ids, strict=True)
        for position, line in enumerate(item.plan.lines, 1)
    ]
    rows.insert(PurchaseOrderLine, LINE_FIELDS, lines)
