"""Goods received from a supplier into sellable stock, on account, without an order; against one see `receive_order`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.catalog.queries import Catalogue
from backstock.core.amounts import E6, MAX_CENTS, MAX_PRICE_E6, line_cents, tax_on_top
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import QuantityRequired
from backstock.partners.queries import partner_terms, terms_of
from backstock.purchases.receiving import (
    ArrivingLine,
    LinePlan,
    ReceiptPlan,
    check_value,
    dates_of,
    load_arriving,
    parts_of,
    refuse_known_serials,
    write_receipts,
)
from backstock.warehouse.queries import load_warehouses


@typed(frozen=True, kw_only=True, config=STRICT)
class PurchaseReceiptLine(ArrivingLine):
    """What came, at which unit cost; `unit_cost_e6` is per the line's own unit; tax is on top, stated or by its rate."""

    unit_cost_e6: Annotated[int, Field(ge=0, le=MAX_PRICE_E6)]
    tax_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)] | None = None
    tax_rate_e6: Annotated[int, Field(ge=0, le=E6)] = 0


@typed(frozen=True, kw_only=True, config=STRICT)
class ReceivePurchase(Input):
    """A delivery of a supplier. `opening` credits opening balances instead of the supplier."""

    supplier: Code
    warehouse: str | None = None
    lines: tuple[PurchaseReceiptLine, ...]
    reference: Annotated[str, Field(max_length=60)] = ""
    opening: bool = False


@command("purchases.receive", ReceivePurchase)
def receive_purchase(batch: Batch[ReceivePurchase]) -> None:
    """Book deliveries into sellable stock and onto the suppliers' accounts."""
    inputs = [item.input for item in batch.open]
    catalogue, serials = load_arriving(batch, (line for each in inputs for line in each.lines))
    suppliers = partner_terms(each.supplier for each in inputs)
    warehouses = load_warehouses(each.warehouse for each in inputs)
    for item in batch.open:
        with batch.attempt(item):
            wanted = item.input
            lines = [_plan_line(catalogue, line, batch.digits) for line in wanted.lines]
            if not lines:
                raise QuantityRequired()
            refuse_known_serials(batch, catalogue, lines, serials)
            terms = terms_of(suppliers, wanted.supplier)
            warehouse_id = warehouses.id(wanted.warehouse)
            item.plan = ReceiptPlan(
                terms.partner_id, terms.payment_days, warehouse_id, wanted.reference, lines, opening=wanted.opening
            )
    write_receipts(batch, serials)


def _plan_line(catalogue: Catalogue, line: PurchaseReceiptLine, digits: int) -> LinePlan:
    item = catalogue.item_in_use(line.sku)
    quantity_e4 = catalogue.base_quantity(item, line.quantity_e4, line.unit)
    value = check_value(line_cents(line.quantity_e4, line.unit_cost_e6, digits), line.unit_cost_e6)
    tax = tax_on_top(value, line.tax_rate_e6) if line.tax_cents is None else line.tax_cents
    made_on, expires_on = dates_of(item, line)
    parts = parts_of(item, line, quantity_e4)
    lot_code = parts[0][0] if item.product.tracking == "lot" else ""
    return LinePlan(
        item.id, quantity_e4, line.unit or "", line.unit_cost_e6, value, tax, made_on, expires_on, parts, lot_code
    )  # fmt: skip
