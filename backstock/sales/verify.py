"""Check the counters of sales against papers and the goods ledger (DESIGN §9.1, 3, 5)."""

from __future__ import annotations

from typing import Any

from django.db import connection

from backstock.core.problems import MOST, Problem
from backstock.stock.places import CUSTOMER


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {MOST}")
        return list(cursor.fetchall())


def check_sales() -> list[Problem]:
    """Return what does not hold about sales."""
    return [*_goods(), *_money()]


def _goods() -> list[Problem]:
    found = [
        Problem("open + received − sent back ≤ shipped", f"sale piece {r[0]}: {r[1]} + {r[2]} − {r[3]} > {r[4]}")
        for r in _rows(
            "SELECT id, open_e4, received_e4, sent_back_e4, shipped_e4 FROM sales_salepiece "
            "WHERE open_e4 + received_e4 - sent_back_e4 > shipped_e4 OR open_e4 < 0"
        )
    ]
    found += [
        Problem(
            "shipped equals what the ledger sent",
            f"sale line {r[0]} product {r[1]} lot {r[2]}: {r[3]} ≠ {r[4]}, cost {r[5]} ≠ {r[6]}",
        )
        for r in _rows(SHIPPED)
    ]
    return found


def _money() -> list[Problem]:
    found = [
        Problem("a tender gives back at most what it gave", f"sale {r[0]} {r[1]}: {r[2]} of {r[3]}")
        for r in _rows(
            "SELECT sale_id, tender, refunded_cents, paid_cents FROM sales_saletender WHERE refunded_cents > paid_cents"
        )
    ]
    found += [
        Problem("billed equals the invoices", f"sale {r[0]}: {r[1]} ≠ {r[2]}")
        for r in _rows(
            "SELECT s.id, s.invoiced_cents, COALESCE(SUM(i.net_cents + i.tax_cents + i.shipping_cents), 0) "
            "FROM sales_sale s LEFT JOIN sales_invoice i ON i.sale_id = s.id GROUP BY s.id, s.invoiced_cents "
            "HAVING s.invoiced_cents <> COALESCE(SUM(i.net_cents + i.tax_cents + i.shipping_cents), 0)"
        )
    ]
    found += [
        Problem("paid equals the payments", f"sale {r[0]} {r[1]}: {r[2]} ≠ {r[3]}")
        for r in _rows(
            "SELECT sale, tender, SUM(a), SUM(b) FROM ("
            "SELECT sale_id AS sale, tender, amount_cents AS a, 0 AS b FROM sales_payment "
            "UNION ALL SELECT sale_id, tender, 0, paid_cents FROM sales_saletender "
            "UNION ALL SELECT sale_id, 'in all', amount_cents, 0 FROM sales_payment "
            "UNION ALL SELECT id, 'in all', 0, paid_cents FROM sales_sale"
            ") AS both_sides GROUP BY sale, tender HAVING SUM(a) <> SUM(b)"
        )
    ]
    return found


# Documents of sales begin with S, so their moves can be told from those of returns.
SHIPPED = f"""
    SELECT line_id, product_id, lot_id, SUM(q), SUM(bq), SUM(v), SUM(bv) FROM (
        SELECT line_id, product_id, lot_id, quantity_e4 AS q, source_value_cents AS v, 0 AS bq, 0 AS bv
            FROM stock_stockmove WHERE target_id = {CUSTOMER} AND document LIKE 'S%'
        UNION ALL SELECT line_id, product_id, lot_id, 0, 0, shipped_e4, cost_cents FROM sales_salepiece
    ) AS both_sides GROUP BY line_id, product_id, lot_id HAVING SUM(q) <> SUM(bq) OR SUM(v) <> SUM(bv)"""
