"""Reach a state by commands, in normal notation: `settled(disposed(inspected(received(approved(requested(sold()))))))`.

Every builder takes quantities as 2 or "1.5", money as 100 or "99.90", runs one command as SYSTEM (or `actor=`), and gives
the number of its document. More fields of the command go by their own names.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from backstock.catalog.commands.define import Component, DefineProduct, Unit, define_product
from backstock.core.amounts import scaled
from backstock.core.permissions import SYSTEM, Actor
from backstock.partners.commands.register import RegisterPartner, register_partner
from backstock.policies.commands.publish import PolicyTerms, PublishPolicy, publish_policy
from backstock.purchases.commands.receive import PurchaseReceiptLine, ReceivePurchase, receive_purchase
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.returns.commands.approve import ApproveLine, ApproveReturn, approve_return
from backstock.returns.commands.dispose import DisposeLine, DisposeReturn, dispose_return
from backstock.returns.commands.inspect import InspectLine, InspectReturn, inspect_return
from backstock.returns.commands.receive import ReceiveLine, ReceiveReturn, receive_return
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.sales.commands.sell import Sell, SellLine, Tender, sell
from backstock.warehouse.commands.found import FoundCompany, found_company
from tests.cast import HE, JIN, SUN

type Number = int | str | Decimal

DAY = date(2026, 1, 5)


def e4(quantity: Number) -> int:
    """Write a quantity in 1/10,000."""
    return scaled(quantity, 4)


def e6(price: Number) -> int:
    """Write a unit price or a rate in 1/1,000,000."""
    return scaled(price, 6)


def cents(money: Number) -> int:
    """Write money in cents."""
    return scaled(money, 2)


def found(**settings: Any) -> None:
    """Found the company of this database."""
    found_company(FoundCompany(on=DAY, **settings), actor=SYSTEM)


def company(quantity: Number = 10, cost: Number = 60, price: Number = 100, **settings: Any) -> None:
    """Found a small company: product A on the shelf, customers SUN and HE, supplier JIN."""
    found(**settings)
    customer(SUN)
    customer(HE)
    supplier(JIN)
    product("A", price)
    bought("A", quantity, cost)


def goods(
    sku: str, price: Number = 100, tax: Number = 0, units: dict[str, int] | None = None,
    kit: dict[str, Number] | None = None, **more: Any,
) -> DefineProduct:  # fmt: skip
    """Describe a product; `tax` as 0.13, `units` as {"box": 12}, `kit` as {"T": 5}."""
    others = tuple(Unit(unit=unit, numerator=ratio) for unit, ratio in (units or {}).items())
    parts = tuple(Component(sku=part, quantity_e4=e4(count)) for part, count in (kit or {}).items())
    return DefineProduct(
        sku=sku, price_e6=e6(price), tax_rate_e6=e6(tax), units=others, kit=parts, on=DAY, **more
    )  # fmt: skip


def product(sku: str, *terms: Any, **more: Any) -> str:
    """Put a product into the catalogue."""
    return define_product(goods(sku, *terms, **more), actor=SYSTEM).document


def customer(code: str, **personal: Any) -> str:
    """Register a customer."""
    return register_partner(RegisterPartner(code=code, is_customer=True, on=DAY, **personal), actor=SYSTEM).document


def supplier(code: str, **personal: Any) -> str:
    """Register a supplier."""
    return register_partner(RegisterPartner(code=code, is_supplier=True, on=DAY, **personal), actor=SYSTEM).document


def policy(**terms: Any) -> None:
    """Publish a policy that holds from the beginning of time."""
    wanted = publish_policy.parse({"terms": terms, "valid_from": "0001-01-01", "on": DAY.isoformat()})
    assert isinstance(wanted, PublishPolicy)
    assert isinstance(wanted.terms, PolicyTerms)
    publish_policy(wanted, actor=SYSTEM)


def purchase(sku: str = "A", quantity: Number = 10, cost: Number = 60, on: date = DAY, **more: Any) -> ReceivePurchase:
    """Describe a delivery of one line; `lot`, `serials`, `unit` and `tax_cents` belong to the line."""
    own = {name: more.pop(name) for name in ("lot", "serials", "unit", "tax_cents") if name in more}
    line = PurchaseReceiptLine(sku=sku, quantity_e4=e4(quantity), unit_cost_e6=e6(cost), **own)
    return ReceivePurchase(supplier=JIN, lines=(line,), on=on, **more)


def bought(
    sku: str = "A", quantity: Number = 10, cost: Number = 60, on: date = DAY, actor: Actor = SYSTEM, **more: Any
) -> str:
    """Buy goods into sellable stock."""
    return receive_purchase(purchase(sku, quantity, cost, on, **more), actor=actor).document


def sale(sku: str = "A", quantity: Number = 2, on: date = DAY, paid: Any = "all", **more: Any) -> Sell:
    """Describe a sale of one line, shipped, billed and paid in cash; `paid` may be {"card": 150}."""
    own = {
        name: more.pop(name) for name in ("lot", "serials", "unit", "unit_price_e6", "discount_cents") if name in more
    }
    lines = (SellLine(sku=sku, quantity_e4=e4(quantity), **own),)
    if isinstance(paid, dict):
        paid = tuple(Tender(tender=tender, amount_cents=cents(money)) for tender, money in paid.items())
    return Sell(**{"customer": SUN, "lines": lines, "paid": paid, "on": on, **more})


def sold(
    sku: str = "A", quantity: Number = 2, on: date = DAY, paid: Any = "all", actor: Actor = SYSTEM, **more: Any
) -> str:
    """Sell goods."""
    return sell(sale(sku, quantity, on, paid, **more), actor=actor).document


def request(number: str, quantity: Number = 1, sku: str = "A", on: date = DAY, **more: Any) -> RequestReturn:
    """Describe the request for one line of a sale; `reason`, `lot`, `serials`, `opened` and `line` belong to the line."""
    own = {name: more.pop(name) for name in ("reason", "lot", "serials", "line", "unit", "opened") if name in more}
    return RequestReturn(sale=number, lines=(RequestLine(sku=sku, quantity_e4=e4(quantity), **own),), on=on, **more)


def requested(
    number: str, quantity: Number = 1, sku: str = "A", on: date = DAY, actor: Actor = SYSTEM, **more: Any
) -> str:
    """Ask goods of a sale back; gives the number of the return."""
    return request_return(request(number, quantity, sku, on, **more), actor=actor).document


def approval(rma: str, quantity: Number | None = None, sku: str = "A", on: date = DAY) -> ApproveReturn:
    """Describe the approval of a return, whole or a part."""
    lines = () if quantity is None else (ApproveLine(sku=sku, quantity_e4=e4(quantity)),)
    return ApproveReturn(document=rma, lines=lines, on=on)


def approved(
    rma: str, quantity: Number | None = None, sku: str = "A", on: date = DAY, actor: Actor = SYSTEM
) -> str:  # fmt: skip
    """Authorise a return."""
    return approve_return(approval(rma, quantity, sku, on), actor=actor).document


def receipt(rma: str, quantity: Number = 1, sku: str = "A", on: date = DAY, **line: Any) -> ReceiveReturn:
    """Describe what lay in the parcel; `found`, `lot` and `serials` belong to the line."""
    own = {name: line.pop(name) for name in ("warehouse", "parcel") if name in line}
    return ReceiveReturn(document=rma, lines=(ReceiveLine(sku=sku, quantity_e4=e4(quantity), **line),), on=on, **own)


def received(
    rma: str, quantity: Number = 1, sku: str = "A", on: date = DAY, actor: Actor = SYSTEM, **line: Any
) -> str:  # fmt: skip
    """Book returned goods into quarantine."""
    return receive_return(receipt(rma, quantity, sku, on, **line), actor=actor).document


def inspection(rma: str, quantity: Number = 1, sku: str = "A", on: date = DAY, **line: Any) -> InspectReturn:
    """Describe a verdict; `grade`, `accepted` and `serials` belong to the line."""
    return InspectReturn(document=rma, lines=(InspectLine(sku=sku, quantity_e4=e4(quantity), **line),), on=on)


def inspected(
    rma: str, quantity: Number = 1, sku: str = "A", on: date = DAY, actor: Actor = SYSTEM, **line: Any
) -> str:  # fmt: skip
    """Give a verdict on received goods."""
    return inspect_return(inspection(rma, quantity, sku, on, **line), actor=actor).document


def disposal(
    rma: str, quantity: Number = 1, sku: str = "A", to: str = "restock", on: date = DAY, **line: Any
) -> DisposeReturn:
    """Describe where inspected goods go; `value_cents`, `lot` and `serials` belong to the line."""
    lines = (DisposeLine(sku=sku, quantity_e4=e4(quantity), to=to, **line),)
    return DisposeReturn(document=rma, lines=lines, on=on)


def disposed(
    rma: str, quantity: Number = 1, sku: str = "A", to: str = "restock", on: date = DAY, actor: Actor = SYSTEM, **line: Any
) -> str:  # fmt: skip
    """Move inspected goods out of quarantine."""
    return dispose_return(disposal(rma, quantity, sku, to, on, **line), actor=actor).document


def settled(rma: str, on: date = DAY, actor: Actor = SYSTEM, **wish: Any) -> str:
    """Credit and refund what is due."""
    return settle_return(SettleReturn(document=rma, on=on, **wish), actor=actor).document


def on_the_dock(quantity: Number = 1, sku: str = "A", number: str | None = None) -> str:
    """Bring goods of a sale back as far as quarantine."""
    return received(approved(requested(number or sold(sku), quantity, sku)), quantity, sku)


def back_on_the_shelf(quantity: Number = 1, sku: str = "A", number: str | None = None) -> str:
    """Bring goods of a sale back as far as the shelf; only the money is missing."""
    rma = on_the_dock(quantity, sku, number)
    return disposed(inspected(rma, quantity, sku), quantity, sku)
