"""Read accounts in order: what happened on a partner's or a bank account in a period, with the running balance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum

from backstock.money.accounts import MONEY, Role
from backstock.money.models import Account, AccountMove, Booking, PartnerBalance, Transfer
from backstock.money.queries import balances


@dataclass(frozen=True, slots=True)
class Entry:
    """What one step of a document did to the account: debit or credit, and the balance after it."""

    on: date
    document: str
    log_id: int
    debit_cents: int
    credit_cents: int
    balance_cents: int
    partner_id: int = 0
    other_ids: tuple[int, ...] = ()


@dataclass(slots=True)
class Statement:
    """An account in a period: debits raise the balance, credits lower it."""

    opening_cents: int
    entries: list[Entry] = field(default_factory=list)

    @property
    def closing_cents(self) -> int:
        """The balance at the end of the period."""
        return self.entries[-1].balance_cents if self.entries else self.opening_cents

    def total(self, name: str) -> int:
        """Sum debits or credits of the period."""
        return sum(getattr(entry, name) for entry in self.entries)


def partner_statement(partner_id: int, role: Role, currency: str, first: date | None, last: date) -> Statement:
    """Return a partner's account in one currency and in it; the entries of one step of a document are one."""
    rows = Transfer.objects.filter(partner_id=partner_id, original_currency=currency)
    return _statement(rows, [int(role)], "original_amount_cents", first, last)


def account_statement(account_id: int, first: date | None, last: date) -> Statement:
    """Return one of our own accounts in the company's currency."""
    return _statement(Transfer.objects.all(), [account_id], "amount_cents", first, last)


def _statement(
    rows: QuerySet[Transfer], accounts: list[int], amount: str, first: date | None, last: date
) -> Statement:  # fmt: skip
    on_account = rows.filter(Q(debit_id__in=accounts) | Q(credit_id__in=accounts))
    found = Statement(_sum(rows.filter(business_on__lt=first), accounts, amount) if first else 0)
    period = on_account.filter(business_on__lte=last).order_by("business_on", "log_id", "position")
    if first:
        period = period.filter(business_on__gte=first)
    balance, at = found.opening_cents, -1
    columns = ("business_on", "document", "log_id", "debit_id", "credit_id", amount, "partner_id")
    for on, document, log_id, debit_id, credit_id, cents, partner_id in period.values_list(*columns):
        into = debit_id in accounts
        debit, credit, other = (cents, 0, credit_id) if into else (0, cents, debit_id)
        balance += debit - credit
        others: tuple[int, ...] = (other,)
        if log_id == at:
            last_one = found.entries.pop()
            debit, credit = debit + last_one.debit_cents, credit + last_one.credit_cents
            others = (*dict.fromkeys((*last_one.other_ids, other)),)
        at = log_id
        found.entries.append(Entry(on, document, log_id, debit, credit, balance, partner_id, others))
    return found


def _sum(rows: QuerySet[Transfer], accounts: list[int], amount: str) -> int:
    debit = rows.filter(debit_id__in=accounts).aggregate(v=Sum(amount))["v"] or 0
    credit = rows.filter(credit_id__in=accounts).aggregate(v=Sum(amount))["v"] or 0
    return int(debit - credit)


def currencies_of(partner_id: int, role: Role) -> list[str]:
    """Return the currencies in which a partner has an account, the one with most on it first."""
    found = PartnerBalance.objects.filter(partner_id=partner_id, account_id=int(role))
    return [row.currency for row in sorted(found, key=lambda row: -abs(row.original_cents))]


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """A till or bank account as lists and forms show it."""

    id: int
    code: str
    role: str
    name_zh: str
    name_en: str
    kind: str
    currency: str
    may_be_negative: bool
    balance_cents: int

    def name(self, language: str) -> str:
        """Return its name in a language."""
        return self.name_zh if language.startswith("zh") else self.name_en


def own_accounts() -> list[OwnAccount]:
    """Return cash and bank and what stands below them, each with its own balance."""
    rows = list(Account.objects.filter(Q(pk__in=MONEY) | Q(parent_id__in=MONEY)))
    held = balances([row.pk for row in rows])
    rows.sort(key=lambda row: (row.parent_id or row.pk, row.pk))
    return [
        OwnAccount(
            row.pk, row.code, row.role, row.name_zh, row.name_en, Role(row.parent_id or row.pk).name, row.currency,
            row.may_be_negative, held.get(row.pk, 0),
        )
        for row in rows
    ]  # fmt: skip


def documents_on(role: Role, last: date) -> QuerySet[Transfer, Any]:
    """Return per partner and document what was posted to an account up to a day, in the company's currency."""
    rows = Transfer.objects.filter(business_on__lte=last).exclude(partner_id=0)
    return rows.filter(Q(debit_id=int(role)) | Q(credit_id=int(role)))


def net_by_document(role: Role, last: date) -> list[tuple[int, str, date, int]]:
    """Return (partner, document, first day, debit less credit) of an account up to a day, in the company's currency."""
    found: dict[tuple[int, str], list[Any]] = {}
    rows = documents_on(role, last).order_by("business_on", "log_id", "position")
    columns = ("partner_id", "document", "business_on", "debit_id", "amount_cents")
    for partner_id, document, on, debit_id, cents in rows.values_list(*columns).iterator(chunk_size=2000):
        kept = found.setdefault((partner_id, document), [on, 0])
        kept[1] += cents if debit_id == int(role) else -cents
    return [(partner_id, document, on, cents) for (partner_id, document), (on, cents) in found.items() if cents]


def moves(ids: Iterable[int]) -> dict[int, AccountMove]:
    """Return moves between accounts by id."""
    return AccountMove.objects.in_bulk(list(ids))


def bookings(ids: Iterable[int]) -> dict[int, Booking]:
    """Return bookings of other income and expenses by id."""
    return Booking.objects.in_bulk(list(ids))


def last_moves() -> QuerySet[AccountMove]:
    """Return the moves between accounts, newest first."""
    return AccountMove.objects.order_by("-pk")


def last_bookings() -> QuerySet[Booking]:
    """Return other income and expenses, newest first."""
    return Booking.objects.order_by("-pk")
