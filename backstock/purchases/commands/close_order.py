"""The rest of an order will not come: nothing is expected of it any more."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import TransitionNotAllowed
from backstock.purchases.models import PurchaseOrder
from backstock.purchases.orders import load_orders, order_of


@typed(frozen=True, kw_only=True, config=STRICT)
class CloseOrder(Input):
    """Which order, and why."""

    document: str
    reason: Annotated[str, Field(max_length=200)] = ""


@command("purchases.close_order", CloseOrder)
def close_order(batch: Batch[CloseOrder]) -> None:
    """Close orders of which goods are still expected."""
    orders = load_orders(item.input.document for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            order = order_of(orders, item.input.document)
            if not order.is_waiting:
                current = "complete" if order.status == "received" else order.status
                raise TransitionNotAllowed(document=order.row.number, current=current, wanted="closed")
            row = item.plan = order.row
            row.closed_on = item.on
            item.document, item.answer = row.number, {"document": row.number}
            item.emit("PurchaseOrderClosed")
    batch.log()
    closed = [item.plan for item in batch.open]
    if closed:
        PurchaseOrder.objects.bulk_update(closed, ["closed_on"])
