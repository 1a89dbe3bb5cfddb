"""What a sale costs the customer, line by line. Pure.

Line net = price x quantity - discount - share of the order's discount; tax per line, rounded half up once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backstock.core.amounts import line_cents, spread, tax_inside, tax_on_top


@dataclass(frozen=True, slots=True)
class Ordered:
    """A line before discounts of the order: quantity and price in one unit; empty is the base unit."""

    quantity_e4: int
    unit_price_e6: int
    discount_cents: int
    tax_rate_e6: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Priced:
    """A line's money: net of tax and the tax on it, after every discount."""

    net_cents: int
    tax_cents: int
    order_discount_cents: int

    @property
    def gross_cents(self) -> int:
        """What the customer pays for the line."""
        return self.net_cents + self.tax_cents


def price_lines(lines: Sequence[Ordered], order_discount_cents: int, tax_mode: str, digits: int) -> list[Priced]:
    """Price the lines of an order; a negative amount in the result means that a discount exceeds its line."""
    amounts = [line_cents(line.quantity_e4, line.unit_price_e6, digits) - line.discount_cents for line in lines]
    priced = []
    for line, amount, discount in zip(lines, amounts, spread(order_discount_cents, amounts), strict=True):
        paid = amount - discount
        if tax_mode == "inclusive":
            tax = tax_inside(paid, line.tax_rate_e6)
            priced.append(Priced(paid - tax, tax, discount))
        else:
            priced.append(Priced(paid, tax_on_top(paid, line.tax_rate_e6), discount))
    return priced
