"""Reach a state of purchases by commands; the same manners as `tests/build.py`."""

from __future__ import annotations

from datetime import date
from typing import Any

from backstock.catalog.lines import GoodsLine
from backstock.core.permissions import SYSTEM, Actor
from backstock.purchases.commands.close_order import CloseOrder, close_order
from backstock.purchases.commands.invoice import InvoiceLine, InvoicePurchase, invoice_purchase
from backstock.purchases.commands.order import OrderLine, OrderPurchase, order_purchase
from backstock.purchases.commands.receive_order import OrderArrival, ReceiveOrder, receive_order
from backstock.purchases.commands.revise_order import ReviseLine, ReviseOrder, revise_order
from backstock.purchases.commands.send_back import SendBack, SendBackLine, send_back
from backstock.purchases.commands.undo import UndoPurchase, undo_purchase
from backstock.returns.commands.vendor_credit import VendorCredit, credit_from_vendor
from tests import build
from tests.build import DAY, Number, cents, e4, e6
from tests.cast import JIN


def at_the_vendor(quantity: Number = 1, sku: str = "A", number: str | None = None, **line: Any) -> str:
    """Send goods that came back on to their supplier; gives the number of the return."""
    rma = build.inspected(build.on_the_dock(quantity, sku, number), quantity, sku)
    return build.disposed(rma, quantity, sku, to="return_to_vendor", **line)


def credit(rma: str, amount: Number, quantity: Number | None = None, sku: str = "A", **more: Any) -> VendorCredit:
    """Describe what a supplier credits: for all that it owes, or for some pieces."""
    lines = () if quantity is None else (GoodsLine(sku=sku, quantity_e4=e4(quantity)),)
    return VendorCredit(**{"document": rma, "amount_cents": cents(amount), "lines": lines, "on": DAY, **more})


def credited(
    rma: str, amount: Number, quantity: Number | None = None, sku: str = "A", on: date = DAY, actor: Actor = SYSTEM, **more: Any
) -> str:  # fmt: skip
    """Book a supplier's credit for goods that went back."""
    return credit_from_vendor(credit(rma, amount, quantity, sku, on=on, **more), actor=actor).document


def order(sku: str = "A", quantity: Number = 10, cost: Number = 60, tax: Number = 0, **more: Any) -> OrderPurchase:
    """Describe an order of one line; `unit` belongs to the line, `tax` is its rate."""
    own = {name: more.pop(name) for name in ("unit",) if name in more}
    line = OrderLine(sku=sku, quantity_e4=e4(quantity), unit_cost_e6=e6(cost), tax_rate_e6=e6(tax), **own)
    return OrderPurchase(**{"supplier": JIN, "lines": (line,), "on": DAY, **more})


def ordered(
    sku: str = "A", quantity: Number = 10, cost: Number = 60, tax: Number = 0, actor: Actor = SYSTEM, **more: Any
) -> str:  # fmt: skip
    """Order goods from the supplier."""
    return order_purchase(order(sku, quantity, cost, tax, **more), actor=actor).document


def arrival(number: str, quantity: Number, sku: str = "A", **more: Any) -> ReceiveOrder:
    """Describe a delivery against an order; lots, serials, dates, `unit` and `line` belong to the line."""
    names = ("lot", "serials", "made_on", "expires_on", "line", "unit")
    own = {name: more.pop(name) for name in names if name in more}
    line = OrderArrival(sku=sku, quantity_e4=e4(quantity), **own)
    return ReceiveOrder(**{"document": number, "lines": (line,), "on": DAY, **more})


def arrived(number: str, quantity: Number, sku: str = "A", actor: Actor = SYSTEM, **more: Any) -> str:
    """Receive goods against an order; gives the number of the receipt."""
    return receive_order(arrival(number, quantity, sku, **more), actor=actor).document


def revised(number: str, *lines: dict[str, Any], actor: Actor = SYSTEM, **more: Any) -> str:
    """Change an order; each line as the fields of `ReviseLine`."""
    wanted = ReviseOrder(document=number, lines=tuple(ReviseLine(**line) for line in lines), on=DAY, **more)
    return revise_order(wanted, actor=actor).document


def closed(number: str, on: date = DAY, actor: Actor = SYSTEM) -> str:
    """Expect nothing more of an order."""
    return close_order(CloseOrder(document=number, on=on), actor=actor).document


def bill(receipt: str, net: Number, tax: Number = 0, quantity: Number | None = None, **more: Any) -> InvoicePurchase:
    """Describe a supplier's invoice for the first line of a receipt."""
    whole = {} if quantity is None else {"quantity_e4": e4(quantity)}
    line = InvoiceLine(
        receipt=receipt, line=more.pop("line", 1), net_cents=cents(net), tax_cents=cents(tax), **whole
    )  # fmt: skip
    return InvoicePurchase(**{"supplier": JIN, "supplier_number": "F-1", "lines": (line,), "on": DAY, **more})


def billed(
    receipt: str, net: Number, tax: Number = 0, quantity: Number | None = None, actor: Actor = SYSTEM, **more: Any
) -> str:
    """Enter a supplier's invoice."""
    return invoice_purchase(bill(receipt, net, tax, quantity, **more), actor=actor).document


def sending(receipt: str, quantity: Number = 1, sku: str = "A", **more: Any) -> SendBack:
    """Describe goods that go back; `lot`, `serials`, `unit` and `line` belong to the line."""
    own = {name: more.pop(name) for name in ("lot", "serials", "line", "unit") if name in more}
    line = SendBackLine(sku=sku, quantity_e4=e4(quantity), **own)
    return SendBack(**{"receipt": receipt, "lines": (line,), "on": DAY, **more})


def sent_back(receipt: str, quantity: Number = 1, sku: str = "A", actor: Actor = SYSTEM, **more: Any) -> str:
    """Send goods back to the supplier."""
    return send_back(sending(receipt, quantity, sku, **more), actor=actor).document


def undone(number: str, actor: Actor = SYSTEM, on: date = DAY) -> str:
    """Take a document of purchases back."""
    return undo_purchase(UndoPurchase(document=number, on=on), actor=actor).document
