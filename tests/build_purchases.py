"""Reach a state of purchases by commands; the same manners as `tests/build.py`."""

from __future__ import annotations

from datetime import date
from typing import Any

from backstock.catalog.lines import GoodsLine
from backstock.core.permissions import SYSTEM, Actor
from backstock.returns.commands.vendor_credit import VendorCredit, credit_from_vendor
from tests import build
from tests.build import DAY, Number, cents, e4


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
