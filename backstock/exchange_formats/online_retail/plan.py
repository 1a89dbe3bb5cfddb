"""Which sale a cancellation takes back: the whole file as days of sales and returns, before anything is recorded. Pure.

A cancellation takes back the customer's own earlier purchases of that code, newest first and those at its own price
before all others, never more than was bought; what is left over is a return without a sale. «Earlier» is an earlier day,
or the same day and further up in the file.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from backstock.core.amounts import half_up, share
from backstock.exchange_formats.online_retail.lines import Line

# Opening stock and returns without a sale cost this part of the lowest positive price of their code, in percent.
COST_PERCENT: Final = 60


def cents(amount_e3: int) -> int:
    """Round thousandths to the smallest unit, half up."""
    return half_up(amount_e3, 10)


@dataclass(slots=True)
class Invoice:
    """What one customer's invoice sells, or takes back, on one day."""

    number: str
    customer: str
    on: date
    lines: list[Line] = field(default_factory=list)
    _content: str = ""

    @property
    def cents(self) -> int:
        """What the lines come to, each rounded once."""
        return sum(cents(line.amount_e3) for line in self.lines)

    @property
    def content(self) -> str:
        """Tell invoices with other lines apart; asked for when all lines are there."""
        if not self._content:
            said = [self.customer, *(f"{line.code}|{line.quantity}|{line.price_e3}" for line in self.lines)]
            self._content = hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
        return self._content


@dataclass(slots=True)
class Part:
    """Pieces of one cancellation line that one line of a sale takes back, or that no sale is found for."""

    line: Line
    pieces: int
    sale: Invoice | None = None
    position: int = 0
    sold: Line | None = None

    @property
    def cents(self) -> int:
        """What the cancellation gives for these pieces."""
        return cents(self.pieces * self.line.price_e3)


@dataclass(slots=True)
class Cancellation:
    """A cancellation invoice with the sales it takes back."""

    invoice: Invoice
    matched: list[Part] = field(default_factory=list)
    blind: list[Part] = field(default_factory=list)
    # What the matched pieces are worth at the prices at which they were sold.
    worth_cents: int = 0

    @property
    def matched_cents(self) -> int:
        """What the cancellation gives for what it takes back from sales."""
        return sum(part.cents for part in self.matched)

    @property
    def blind_cents(self) -> int:
        """What the cancellation gives for what no sale is found for."""
        return sum(part.cents for part in self.blind)

    @property
    def other_price(self) -> Part | None:
        """The first part that was sold at another price than it is cancelled at."""
        return next((p for p in self.matched if p.sold and p.sold.price_e3 != p.line.price_e3), None)


@dataclass(slots=True)
class Day:
    """What happened on one business day: sales first, then returns, each in the order of the file."""

    on: date
    sales: list[Invoice] = field(default_factory=list)
    cancellations: list[Cancellation] = field(default_factory=list)


@dataclass(slots=True)
class _Purchase:
    sale: Invoice
    position: int
    line: Line
    left: int


def plan_days(lines: Iterable[Line]) -> list[Day]:
    """Arrange placed lines into days and match every cancellation."""
    days: dict[date, Day] = {}
    sales: dict[tuple[str, str, date], Invoice] = {}
    returns: dict[tuple[str, str, date], Cancellation] = {}
    bought: dict[tuple[str, str], list[_Purchase]] = defaultdict(list)
    for line in sorted(lines, key=lambda each: (each.on, each.number)):
        today = days.setdefault(line.on, Day(line.on))
        key = (line.invoice, line.customer, line.on)
        if line.quantity > 0:
            if key not in sales:
                sales[key] = Invoice(*key)
                today.sales.append(sales[key])
            sales[key].lines.append(line)
            purchase = _Purchase(sales[key], len(sales[key].lines), line, line.quantity)
            bought[line.customer, line.code].append(purchase)
        else:
            if key not in returns:
                returns[key] = Cancellation(Invoice(*key))
                today.cancellations.append(returns[key])
            _cancel(returns[key], line, bought[line.customer, line.code])
    _value(days.values())
    return list(days.values())


def _cancel(cancellation: Cancellation, line: Line, purchases: list[_Purchase]) -> None:
    cancellation.invoice.lines.append(line)
    left = -line.quantity
    for purchase in _in_order(purchases, line.price_e3):
        if not left:
            break
        pieces = min(left, purchase.left)
        purchase.left -= pieces
        left -= pieces
        cancellation.matched.append(Part(line, pieces, purchase.sale, purchase.position, purchase.line))
    if left:
        cancellation.blind.append(Part(line, left))
    while purchases and not purchases[-1].left:
        purchases.pop()


def _in_order(purchases: Sequence[_Purchase], price_e3: int) -> Iterator[_Purchase]:
    """Newest first, those at the price of the cancellation before all others."""
    for same in (True, False):
        for purchase in reversed(purchases):
            if purchase.left and (purchase.line.price_e3 == price_e3) is same:
                yield purchase


def _value(days: Iterable[Day]) -> None:
    """Say what matched pieces are worth: cumulative shares of their sale lines, in the order of recording."""
    back: dict[int, int] = defaultdict(int)
    for cancellation in (each for day in days for each in day.cancellations):
        for part in cancellation.matched:
            if part.sold is not None:
                net, before = cents(part.sold.amount_e3), back[part.sold.number]
                back[part.sold.number] += part.pieces
                after = back[part.sold.number]
                cancellation.worth_cents += share(net, after, part.sold.quantity) - share(
                    net, before, part.sold.quantity
                )


def unit_costs_e6(lines: Iterable[Line]) -> dict[str, int]:
    """Return the unit cost of each code by the one stated rule, 0 where the file names no positive price."""
    lowest: dict[str, int] = {}
    for line in lines:
        if line.price_e3 > 0:
            lowest[line.code] = min(line.price_e3, lowest.get(line.code, line.price_e3))
    return {code: price_e3 * 1000 * COST_PERCENT // 100 for code, price_e3 in lowest.items()}


def opening_pieces(sales: Iterable[Invoice]) -> dict[str, int]:
    """Return how many pieces of each code sales need on the shelf before the first of them."""
    pieces: dict[str, int] = defaultdict(int)
    for sale in sales:
        for line in sale.lines:
            pieces[line.code] += line.quantity
    return dict(pieces)
