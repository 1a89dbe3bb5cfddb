"""Goods of an order arrive: all or some of them, a little more where the order allows it, with lots and serial numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.queries import Catalogue, Item
from backstock.core.amounts import tax_on_top
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import QuantityRequired, TransitionNotAllowed
from backstock.partners.queries import days_to_pay
from backstock.purchases.errors import ItemNotInOrder, ReceiptExceedsOrder
from backstock.purchases.models import PurchaseOrderLine
from backstock.purchases.orders import LoadedOrder, cost_of, load_orders, most_e4, order_of
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
class OrderArrival(ArrivingLine):
    """What arrived; `line` names a line of the order where a product stands in several. Prices are the order's."""

    line: int | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class ReceiveOrder(Input):
    """A delivery against an order, into the order's warehouse or another one."""

    document: str
    warehouse: str | None = None
    lines: tuple[OrderArrival, ...]
    reference: Annotated[str, Field(max_length=60)] = ""


@command("purchases.receive_order", ReceiveOrder)
def receive_order(batch: Batch[ReceiveOrder]) -> None:
    """Book what arrives of orders into sellable stock and onto the suppliers' accounts."""
    inputs = [item.input for item in batch.open]
    orders = load_orders(each.document for each in inputs)
    of_orders = [line.product_id for order in orders.values() for line in order.lines]
    catalogue, serials = load_arriving(batch, (line for each in inputs for line in each.lines), of_orders)
    days = days_to_pay(order.row.supplier_id for order in orders.values())
    warehouses = load_warehouses(each.warehouse for each in inputs if each.warehouse)
    for item in batch.open:
        with batch.attempt(item):
            wanted = item.input
            order = order_of(orders, wanted.document)
            if not wanted.lines:
                raise QuantityRequired(document=order.row.number)
            if order.row.closed_on is not None:
                raise TransitionNotAllowed(document=order.row.number, current="closed", wanted="received")
            lines = [plan for line in wanted.lines for plan in _plan_line(batch, order, catalogue, line)]
            refuse_known_serials(batch, catalogue, lines, serials)
            supplier_id = order.row.supplier_id
            warehouse_id = warehouses.id(wanted.warehouse) if wanted.warehouse else order.row.warehouse_id
            item.plan = ReceiptPlan(
                supplier_id, days.get(supplier_id, 0), warehouse_id, wanted.reference, lines, order.row.pk
            )  # fmt: skip
            item.answer = {"order": order.row.number}
            item.emit("OrderArrived", order=order.row.number)
    write_receipts(batch, serials)
    batch.write_changes(PurchaseOrderLine)


def _plan_line(
    batch: Batch[ReceiveOrder], order: LoadedOrder, catalogue: Catalogue, wanted: OrderArrival
) -> Iterator[LinePlan]:  # fmt: skip
    """Spread what arrived over the lines of the order: each is filled before any takes more than was ordered."""
    item = catalogue.item(wanted.sku)
    quantity_e4 = catalogue.base_quantity(item, wanted.quantity_e4, wanted.unit)
    made_on, expires_on = dates_of(item, wanted)
    pieces = parts_of(item, wanted, quantity_e4)
    lot_code = pieces[0][0] if item.product.tracking == "lot" else ""
    for line, part_e4 in _spread(order, item, wanted, quantity_e4):
        value = check_value(cost_of(line, part_e4, batch.digits), line.unit_cost_e6)
        mine, pieces = _split(pieces, part_e4)
        batch.change(line, received_e4=part_e4)
        yield LinePlan(
            item.id, part_e4, line.unit, line.unit_cost_e6, value, tax_on_top(value, line.tax_rate_e6), made_on,
            expires_on, mine, lot_code, line.pk,
        )  # fmt: skip


def _spread(
    order: LoadedOrder, item: Item, wanted: OrderArrival, quantity_e4: int
) -> list[tuple[PurchaseOrderLine, int]]:
    lines = [line for line in order.lines if line.product_id == item.id and wanted.line in (None, line.position)]
    if not lines:
        raise ItemNotInOrder(sku=item.sku, document=order.row.number)
    taken, left_e4 = dict.fromkeys((line.pk for line in lines), 0), quantity_e4
    for room in ({line.pk: line.left_e4 for line in lines}, {line.pk: _room(order, line) for line in lines}):
        for line in lines:
            part_e4 = max(0, min(left_e4, room[line.pk] - taken[line.pk]))
            taken[line.pk] += part_e4
            left_e4 -= part_e4
    if left_e4:
        raise ReceiptExceedsOrder(
            sku=item.sku, asked_e4=quantity_e4, left_e4=quantity_e4 - left_e4, document=order.row.number
        )  # fmt: skip
    return [(line, taken[line.pk]) for line in lines if taken[line.pk]]


def _room(order: LoadedOrder, line: PurchaseOrderLine) -> int:
    return most_e4(order.row, line) - line.received_e4


def _split(parts: list[tuple[str, int]], quantity_e4: int) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Take a quantity off the front of what arrived: (taken, the rest)."""
    taken, rest = [], []
    for code, part_e4 in parts:
        mine_e4 = min(part_e4, quantity_e4)
        quantity_e4 -= mine_e4
        if mine_e4:
            taken.append((code, mine_e4))
        if part_e4 > mine_e4:
            rest.append((code, part_e4 - mine_e4))
    return taken, rest
