"""Check money back against what was billed and paid (DESIGN §9.3, 4)."""

from __future__ import annotations

from typing import Any

from django.db import connection

from backstock.core.problems import MOST, Problem


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {MOST}")
        return list(cursor.fetchall())


def check_refunds() -> list[Problem]:
    """Return what does not hold about money back."""
    found = [
        Problem("credited ≤ billed, per line", f"sale line {r[0]}: {r[1]} of {r[2]}")
        for r in _rows(
            "SELECT id, refunded_net_cents, invoiced_net_cents FROM sales_saleline "
            "WHERE refunded_net_cents > invoiced_net_cents OR refunded_tax_cents > invoiced_tax_cents"
        )
    ]
    found += [
        Problem("credited of a sale line equals its return lines", f"sale line {r[0]}: {r[1]} ≠ {r[2]}")
        for r in _rows(
            "SELECT line_id, SUM(a), SUM(b) FROM ("
            "SELECT sale_line_id AS line_id, entitled_net_cents + entitled_tax_cents AS a, 0 AS b FROM returns_returnline "
            "WHERE sale_line_id <> 0 UNION ALL "
            "SELECT id, 0, refunded_net_cents + refunded_tax_cents FROM sales_saleline"
            ") AS both_sides GROUP BY line_id HAVING SUM(a) <> SUM(b)"
        )
    ]
    found += [
        Problem("refunds of a sale equal what its counters say", f"sale {r[0]}: {r[1]} ≠ {r[2]}")
        for r in _rows(
            "SELECT sale_id, SUM(a), SUM(b) FROM ("
            "SELECT sale_id, amount_cents AS a, 0 AS b FROM refunds_refund WHERE sale_id <> 0 AND status <> 'undone' UNION ALL "
            "SELECT id, 0, refunded_cents FROM sales_sale"
            ") AS both_sides GROUP BY sale_id HAVING SUM(a) <> SUM(b)"
        )
    ]
    return found
