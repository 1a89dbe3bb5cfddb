"""Builders for what comes after the decision: exchanges, replacements and repairs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from backstock.catalog.lines import GoodsLine
from backstock.core.permissions import SYSTEM, Actor
from backstock.returns.commands.charge_replacement import ChargeReplacement, charge_replacement
from backstock.returns.commands.finish_repair import FinishRepair, finish_repair
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.commands.ship_replacement import ReplacementLine, ShipReplacement, ship_replacement
from backstock.returns.commands.undo_replacement import UndoReplacement, undo_replacement
from backstock.returns.requests.planning import ExchangeFor
from backstock.sales.commands.pay import PaySale, pay_sale
from backstock.sales.orders import Tender
from tests import build
from tests.build import DAY, Number, e4


def exchange(
    number: str, quantity: Number = 1, sku: str = "A", wish: str = "B", wished: Number | None = None, on: date = DAY,
    **line: Any,
) -> RequestReturn:  # fmt: skip
    """Describe the wish to have other goods for a line of a sale."""
    wanted = ExchangeFor(sku=wish, quantity_e4=e4(quantity if wished is None else wished))
    lines = (RequestLine(sku=sku, quantity_e4=e4(quantity), exchange_for=wanted, **line),)
    return RequestReturn(sale=number, type="exchange", lines=lines, on=on)


def exchanging(number: str, quantity: Number = 1, sku: str = "A", wish: str = "B", **line: Any) -> str:
    """Ask for other goods; gives the number of the return."""
    return request_return(exchange(number, quantity, sku, wish, **line), actor=SYSTEM).document


def replacing(number: str, quantity: Number = 1, sku: str = "A", kind: str = "replacement", **line: Any) -> str:
    """Ask for the same goods anew, or for a repair."""
    return build.requested(number, quantity, sku, type=kind, **line)


def swapping(quantity: Number = 1, price: Number = 80, number: str | None = None, **line: Any) -> str:
    """Bring goods back that are exchanged for B at a price, of which ten are on the shelf at 30."""
    build.product("B", price)
    build.bought("B", 10, 30)
    rma = build.approved(exchanging(number or build.sold(quantity=quantity), quantity, **line))
    return build.received(rma, quantity)


def shipment(rma: str, quantity: Number = 1, sku: str = "B", on: date = DAY, **line: Any) -> ShipReplacement:
    """Describe a parcel with other goods; `lot` and `serials` belong to the line."""
    return ShipReplacement(document=rma, lines=(ReplacementLine(sku=sku, quantity_e4=e4(quantity), **line),), on=on)


def replaced(
    rma: str, quantity: Number = 1, sku: str = "B", on: date = DAY, actor: Actor = SYSTEM, **line: Any
) -> str:  # fmt: skip
    """Let other goods leave."""
    return ship_replacement(shipment(rma, quantity, sku, on, **line), actor=actor).document


def taken_back(rma: str, on: date = DAY) -> str:
    """Take the last shipment of other goods back."""
    return undo_replacement(UndoReplacement(document=rma, on=on), actor=SYSTEM).document


def in_repair(quantity: Number = 1, sku: str = "A", number: str | None = None) -> str:
    """Bring goods as far as the workshop."""
    rma = build.inspected(build.on_the_dock(quantity, sku, number), quantity, sku)
    return build.disposed(rma, quantity, sku, to="repair")


def repair(
    rma: str, quantity: Number = 1, to: str = "restock", cost: Number = 0, sku: str = "A", on: date = DAY, **more: Any
) -> FinishRepair:  # fmt: skip
    """Describe a finished repair."""
    lines = (GoodsLine(sku=sku, quantity_e4=e4(quantity)),)
    return FinishRepair(document=rma, lines=lines, to=to, cost_cents=build.cents(cost), on=on, **more)


def repaired(
    rma: str, quantity: Number = 1, to: str = "restock", cost: Number = 0, actor: Actor = SYSTEM, **more: Any
) -> str:  # fmt: skip
    """Finish a repair."""
    return finish_repair(repair(rma, quantity, to, cost, **more), actor=actor).document


def replace_input(wanted: Any, **changes: Any) -> Any:
    """Return an input with other content."""
    return replace(wanted, **changes)


def paid(number: str, money: Number, tender: str = "cash") -> str:
    """Pay what a sale owes."""
    tenders = (Tender(tender=tender, amount_cents=build.cents(money)),)
    return pay_sale(PaySale(sale=number, tenders=tenders, on=DAY), actor=SYSTEM).document


def overdue(quantity: Number = 1, sku: str = "A", tender: str = "card") -> str:
    """Let goods leave ahead of the old ones, which may come until 2026-01-15."""
    build.policy(cross_ship=True, cross_ship_deadline_days=10)
    rma = build.approved(replacing(build.sold(quantity=quantity, paid={tender: 100 * int(quantity)}), quantity))
    return replaced(rma, quantity, sku)


def charged(rma: str, on: date) -> str:
    """Bill what left ahead of goods that are late, or credit what came after all."""
    return charge_replacement(ChargeReplacement(document=rma, on=on), actor=SYSTEM).document
