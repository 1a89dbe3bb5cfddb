"""A sale: the order, and in the same step as much of shipping, billing and paying as happens at once."""

from __future__ import annotations

from backstock.core import clock
from backstock.core.commands import Batch, command
from backstock.partners.queries import owners_of_addresses
from backstock.sales.desk import load_desk, lock_credit
from backstock.sales.orders import OrderDiscount, Sell, SellLine, ShipNow, Tender
from backstock.sales.planning import lock_shelves, plan_sale
from backstock.sales.writing import write_sales

__all__ = ["OrderDiscount", "Sell", "SellLine", "ShipNow", "Tender", "sell"]


@command("sales.sell", Sell)
def sell(batch: Batch[Sell]) -> None:
    """Sell: take orders, ship what leaves now, bill and take the money."""
    desk = load_desk([item.input for item in batch.open], clock.today(batch.company.timezone))
    desk.addresses = owners_of_addresses(item.input.address for item in batch.open if item.input.address)
    sheet = lock_shelves(batch, desk)
    lock_credit(desk)
    for item in batch.open:
        with batch.attempt(item):
            item.plan = plan_sale(batch, item.input, desk, sheet)
    write_sales(batch)
