"""How much came back of what was sold: by reason, category, product, customer, supplier or month, in two statements.

Returned: lines of returns asked for in the period (turned down and withdrawn ones only when asked for), at what they were
sold for, tax included, in the company's currency. Sold: lines of sales of the same period. So a rate compares what was asked
back in a period with what was sold in it, whatever the sale that a return is of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import connection

DIMENSIONS: Final = ("reason", "category", "product", "customer", "supplier", "month")
# How much 10 to the power of a currency's digits is.
_UNIT = "CASE l.currency_digits WHEN 0 THEN 1 WHEN 3 THEN 1000 ELSE 100 END"
# Who delivered a product last.
_SUPPLIER = """LEFT JOIN (
    SELECT pl.product_id, MAX(pl.id) AS last_id FROM purchases_purchaseline pl
    JOIN purchases_purchasereceipt pr ON pr.id = pl.receipt_id WHERE pr.undone_log_id = 0 GROUP BY pl.product_id
) newest ON newest.product_id = p.id
LEFT JOIN purchases_purchaseline bought ON bought.id = newest.last_id
LEFT JOIN purchases_purchasereceipt delivery ON delivery.id = bought.receipt_id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which returns and sales are counted."""

    first: date
    last: date
    warehouse_id: int = 0
    channel: str = ""
    category: str = ""
    with_refused: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """What came back, and what was sold, of one reason, category, product, customer, supplier or month."""

    returns: int = 0
    lines: int = 0
    asked_e4: int = 0
    received_e4: int = 0
    value_cents: int = 0
    refunded_cents: int = 0
    sold_e4: int = 0
    sold_cents: int = 0

    @property
    def quantity_rate_e4(self) -> int | None:
        """Return pieces asked back per pieces sold, in 1/10,000; nothing when nothing was sold."""
        return self.asked_e4 * 10**4 // self.sold_e4 if self.sold_e4 else None

    @property
    def value_rate_e4(self) -> int | None:
        """Return value asked back per value sold, in 1/10,000; nothing when nothing was sold."""
        return self.value_cents * 10**4 // self.sold_cents if self.sold_cents else None


def total(parts: Sequence[Figures], returns: int) -> Figures:
    """Add figures up; a return of several products is one return, so their number is told."""
    names = ("lines", "asked_e4", "received_e4", "value_cents", "refunded_cents", "sold_e4", "sold_cents")
    return Figures(returns, *(sum(getattr(part, name) for part in parts) for name in names))


@dataclass(slots=True)
class _Where:
    """Conditions with their parameters."""

    parts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, condition: str, *values: object) -> None:
        self.parts.append(condition)
        self.values += values

    def __str__(self) -> str:
        return " AND ".join(self.parts)


def month_of(column: str) -> str:
    """Return the SQL of a day's month as 2026-01."""
    return f"substr({column}, 1, 7)" if connection.vendor == "sqlite" else f"to_char({column}, 'YYYY-MM')"


def _floor(expression: str) -> str:
    """Return the whole part of a quotient (not below zero), wide enough for the largest figures."""
    return expression if connection.vendor == "sqlite" else f"CAST(FLOOR({expression}) AS BIGINT)"


def _based(cents: str, rate: str) -> str:
    """Convert into the company's currency at the rate of the sale, half up."""
    return _floor(f"(CAST({cents} AS NUMERIC) * COALESCE({rate}, 1000000000) + 500000000) / 1000000000")


def _returned(scope: Scope, key: str) -> tuple[str, list[Any]]:
    where = _Where()
    where.add("r.requested_on BETWEEN %s AND %s", scope.first, scope.last)
    if not scope.with_refused:
        where.add("r.status NOT IN ('rejected', 'cancelled') AND l.decision <> 'reject'")
    if scope.channel:
        where.add("r.channel = %s", scope.channel)
    if scope.category:
        where.add("p.category = %s", scope.category)
    if scope.warehouse_id:
        where.add("s.warehouse_id = %s", scope.warehouse_id)
    supplier = _SUPPLIER if "delivery" in key else ""
    sold = _floor("CAST(sl.net_cents + sl.tax_cents AS NUMERIC) * u.asked / sl.quantity_e4")
    stated = _floor(f"(CAST(u.asked AS NUMERIC) * l.unit_price_e6 * ({_UNIT}) + 5000000000) / 10000000000")
    worth = f"CASE WHEN sl.id IS NULL THEN COALESCE({stated}, 0) ELSE {sold} END"
    sql = f"""
        WITH wanted AS (
            SELECT l.id, l.rma_id, {key} AS key, l.sale_line_id, l.unit_price_e6, r.currency_digits, s.rate_e9,
                l.refunded_net_cents + l.refunded_tax_cents AS refunded
            FROM returns_return r JOIN returns_returnline l ON l.rma_id = r.id JOIN catalog_product p ON p.id = l.product_id
            LEFT JOIN sales_sale s ON s.id = l.sale_id {supplier}
            WHERE {where}
        ), goods AS (
            SELECT piece.line_id, piece.product_id, SUM(piece.requested_e4) * 10000 / MIN(piece.per_line_e4) AS asked,
                SUM(piece.received_e4) * 10000 / MIN(piece.per_line_e4) AS received
            FROM returns_returnpiece piece JOIN wanted w ON w.id = piece.line_id GROUP BY piece.line_id, piece.product_id
        ), units AS (SELECT line_id, MIN(asked) AS asked, MIN(received) AS received FROM goods GROUP BY line_id)
        SELECT l.key, COUNT(DISTINCT l.rma_id), COUNT(*), SUM(u.asked), SUM(u.received), SUM({_based(worth, "l.rate_e9")}),
            SUM({_based("l.refunded", "l.rate_e9")})
        FROM wanted l JOIN units u ON u.line_id = l.id LEFT JOIN sales_saleline sl ON sl.id = l.sale_line_id
        GROUP BY l.key"""
    return sql, where.values


def _sold(scope: Scope, key: str) -> tuple[str, list[Any]]:
    where = _Where()
    where.add("s.ordered_on BETWEEN %s AND %s", scope.first, scope.last)
    if scope.channel:
        where.add("s.channel = %s", scope.channel)
    if scope.category:
        where.add("p.category = %s", scope.category)
    if scope.warehouse_id:
        where.add("s.warehouse_id = %s", scope.warehouse_id)
    supplier = _SUPPLIER if "delivery" in key else ""
    left = "(sl.quantity_e4 - sl.cancelled_e4)"
    gross = _floor(f"CAST(sl.net_cents + sl.tax_cents AS NUMERIC) * {left} / sl.quantity_e4")
    return (
        f"""SELECT {key}, SUM({left}), SUM({_based(gross, "s.rate_e9")})
        FROM sales_sale s JOIN sales_saleline sl ON sl.sale_id = s.id JOIN catalog_product p ON p.id = sl.product_id {supplier}
        WHERE {where} GROUP BY 1""",
        where.values,
    )


def _keys(by: str) -> tuple[str, str]:
    """Return what lines of returns and of sales are grouped by."""
    supplier = "COALESCE(delivery.supplier_id, 0)"
    return {
        "reason": ("l.reason", "0"),
        "category": ("p.category", "p.category"),
        "product": ("p.id", "p.id"),
        "customer": ("r.customer_id", "s.customer_id"),
        "supplier": (supplier, supplier),
        "month": (month_of("r.requested_on"), month_of("s.ordered_on")),
    }[by]


def returned(scope: Scope, by: str) -> dict[str | int, Figures]:
    """Return the figures of a dimension; reasons are compared with everything that was sold."""
    of_returns, of_sales = _keys(by)
    with connection.cursor() as cursor:
        cursor.execute(*_returned(scope, of_returns))
        back = {key: [int(each or 0) for each in figures] for key, *figures in cursor.fetchall()}
        cursor.execute(*_sold(scope, of_sales))
        sold = {key: (int(quantity or 0), int(cents or 0)) for key, quantity, cents in cursor.fetchall()}
    keys = back if by == "reason" else {**back, **sold}
    return {key: _figures(back.get(key), sold.get(0 if by == "reason" else key)) for key in keys}


def _figures(back: Sequence[int] | None, sold: tuple[int, int] | None) -> Figures:
    returns, lines, asked, received, value, refunded = back or (0,) * 6
    quantity, cents = sold or (0, 0)
    return Figures(returns, lines, asked, received, value, refunded, quantity, cents)


def products_of_supplier(supplier_id: int) -> list[int]:
    """Return the products that a supplier delivered last; of nobody those that were never bought."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.id FROM catalog_product p {_SUPPLIER} WHERE COALESCE(delivery.supplier_id, 0) = %s",
            [supplier_id],
        )
        return [pk for (pk,) in cursor.fetchall()]
