"""Check the counters of sales against papers and the goods ledger (DESIGN §9.1, 3, 5)."""

from __future__ import annotations

from backstock.core.problems import Problem, found_by
from backstock.stock.places import CUSTOMER


def check_sales() -> list[Problem]:
    """Return what does not hold about sales."""
    return [*_goods(), *_money(), *_orders()]


def _goods() -> list[Problem]:
    found = [
        Problem("open + received − sent back ≤ shipped", f"sale piece {r[0]}: {r[1]} + {r[2]} − {r[3]} > {r[4]}")
        for r in found_by(
            "SELECT id, open_e4, received_e4, sent_back_e4, shipped_e4 FROM sales_salepiece "
            "WHERE open_e4 + received_e4 - sent_back_e4 > shipped_e4 OR open_e4 < 0"
        )
    ]
    found += [
        Problem(
            "shipped equals what the ledger sent",
            f"sale line {r[0]} product {r[1]} lot {r[2]}: {r[3]} ≠ {r[4]}, cost {r[5]} ≠ {r[6]}",
        )
        for r in found_by(SHIPPED)
    ]
    return found


def _money() -> list[Problem]:
    found = [
        Problem("a tender gives back at most what it gave", f"sale {r[0]} {r[1]}: {r[2]} of {r[3]}")
        for r in found_by(
            "SELECT sale_id, tender, refunded_cents, paid_cents FROM sales_saletender WHERE refunded_cents > paid_cents"
        )
    ]
    found += [
        Problem("billed equals the invoices", f"sale {r[0]}: {r[1]} ≠ {r[2]}")
        for r in found_by(
            "SELECT s.id, s.invoiced_cents, COALESCE(SUM(i.net_cents + i.tax_cents + i.shipping_cents), 0) "
            "FROM sales_sale s LEFT JOIN sales_invoice i ON i.sale_id = s.id GROUP BY s.id, s.invoiced_cents "
            "HAVING s.invoiced_cents <> COALESCE(SUM(i.net_cents + i.tax_cents + i.shipping_cents), 0)"
        )
    ]
    found += [
        Problem("paid equals the payments", f"sale {r[0]} {r[1]}: {r[2]} ≠ {r[3]}")
        for r in found_by(
            "SELECT sale, tender, SUM(a), SUM(b) FROM ("
            "SELECT sale_id AS sale, tender, amount_cents AS a, 0 AS b FROM sales_payment "
            "UNION ALL SELECT sale_id, tender, 0, paid_cents FROM sales_saletender "
            "UNION ALL SELECT sale_id, 'in all', amount_cents, 0 FROM sales_payment "
            "UNION ALL SELECT id, 'in all', 0, paid_cents FROM sales_sale"
            ") AS both_sides GROUP BY sale, tender HAVING SUM(a) <> SUM(b)"
        )
    ]
    return found


def _orders() -> list[Problem]:
    found = [
        Problem("the discounts of an order are what its lines share", f"sale {r[0]}: {r[1]} ≠ {r[2]}")
        for r in found_by(DISCOUNTS)
    ]
    found += [
        Problem(
            "billed of a line equals its invoice lines and the value moved to it",
            f"sale line {r[0]}: {r[1]}, {r[2]}, {r[3]} off",
        )
        for r in found_by(BILLED)
    ]
    found += [
        Problem("what lay in parcels is what shipped", f"sale line {r[0]} product {r[1]} lot {r[2]}: {r[3]} ≠ {r[4]}")
        for r in found_by(PARCELS)
    ]
    found += [
        Problem("an open line of a pick list still has something to ship", f"pick line {r[0]} of list {r[1]}")
        for r in found_by(
            "SELECT l.id, l.pick_id FROM sales_pickline l JOIN sales_picklist p ON p.id = l.pick_id WHERE "
            "(l.is_open AND (l.shipped_e4 >= l.quantity_e4 OR p.ended_on IS NOT NULL))"
        )
    ]
    found += [
        Problem("a confirmed quote became a sale", f"quote {r[0]}: {r[1]}, sale {r[2]}")
        for r in found_by(
            "SELECT q.id, q.status, q.sale_id FROM sales_quote q LEFT JOIN sales_sale s ON s.id = q.sale_id "
            "WHERE (q.status = 'confirmed') <> (s.id IS NOT NULL)"
        )
    ]
    return found


DISCOUNTS = """
    SELECT sale, SUM(a), SUM(b) FROM (
        SELECT sale_id AS sale, amount_cents AS a, 0 AS b FROM sales_salediscount
        UNION ALL SELECT sale_id, 0, order_discount_cents FROM sales_saleline WHERE order_discount_cents <> 0
    ) AS both_sides GROUP BY sale HAVING SUM(a) <> SUM(b)"""
BILLED = """
    SELECT line, SUM(q), SUM(n), SUM(t) FROM (
        SELECT sale_line_id AS line, quantity_e4 AS q, net_cents AS n, tax_cents AS t FROM sales_invoiceline
        UNION ALL SELECT id, moved_e4 - invoiced_e4, moved_net_cents - invoiced_net_cents,
            moved_tax_cents - invoiced_tax_cents FROM sales_saleline
    ) AS both_sides GROUP BY line HAVING SUM(q) <> 0 OR SUM(n) <> 0 OR SUM(t) <> 0"""
PARCELS = """
    SELECT line, product_id, lot_id, SUM(a), SUM(b) FROM (
        SELECT sale_line_id AS line, product_id, lot_id, quantity_e4 AS a, 0 AS b FROM sales_shipmentline
        UNION ALL SELECT line_id, product_id, lot_id, 0, shipped_e4 FROM sales_salepiece
    ) AS both_sides GROUP BY line, product_id, lot_id HAVING SUM(a) <> SUM(b)"""
# Documents of sales begin with S, so their moves can be told from those of returns.
SHIPPED = f"""
    SELECT line_id, product_id, lot_id, SUM(q), SUM(bq), SUM(v), SUM(bv) FROM (
        SELECT line_id, product_id, lot_id, quantity_e4 AS q, source_value_cents AS v, 0 AS bq, 0 AS bv
            FROM stock_stockmove WHERE target_id = {CUSTOMER} AND document LIKE 'S%'
        UNION ALL SELECT line_id, product_id, lot_id, -quantity_e4, -target_value_cents, 0, 0
            FROM stock_stockmove WHERE source_id = {CUSTOMER} AND document LIKE 'S%'
        UNION ALL SELECT line_id, product_id, lot_id, 0, 0, shipped_e4, cost_cents FROM sales_salepiece
    ) AS both_sides GROUP BY line_id, product_id, lot_id HAVING SUM(q) <> SUM(bq) OR SUM(v) <> SUM(bv)"""
