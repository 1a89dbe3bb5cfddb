"""Check the counters of purchases against their papers and both ledgers."""

from __future__ import annotations

from backstock.core.problems import Problem, found_by
from backstock.stock.places import SUPPLIER

CHECKS = {
    "received of an order equals its receipts": """
        SELECT line, SUM(a), SUM(b) FROM (
            SELECT id AS line, received_e4 AS a, 0 AS b FROM purchases_purchaseorderline
            UNION ALL SELECT l.order_line_id, 0, l.quantity_e4 FROM purchases_purchaseline l
                JOIN purchases_purchasereceipt r ON r.id = l.receipt_id
                WHERE l.order_line_id <> 0 AND r.undone_log_id = 0
        ) AS both_sides GROUP BY line HAVING SUM(a) <> SUM(b)""",
    "billed of a receipt equals its invoices": """
        SELECT line, SUM(q), SUM(p), SUM(n), SUM(m), SUM(d), SUM(e) FROM (
            SELECT id AS line, invoiced_e4 AS q, 0 AS p, invoiced_net_cents + invoiced_tax_cents AS n, 0 AS m,
                net_difference_cents + tax_difference_cents AS d, 0 AS e FROM purchases_purchaseline
            UNION ALL SELECT i.line_id, 0, i.quantity_e4, 0, i.net_cents + i.tax_cents, 0,
                i.net_difference_cents + i.tax_difference_cents FROM purchases_purchaseinvoiceline i
                JOIN purchases_purchaseinvoice h ON h.id = i.invoice_id WHERE h.undone_log_id = 0
        ) AS both_sides GROUP BY line HAVING SUM(q) <> SUM(p) OR SUM(n) <> SUM(m) OR SUM(d) <> SUM(e)""",
    "sent back of a receipt equals its returns": """
        SELECT line, SUM(q), SUM(p), SUM(n), SUM(m) FROM (
            SELECT id AS line, sent_back_e4 AS q, 0 AS p, sent_back_net_cents + sent_back_tax_cents AS n, 0 AS m
                FROM purchases_purchaseline
            UNION ALL SELECT i.line_id, 0, i.quantity_e4, 0, i.net_cents + i.tax_cents
                FROM purchases_purchasereturnline i
                JOIN purchases_purchasereturn h ON h.id = i.purchase_return_id WHERE h.undone_log_id = 0
        ) AS both_sides GROUP BY line HAVING SUM(q) <> SUM(p) OR SUM(n) <> SUM(m)""",
    "what a receipt costs equals its lines": """
        SELECT r.id, r.gross_cents, r.returned_cents, SUM(l.sent_back_net_cents + l.sent_back_tax_cents)
        FROM purchases_purchasereceipt r JOIN purchases_purchaseline l ON l.receipt_id = r.id
        GROUP BY r.id, r.gross_cents, r.returned_cents, r.opening, r.undone_log_id
        HAVING r.returned_cents <> SUM(l.sent_back_net_cents + l.sent_back_tax_cents)
            OR r.gross_cents <> CASE WHEN r.undone_log_id <> 0 THEN 0
                ELSE (CASE WHEN r.opening THEN 0 ELSE SUM(l.value_cents + l.tax_cents) END)
                    + SUM(l.net_difference_cents + l.tax_difference_cents) END""",
    "the goods of a receipt are what the ledger took in and sent back": f"""
        SELECT line, SUM(a), SUM(b) FROM (
            SELECT l.id AS line, CASE WHEN r.undone_log_id = 0 THEN l.quantity_e4 - l.sent_back_e4 ELSE 0 END AS a, 0 AS b
                FROM purchases_purchaseline l JOIN purchases_purchasereceipt r ON r.id = l.receipt_id
            UNION ALL SELECT line_id, 0, quantity_e4 FROM stock_stockmove
                WHERE source_id = {SUPPLIER} AND document LIKE 'P%' AND line_id <> 0
            UNION ALL SELECT line_id, 0, -quantity_e4 FROM stock_stockmove
                WHERE target_id = {SUPPLIER} AND document LIKE 'P%' AND line_id <> 0
        ) AS both_sides GROUP BY line HAVING SUM(a) <> SUM(b)""",
}


def check_purchases() -> list[Problem]:
    """Return what does not hold about purchases."""
    return [
        Problem(check, f"row {row[0]}: {row[1:]}") for check, statement in CHECKS.items() for row in found_by(statement)
    ]
