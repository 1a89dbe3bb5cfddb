"""Check what is owed against the money ledger: every balance of a partner is made of documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Sum

from backstock.core.models import Company
from backstock.core.problems import Problem, found_by
from backstock.money.accounts import Role
from backstock.money.queries import partner_sums
from backstock.owing.items import KINDS
from backstock.owing.models import PaymentLine


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
    """Open items less prepayments and credits of returns are what the ledger says a partner owes or is owed."""
    company = Company.objects.first() or Company()
    made: dict[tuple[int, str, str], int] = defaultdict(int)
    for kind in KINDS:
        for partner_id, side, currency, cents in kind.sums(company):
            made[partner_id, side, currency] += cents
    rests = PaymentLine.objects.values_list("payment__partner_id", "payment__side", "payment__currency")
    for partner_id, side, currency, cents in rests.annotate(v=Sum("rest_cents")).order_by():
        made[partner_id, side, currency] -= cents
    for side, sign in (("receivable", 1), ("payable", -1)):
        for (partner_id, currency), cents in partner_sums(Role[side]).items():
            made[partner_id, side, currency] -= sign * cents
    for (partner_id, side, currency), cents in sorted(made.items()):
        if cents:
            yield Problem("a balance is made of documents", f"partner {partner_id} {side} {currency}: {cents} apart")
