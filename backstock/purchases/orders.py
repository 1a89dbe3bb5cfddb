"""Read purchase orders, locked where a command asks, and say how far they have come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from backstock.core.amounts import E4, E6, half_up
from backstock.core.errors import UnknownDocument
from backstock.core.numbers import row_id
from backstock.purchases.models import PurchaseOrder, PurchaseOrderLine


@dataclass(slots=True)
class LoadedOrder:
    """An order with its lines in order; dropped lines are left out."""

    row: PurchaseOrder
    lines: list[PurchaseOrderLine] = field(default_factory=list)
    last_position: int = 0

    @property
    def status(self) -> str:
        """How far it has come: open, part_received, received or closed."""
        if all(line.left_e4 == 0 for line in self.lines):
            return "received" if any(line.received_e4 for line in self.lines) else "closed"
        if self.row.closed_on is not None:
            return "closed"
        return "part_received" if any(line.received_e4 for line in self.lines) else "open"

    @property
    def is_waiting(self) -> bool:
        """Whether goods are still expected."""
        return self.status in ("open", "part_received")


def load_orders(numbers: Iterable[str], lock: bool = True) -> dict[str, LoadedOrder]:
    """Read orders by number, locking them in the order of their ids; numbers that do not exist are left out."""
    wanted: dict[str, int] = {}
    for number in numbers:
        try:
            wanted[number] = row_id("PO", number)
        except UnknownDocument:
            continue
    found = load_orders_by_id(wanted.values(), lock)
    return {number: found[pk] for number, pk in wanted.items() if pk in found}


def load_orders_by_id(ids: Iterable[int], lock: bool = True) -> dict[int, LoadedOrder]:
    """Read orders by id. The header's lock guards the lines: nobody writes them without it."""
    wanted = sorted(set(ids) - {0})
    if not wanted:
        return {}
    headers = PurchaseOrder.objects.filter(pk__in=wanted).order_by("pk")
    headers = headers.select_for_update() if lock else headers.select_related("supplier")
    loaded = {row.pk: LoadedOrder(row) for row in headers}
    lines = PurchaseOrderLine.objects.filter(order_id__in=wanted).select_related("product")
    for line in lines.order_by("order_id", "position"):
        order = loaded[line.order_id]
        order.last_position = line.position
        if line.quantity_e4 or line.received_e4:
            order.lines.append(line)
    return loaded


def order_of(orders: dict[str, LoadedOrder], number: str) -> LoadedOrder:
    """Return a loaded order; raise UnknownDocument."""
    try:
        return orders[number]
    except KeyError:
        raise UnknownDocument(document=number[:60]) from None


def most_e4(order: PurchaseOrder, line: PurchaseOrderLine) -> int:
    """Return how much of a line is taken at most: ordered and what the order tolerates, whole in the product's unit."""
    step = int(10 ** (4 - line.product.unit_decimals))
    return int(line.quantity_e4) * (E6 + order.tolerance_e6) // E6 // step * step


def cost_of(line: PurchaseOrderLine, quantity_e4: int, digits: int) -> int:
    """Return what a quantity in base units costs at the price of an order line, rounded half up."""
    whole_e4 = max(1, line.quantity_e4)
    return half_up(quantity_e4 * line.unit_quantity_e4 * line.unit_cost_e6 * 10**digits, whole_e4 * E4 * E6)


def worth_cents(order: LoadedOrder, digits: int) -> int:
    """Return what an order costs without tax."""
    return sum(cost_of(line, line.quantity_e4, digits) for line in order.lines)
