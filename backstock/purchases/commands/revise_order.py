"""Change an order: other quantities, prices or days, more lines; never below what came already."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.catalog.queries import Catalogue, load_catalogue
from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import DuplicateLine, QuantityRequired, TransitionNotAllowed
from backstock.purchases.commands.order import LINE_FIELDS, LinePlan, OrderLine, Price, Rate, plan_line
from backstock.purchases.errors import ItemNotInOrder, QuantityBelowReceived
from backstock.purchases.models import PurchaseOrder, PurchaseOrderLine
from backstock.purchases.orders import LoadedOrder, load_orders, order_of

Quantity = Annotated[int, Field(ge=0)]


@typed(frozen=True, kw_only=True, config=STRICT)
class ReviseLine:
    """A line to change (by its number) or to add (without one); a quantity of 0 drops it; what is not said stays."""

    line: int | None = None
    sku: Code
    quantity_e4: Quantity
    unit: str | None = None
    unit_cost_e6: Price | None = None
    tax_rate_e6: Rate | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class ReviseOrder(Input):
    """Changes of an order; lines that are not named stay as they are."""

    document: str
    expected_on: date | None = None
    tolerance_e6: Rate | None = None
    reference: Annotated[str, Field(max_length=60)] | None = None
    lines: tuple[ReviseLine, ...] = ()


@dataclass(slots=True)
class Plan:
    """What changes in an order: its own terms, changed lines and new ones."""

    order: LoadedOrder
    changed: list[tuple[PurchaseOrderLine, LinePlan]] = field(default_factory=list)
    added: list[LinePlan] = field(default_factory=list)


@command("purchases.revise_order", ReviseOrder)
def revise_order(batch: Batch[ReviseOrder]) -> None:
    """Change orders that are not at their end."""
    orders = load_orders(item.input.document for item in batch.open)
    catalogue = load_catalogue(line.sku for item in batch.open for line in item.input.lines)
    taken = set[str]()
    for item in batch.open:
        with batch.attempt(item):
            order = order_of(orders, item.input.document)
            if order.row.closed_on is not None:
                raise TransitionNotAllowed(document=order.row.number, current="closed", wanted="edited")
            if order.row.number in taken:
                # What was read of it is what it was before the item that came first.
                raise TransitionNotAllowed(document=order.row.number, current="edited", wanted="edited")
            item.plan = _plan(order, item.input, catalogue, batch.digits)
            item.document, item.answer = order.row.number, {"document": order.row.number}
            item.emit("PurchaseOrderRevised")
            taken.add(order.row.number)
    batch.log()
    _write(batch)


def _plan(order: LoadedOrder, wanted: ReviseOrder, catalogue: Catalogue, digits: int) -> Plan:
    plan, by_position = Plan(order), {line.position: line for line in order.lines}
    seen = set[int]()
    for each in wanted.lines:
        line = by_position.get(each.line or 0)
        if each.line is None:
            plan.added.append(plan_line(catalogue, _full(each, None), digits))
            continue
        if line is None or line.product.sku != each.sku:
            raise ItemNotInOrder(sku=each.sku, document=order.row.number)
        if line.position in seen:
            raise DuplicateLine(sku=each.sku)
        seen.add(line.position)
        plan.changed.append((line, _changed(catalogue, line, each, digits)))
    new = {line.pk: after.quantity_e4 for line, after in plan.changed}
    if not plan.added and not any(new.get(line.pk, line.quantity_e4) for line in order.lines):
        raise QuantityRequired(document=order.row.number)
    return plan


def _changed(catalogue: Catalogue, line: PurchaseOrderLine, wanted: ReviseLine, digits: int) -> LinePlan:
    """Return a line as it will be; refuse less than came of it."""
    if wanted.quantity_e4:
        after = plan_line(catalogue, _full(wanted, line), digits)
    else:
        after = LinePlan(line.product_id, 0, line.unit, 0, line.unit_cost_e6, line.tax_rate_e6)
    if after.quantity_e4 < line.received_e4:
        raise QuantityBelowReceived(sku=wanted.sku, asked_e4=after.quantity_e4, received_e4=line.received_e4)
    return after


def _full(wanted: ReviseLine, line: PurchaseOrderLine | None) -> OrderLine:
    """Fill in what is not said: a line keeps its price and rate, a new one costs what the input says."""
    cost, rate = wanted.unit_cost_e6, wanted.tax_rate_e6
    if line is not None:
        cost, rate = line.unit_cost_e6 if cost is None else cost, line.tax_rate_e6 if rate is None else rate
    unit = wanted.unit or (line.unit if line is not None else None) or None
    return OrderLine(
        sku=wanted.sku, quantity_e4=wanted.quantity_e4, unit=unit, unit_cost_e6=cost or 0, tax_rate_e6=rate
    )  # fmt: skip


def _write(batch: Batch[ReviseOrder]) -> None:
    changed, heads, added = list[PurchaseOrderLine](), list[PurchaseOrder](), list[tuple[int | str, ...]]()
    for item in batch.open:
        plan: Plan = item.plan
        row = plan.order.row
        for name in ("expected_on", "tolerance_e6", "reference"):
            if getattr(item.input, name) is not None:
                setattr(row, name, getattr(item.input, name))
        heads.append(row)
        for line, after in plan.changed:
            line.quantity_e4, line.unit, line.unit_quantity_e4 = after.quantity_e4, after.unit, after.unit_quantity_e4
            line.unit_cost_e6, line.tax_rate_e6 = after.unit_cost_e6, after.tax_rate_e6
            changed.append(line)
        added += [line.row(row.pk, plan.order.last_position + n) for n, line in enumerate(plan.added, 1)]
    if heads:
        PurchaseOrder.objects.bulk_update(heads, ["expected_on", "tolerance_e6", "reference"])
    if changed:
        fields = ["quantity_e4", "unit", "unit_quantity_e4", "unit_cost_e6", "tax_rate_e6"]
        PurchaseOrderLine.objects.bulk_update(changed, fields)
    rows.insert(PurchaseOrderLine, LINE_FIELDS, added)
