"""Check money back against what was billed and paid (DESIGN §9.3, 4)."""

from __future__ import annotations

from typing import Final

from backstock.core.problems import Problem, found_by
from backstock.money.accounts import Role


def check_refunds() -> list[Problem]:
    """Return what does not hold about money back."""
    return [Problem(name, words.format(*row)) for name, words, statement in CHECKS for row in found_by(statement)]


ALLOWED = """
    SELECT line_id, SUM(a), SUM(b) FROM (
        SELECT l.sale_line_id AS line_id, l.entitled_net_cents + l.entitled_tax_cents AS a, 0 AS b
            FROM returns_returnline l JOIN returns_return r ON r.id = l.rma_id WHERE r.type = 'allowance' AND l.sale_line_id <> 0
        UNION ALL SELECT id, 0, allowed_net_cents + allowed_tax_cents FROM sales_saleline
    ) AS both_sides GROUP BY line_id HAVING SUM(a) <> SUM(b)"""
# Goods that were replaced left their line with their whole value, the difference that is credited included.
OF_LINES = """
    SELECT line_id, SUM(a), SUM(b) FROM (
        SELECT sale_line_id AS line_id, entitled_net_cents + entitled_tax_cents AS a, 0 AS b FROM returns_returnline
            WHERE sale_line_id <> 0
        UNION ALL SELECT l.sale_line_id, w.worth_net_cents + w.worth_tax_cents - w.credited_net_cents - w.credited_tax_cents,
            0 FROM returns_swap w JOIN returns_returnline l ON l.id = w.line_id
        UNION ALL SELECT id, 0, refunded_net_cents + refunded_tax_cents FROM sales_saleline
    ) AS both_sides GROUP BY line_id HAVING SUM(a) <> SUM(b)"""
# Notes that were taken back, and the ones that took them back, count for nothing.
_STANDING = "n.mirrors_log_id = 0 AND NOT EXISTS (SELECT 1 FROM refunds_creditnote m WHERE m.mirrors_log_id = n.log_id)"
_FIGURES = ("quantity_e4", "worth_net_cents", "worth_tax_cents", "net_cents", "tax_cents")
_COUNTERS = ("refunded_e4", "entitled_net_cents", "entitled_tax_cents", "refunded_net_cents", "refunded_tax_cents")
_UNEQUAL = " OR ".join(f"SUM(n{i}) <> SUM(c{i})" for i in range(5))
NOTED = f"""
    SELECT line, {", ".join(f"SUM(n{i})" for i in range(5))}, {", ".join(f"SUM(c{i})" for i in range(5))} FROM (
        SELECT l.return_line_id AS line, {", ".join(f"l.{name} AS n{i}" for i, name in enumerate(_FIGURES))},
               {", ".join(f"0 AS c{i}" for i in range(5))}
            FROM refunds_creditnoteline l JOIN refunds_creditnote n ON n.id = l.note_id WHERE {_STANDING}
        UNION ALL SELECT id, 0, 0, 0, 0, 0, {", ".join(_COUNTERS)} FROM returns_returnline
    ) AS both_sides GROUP BY line HAVING {_UNEQUAL}"""
EXCHANGED = f"""
    SELECT line, SUM(a), SUM(b) FROM (
        SELECT l.return_line_id AS line, l.exchanged_net_cents + l.exchanged_tax_cents AS a, 0 AS b
            FROM refunds_creditnoteline l JOIN refunds_creditnote n ON n.id = l.note_id WHERE {_STANDING}
        UNION ALL SELECT line_id, 0, credited_net_cents + credited_tax_cents FROM returns_swap
    ) AS both_sides GROUP BY line HAVING SUM(a) <> SUM(b)"""
CREDITED = f"""
    SELECT sale, SUM(a), SUM(b) FROM (
        SELECT r.sale_id AS sale, l.net_cents + l.tax_cents AS a, 0 AS b FROM refunds_creditnoteline l
            JOIN refunds_creditnote n ON n.id = l.note_id JOIN returns_returnline r ON r.id = l.return_line_id
            WHERE r.sale_id <> 0 AND {_STANDING}
        UNION ALL SELECT id, shipping_refunded_cents, credited_cents FROM sales_sale
    ) AS both_sides GROUP BY sale HAVING SUM(a) <> SUM(b)"""
# Store credit may get more than it gave, so its counter says less.
TENDERS = """
    SELECT sale, tender, SUM(a), SUM(b) FROM (
        SELECT sale_id AS sale, tender, amount_cents AS a, 0 AS b FROM refunds_refund WHERE sale_id <> 0 AND status <> 'undone'
        UNION ALL SELECT sale_id, tender, 0, refunded_cents FROM sales_saletender
    ) AS both_sides WHERE tender NOT IN ('receivable', 'store_credit') GROUP BY sale, tender HAVING SUM(a) <> SUM(b)"""
PAYABLE = f"""
    SELECT partner, currency, SUM(a), SUM(b) FROM (
        SELECT n.customer_id AS partner, n.currency AS currency, f.amount_cents AS a, 0 AS b FROM refunds_refund f
            JOIN refunds_creditnote n ON n.id = f.note_id
            WHERE f.status IN ('granted', 'sent', 'unknown', 'failed') AND f.tender <> 'receivable'
        UNION ALL SELECT partner_id, currency, 0, -original_cents FROM money_partnerbalance
            WHERE account_id = {int(Role.refunds_payable)}
    ) AS both_sides GROUP BY partner, currency HAVING SUM(a) <> SUM(b)"""
EXPIRED = f"""
    SELECT partner, currency, SUM(a), SUM(b) FROM (
        SELECT n.customer_id AS partner, n.currency AS currency, f.expired_cents AS a, 0 AS b FROM refunds_refund f
            JOIN refunds_creditnote n ON n.id = f.note_id
        UNION ALL SELECT partner_id, original_currency, 0, original_amount_cents FROM money_transfer
            WHERE debit_id = {int(Role.store_credit)} AND credit_id = {int(Role.other_income)}
    ) AS both_sides GROUP BY partner, currency HAVING SUM(a) <> SUM(b)"""
OVER_EXPIRED = (
    "SELECT id, expired_cents, amount_cents FROM refunds_refund WHERE expired_cents < 0 OR expired_cents > amount_cents"
)
UNNAMED = """
    SELECT id FROM refunds_refund WHERE (status = 'paid') <> (paid_on IS NOT NULL) OR (status = 'paid') <> (paid_log_id <> 0)"""
OVER_BILLED = """
    SELECT id, refunded_net_cents, invoiced_net_cents FROM sales_saleline
    WHERE refunded_net_cents > invoiced_net_cents OR refunded_tax_cents > invoiced_tax_cents"""
OF_SALES = """
    SELECT sale_id, SUM(a), SUM(b) FROM (
        SELECT sale_id, amount_cents AS a, 0 AS b FROM refunds_refund WHERE sale_id <> 0 AND status <> 'undone'
        UNION ALL SELECT id, 0, refunded_cents FROM sales_sale
    ) AS both_sides GROUP BY sale_id HAVING SUM(a) <> SUM(b)"""
# What is checked, how a row that breaks it is told, and the statement that finds such rows.
CHECKS: Final = (
    ("credited ≤ billed, per line", "sale line {}: {} of {}", OVER_BILLED),
    ("credited of a sale line equals its return lines", "sale line {}: {} ≠ {}", OF_LINES),
    ("allowed of a sale line equals its allowances", "sale line {}: {} ≠ {}", ALLOWED),
    ("refunds of a sale equal what its counters say", "sale {}: {} ≠ {}", OF_SALES),
    (
        "counters of a return line equal its credit notes",
        "return line {}: {}, {}, {}, {}, {} ≠ {}, {}, {}, {}, {}",
        NOTED,
    ),
    ("credited of a sale equals its credit notes", "sale {}: {} ≠ {}", CREDITED),
    ("the difference credited for an exchange equals its credit notes", "return line {}: {} ≠ {}", EXCHANGED),
    ("a tender got back what its refunds say", "sale {} {}: {} ≠ {}", TENDERS),
    ("what is granted and not paid stands in refunds payable", "customer {} {}: {} ≠ {}", PAYABLE),
    ("store credit that expired was posted", "customer {} {}: {} ≠ {}", EXPIRED),
    ("no more store credit expires than was given", "refund {}: {} of {}", OVER_EXPIRED),
    ("a paid refund names the day and the row that paid it", "refund {}", UNNAMED),
)
