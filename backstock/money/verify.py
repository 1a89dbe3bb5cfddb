"""Recompute the money ledger's balances from its rows and name every row that offends (DESIGN §9.10)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from backstock.core.problems import Problem, described, found_by
from backstock.money.accounts import PER_PARTNER, role_name
from backstock.money.models import AccountMonth, PartnerBalance, RollUp, Transfer

TRANSFERS, BALANCES, MONTHS = (m._meta.db_table for m in (Transfer, PartnerBalance, AccountMonth))


def check_money() -> list[Problem]:
    """Return what does not hold in the money ledger."""
    return [*_partners(), *_months(), *_amounts()]


def _partners() -> list[Problem]:
    accounts = ", ".join(str(int(role)) for role in sorted(PER_PARTNER))
    moved = f"""
        SELECT partner_id, debit_id AS account_id, original_currency AS currency, amount_cents AS a, original_amount_cents AS o
            FROM {TRANSFERS} WHERE partner_id <> 0 AND debit_id IN ({accounts})
        UNION ALL SELECT partner_id, credit_id, original_currency, -amount_cents, -original_amount_cents
            FROM {TRANSFERS} WHERE partner_id <> 0 AND credit_id IN ({accounts})"""
    statement = f"""
        SELECT partner_id, account_id, currency, SUM(a), SUM(ba), SUM(o), SUM(bo) FROM (
            SELECT partner_id, account_id, currency, a, o, 0 AS ba, 0 AS bo FROM ({moved}) AS m
            UNION ALL SELECT partner_id, account_id, currency, 0, 0, amount_cents, original_cents FROM {BALANCES}
        ) AS both_sides GROUP BY partner_id, account_id, currency HAVING SUM(a) <> SUM(ba) OR SUM(o) <> SUM(bo)"""
    return [
        Problem(
            "partner balance equals its transfers",
            f"partner {r[0]} account {role_name(r[1])} {r[2]}: transfers {r[3]}, balance {r[4]}",
        )
        for r in found_by(statement)
    ]


def _months() -> list[Problem]:
    """Compare rolled-up months with the rows up to the watermark."""
    through = RollUp.objects.values_list("through_log_id", flat=True).first() or 0
    month = "SUBSTR(CAST(business_on AS TEXT), 1, 7)"
    moved = f"""
        SELECT debit_id AS account_id, {month} AS month, amount_cents AS d, 0 AS c FROM {TRANSFERS} WHERE log_id <= {through}
        UNION ALL SELECT credit_id, {month}, 0, amount_cents FROM {TRANSFERS} WHERE log_id <= {through}"""
    statement = f"""
        SELECT account_id, month, SUM(d), SUM(bd), SUM(c), SUM(bc) FROM (
            SELECT account_id, month, d, c, 0 AS bd, 0 AS bc FROM ({moved}) AS m
            UNION ALL SELECT account_id, SUBSTR(CAST(month AS TEXT), 1, 7), 0, 0, debit_cents, credit_cents FROM {MONTHS}
        ) AS both_sides GROUP BY account_id, month HAVING SUM(d) <> SUM(bd) OR SUM(c) <> SUM(bc)"""
    return [
        Problem(
            "account month equals its transfers",
            f"account {role_name(r[0])} {r[1]}: rows {r[2]}/{r[4]}, months {r[3]}/{r[5]}",
        )
        for r in found_by(statement)
    ]


def _amounts() -> list[Problem]:
    statement = f"""
        SELECT log_id, position, amount_cents, debit_id, credit_id FROM {TRANSFERS}
        WHERE amount_cents < 0 OR debit_id = credit_id"""
    return [
        Problem("a transfer is positive and between two accounts", f"log {r[0]} row {r[1]}: {r[2]}")
        for r in found_by(statement)
    ]


def account_totals() -> dict[int, int]:
    """Return debit minus credit of every account, from the rows themselves."""
    statement = f"""
        SELECT account_id, SUM(v) FROM (
            SELECT debit_id AS account_id, amount_cents AS v FROM {TRANSFERS}
            UNION ALL SELECT credit_id, -amount_cents FROM {TRANSFERS}
        ) AS moved GROUP BY account_id"""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {int(account): int(total) for account, total in cursor.fetchall()}


def canonical_transfers() -> Iterator[bytes]:
    """Describe every transfer by what it means, without row ids or instants, for the ledger hash."""
    statement = f"""
        SELECT t.business_on, t.amount_cents, d.role, c.role, COALESCE(p.code, ''), t.original_amount_cents, t.original_currency,
               t.mirrors_log_id <> 0
        FROM {TRANSFERS} t JOIN money_account d ON d.id = t.debit_id JOIN money_account c ON c.id = t.credit_id
        LEFT JOIN partners_partner p ON p.id = t.partner_id"""
    yield from described(statement, "transfer")
