"""Check what is owed against the money ledger: every balance of a partner is made of documents."""

from __future__ import annotations

from collections.abc import Iterable

from backstock.core.problems import Problem, found_by
from backstock.money.accounts import Role

# Open items less prepayments and credits of returns are what the ledger says a partner owes or is owed.
APART = """
SELECT partner_id, side, currency, SUM(cents) FROM (
    SELECT customer_id AS partner_id, 'receivable' AS side, currency, owed_cents AS cents FROM sales_sale WHERE owed_cents <> 0
    UNION ALL SELECT supplier_id, 'payable', (SELECT currency FROM core_company), owed_cents FROM purchases_purchasereceipt
        WHERE owed_cents <> 0
    UNION ALL SELECT partner_id, side, currency, owed_cents FROM owing_openingitem WHERE owed_cents <> 0
    UNION ALL SELECT p.partner_id, p.side, p.currency, -l.rest_cents FROM owing_paymentline l
        JOIN owing_partnerpayment p ON p.id = l.payment_id
    UNION ALL SELECT partner_id, 'receivable', currency, -original_cents FROM money_partnerbalance WHERE account_id = %s
    UNION ALL SELECT partner_id, 'payable', currency, original_cents FROM money_partnerbalance WHERE account_id = %s
) AS each_of_them GROUP BY partner_id, side, currency HAVING SUM(cents) <> 0 ORDER BY partner_id, side, currency
"""


def check_owing() -> list[Problem]:
    """Return what does not hold."""
    return [*_counted(), *_balances()]


def _counted() -> Iterable[Problem]:
    for line in found_by(
        "SELECT l.id, l.amount_cents, l.rest_cents, COALESCE(SUM(a.amount_cents), 0) FROM owing_paymentline l "
        "JOIN owing_partnerpayment p ON p.id = l.payment_id AND p.undone_log_id = 0 "
        "LEFT JOIN owing_allocation a ON a.line_id = l.id GROUP BY l.id, l.amount_cents, l.rest_cents "
        "HAVING l.amount_cents - l.rest_cents <> COALESCE(SUM(a.amount_cents), 0)"
    ):
        yield Problem("what a payment settles is what it has not left", f"line {line[0]}: {line[1:]}")
    number = "CAST(SUBSTR(target, 3) AS INTEGER)"
    for item in found_by(
        "SELECT i.id, i.amount_cents, i.owed_cents, COALESCE(SUM(a.cents), 0) FROM owing_openingitem i LEFT JOIN "
        f"(SELECT {number} AS item, amount_cents AS cents FROM owing_allocation WHERE target LIKE 'OI%') AS a "
        "ON a.item = i.id GROUP BY i.id, i.amount_cents, i.owed_cents "
        "HAVING i.amount_cents - i.owed_cents <> COALESCE(SUM(a.cents), 0)"
    ):
        yield Problem("an opening item is open but for what settles it", f"OI{item[0]:06d}: {item[1:]}")


def _balances() -> Iterable[Problem]:
    """Name the partners of whom the documents say another thing than the ledger."""
    for row in found_by(APART, (Role.receivable, Role.payable)):
        partner_id, side, currency, cents = row
        yield Problem("a balance is made of documents", f"partner {partner_id} {side} {currency}: {cents} apart")
