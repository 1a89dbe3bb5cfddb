"""How old what is owed is, per partner: today from the open items, on a past day from the ledger.

On a past day money counts against the oldest documents first, so that every day's table adds up to the ledger of that
day, and stays the same for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Sum

from backstock.core.amounts import to_base_cents
from backstock.core.models import Company
from backstock.core.numbers import document_id
from backstock.money.accounts import Role
from backstock.money.queries import partner_totals
from backstock.money.statements import net_by_document
from backstock.owing.items import KINDS, open_items
from backstock.owing.models import PaymentLine

# Days past due at which the columns end: not due, 1-30, 31-60, 61-90, over 90.
EDGES = (0, 30, 60, 90)


@dataclass(slots=True)
class Age:
    """What one partner owes (or is owed) by age, what they paid ahead, and all together, in the company's currency."""

    partner_id: int
    parts: list[int] = field(default_factory=lambda: [0] * (len(EDGES) + 1))
    ahead_cents: int = 0

    @property
    def total_cents(self) -> int:
        """What is owed in the end."""
        return sum(self.parts) - self.ahead_cents

    @property
    def overdue_cents(self) -> int:
        """What should have been paid by now."""
        return sum(self.parts[1:])

    def add(self, cents: int, late_days: int) -> None:
        """Put an open amount where its age belongs."""
        self.parts[column(late_days)] += cents


def column(late_days: int) -> int:
    """Return the column of a document that is so many days past due."""
    return next((n for n, edge in enumerate(EDGES) if late_days <= edge), len(EDGES))


def ageing(company: Company, side: str, on: date, today: date) -> list[Age]:
    """Return the ages of what is open on a day, the largest debtor first."""
    found = _now(company, side, on) if on >= today else _then(company, side, on)
    return sorted((age for age in found if any(age.parts) or age.ahead_cents), key=lambda age: -age.total_cents)


def _now(company: Company, side: str, on: date) -> Iterable[Age]:
    ages: dict[int, Age] = {}
    for item in open_items(company, side):
        age = ages.setdefault(item.partner_id, Age(item.partner_id))
        cents = to_base_cents(item.open_cents, item.rate_e9)
        if cents > 0:
            age.add(cents, (on - item.due_on).days)
        else:
            age.ahead_cents -= cents
    rests = PaymentLine.objects.filter(payment__side=side).exclude(rest_cents=0)
    for partner_id, rate_e9, cents in rests.values_list("payment__partner_id", "payment__rate_e9").annotate(
        v=Sum("rest_cents")
    ):
        ages.setdefault(partner_id, Age(partner_id)).ahead_cents += to_base_cents(cents, rate_e9)
    sign = 1 if side == "receivable" else -1
    for partner_id, cents in partner_totals(Role[side]).items():
        age = ages.setdefault(partner_id, Age(partner_id))
        # What rates make of it in our money counts as paid ahead, so that the table is the ledger's.
        age.ahead_cents += age.total_cents - sign * cents
    return ages.values()


def _then(company: Company, side: str, on: date) -> Iterable[Age]:
    sign = 1 if side == "receivable" else -1
    debts: dict[int, list[tuple[date, int]]] = {}
    money: dict[int, int] = {}
    rows = net_by_document(Role[side], on)
    due = _due_days(company, side, {document for _, document, _, _ in rows})
    for partner_id, document, first, net in rows:
        cents = sign * net
        if cents > 0:
            debts.setdefault(partner_id, []).append((due.get(document, first), cents))
        else:
            money[partner_id] = money.get(partner_id, 0) - cents
    for partner_id in debts.keys() | money.keys():
        age, left = Age(partner_id), money.get(partner_id, 0)
        for due_on, cents in sorted(debts.get(partner_id, [])):
            used = min(left, cents)
            left -= used
            age.add(cents - used, (on - due_on).days)
        age.ahead_cents = left
        yield age


def _due_days(company: Company, side: str, documents: set[str]) -> Mapping[str, date]:
    """Return when documents fall due; those of other kinds are due at once."""
    found: dict[str, date] = {}
    for kind in KINDS:
        if side in kind.sides:
            ids = {pk for number in documents if (pk := document_id(kind.prefix, number)) is not None}
            for row in kind.rows().filter(pk__in=ids):
                item = kind.item(row, company)
                found[item.number] = item.due_on
    return found


def total(ages: Sequence[Age]) -> Age:
    """Sum ages over partners."""
    whole = Age(0)
    for age in ages:
        whole.parts = [a + b for a, b in zip(whole.parts, age.parts, strict=True)]
        whole.ahead_cents += age.ahead_cents
    return whole
