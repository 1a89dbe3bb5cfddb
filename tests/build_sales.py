"""Reach a state of selling by commands: `shipped(confirmed(quoted()), signed=False)`. See `tests.build`."""

from __future__ import annotations

from datetime import date
from typing import Any

from backstock.core.permissions import SYSTEM, Actor
from backstock.sales.commands.close_order import CloseOrder, close_order
from backstock.sales.commands.confirm import ConfirmQuote, confirm_quote
from backstock.sales.commands.invoice import BillLine, InvoiceSale, invoice_sale
from backstock.sales.commands.pick import EndPick, MakePick, Taken, TickPick, end_pick, make_pick, tick_pick
from backstock.sales.commands.quote import MakeQuote, WithdrawQuote, make_quote, withdraw_quote
from backstock.sales.commands.ship import Ship, ShipLine, ship
from backstock.sales.models import Sale, Shipment
from backstock.sales.orders import SellLine
from tests import build
from tests.build import DAY, Number, e4
from tests.cast import SUN


def offer(*lines: tuple[str, Number] | SellLine, on: date = DAY, **more: Any) -> MakeQuote:
    """Describe a quote with lines given as (sku, quantity) or whole."""
    rows = tuple(
        each if isinstance(each, SellLine) else SellLine(sku=each[0], quantity_e4=e4(each[1])) for each in lines
    )
    return MakeQuote(**{"customer": SUN, "lines": rows or (SellLine(sku="A", quantity_e4=e4(1)),), "on": on, **more})


def quoted(*lines: tuple[str, Number] | SellLine, actor: Actor = SYSTEM, **more: Any) -> str:
    """Offer goods; gives the number of the quote."""
    return make_quote(offer(*lines, **more), actor=actor).document


def confirmed(quote: str, on: date = DAY, actor: Actor = SYSTEM, **more: Any) -> str:
    """Order what was quoted; gives the number of the sale."""
    return confirm_quote(ConfirmQuote(quote=quote, on=on, **more), actor=actor).document


def withdrawn(quote: str) -> str:
    """Take an offer back."""
    return withdraw_quote(WithdrawQuote(quote=quote, on=DAY), actor=SYSTEM).document


def ordered(sku: str = "A", quantity: Number = 2, **more: Any) -> str:
    """Take an order that waits: nothing shipped, billed or paid."""
    return build.sold(sku, quantity, **{"shipped": "none", "invoiced": False, "paid": "none", **more})


def shipped(sale: str, quantity: Number = 1, sku: str = "A", on: date = DAY, **more: Any) -> str:
    """Send a parcel of one line; gives the number of the parcel."""
    parcel = Ship(sale=sale, lines=(ShipLine(sku=sku, quantity_e4=e4(quantity)),), on=on, **more)
    return str(ship(parcel, actor=SYSTEM).answer["shipment"])


def billed(sale: str, on: date = DAY, **parts: Number) -> str:
    """Bill a sale, all that may be billed or parts as A=2; gives the number of the invoice."""
    lines = tuple(BillLine(sku=sku, quantity_e4=e4(quantity)) for sku, quantity in parts.items())
    return str(invoice_sale(InvoiceSale(sale=sale, lines=lines, on=on), actor=SYSTEM).answer["invoice"])


def on_its_way(quantity: Number = 1) -> str:
    """Send a parcel that nobody signed for yet; gives the number of the parcel."""
    return shipped(ordered(quantity=quantity), quantity, signed=False)


def picked(*sales: str) -> str:
    """Make a pick list for orders."""
    return make_pick(MakePick(sales=sales, on=DAY), actor=SYSTEM).document


def ticked(pick: str, quantity: Number = 1, sku: str = "A") -> str:
    """Tick goods off a pick list."""
    return tick_pick(
        TickPick(pick=pick, lines=(Taken(sku=sku, quantity_e4=e4(quantity)),), on=DAY), actor=SYSTEM
    ).document


def ended(pick: str) -> str:
    """Give up a pick list."""
    return end_pick(EndPick(pick=pick, on=DAY), actor=SYSTEM).document


def closed(sale: str) -> int:
    """Close an order; gives the deposit that is left, in cents."""
    return int(close_order(CloseOrder(sale=sale, on=DAY), actor=SYSTEM).answer["deposit_cents"])


def sale_row(number: str) -> Sale:
    """Return the row of a sale."""
    return Sale.objects.get(pk=int(number[1:]))


def parcel_row(number: str) -> Shipment:
    """Return the row of a parcel."""
    return Shipment.objects.get(pk=int(number[1:]))
