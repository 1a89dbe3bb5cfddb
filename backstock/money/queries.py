"""Read the money ledger: balances, statements, documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum

from backstock.core.models import Company
from backstock.money.accounts import MONEY, Role
from backstock.money.models import Account, AccountMonth, PartnerBalance, RollUp, Transfer
from backstock.money.transfers import Pay

PAY_FIELDS = (
    "amount_cents", "debit_id", "credit_id", "partner_id", "original_amount_cents", "original_currency", "line_id",
    "mirrors_log_id",
)  # fmt: skip


def transfers_of_logs(log_ids: Iterable[int]) -> dict[int, list[Pay]]:
    """Return the transfers that log rows wrote, in their order."""
    found: dict[int, list[Pay]] = defaultdict(list)
    wanted = Transfer.objects.filter(log_id__in=set(log_ids)).order_by("log_id", "position")
    for log_id, *v in wanted.values_list("log_id", *PAY_FIELDS):
        found[log_id].append(_pay(v))
    return found


def transfers_by_document(documents: Iterable[str]) -> dict[str, list[tuple[int, Pay]]]:
    """Return the transfers of documents with the log rows that wrote them, in the order of recording."""
    found: dict[str, list[tuple[int, Pay]]] = defaultdict(list)
    wanted = Transfer.objects.filter(document__in=set(documents)).order_by("log_id", "position")
    for document, log_id, *v in wanted.values_list("document", "log_id", *PAY_FIELDS):
        found[document].append((log_id, _pay(v)))
    return found


def _pay(v: Sequence[Any]) -> Pay:
    return Pay(
        amount_cents=v[0], debit=v[1], credit=v[2], partner_id=v[3], original_cents=v[4], currency=v[5], line_id=v[6],
        mirrors_log_id=v[7],
    )  # fmt: skip


def balance(role: Role) -> int:
    """Return the balance of an account and those below it (debit minus credit)."""
    return sum(balances(Account.objects.filter(Q(pk=int(role)) | Q(parent_id=int(role))).values("pk")).values())


def balances(accounts: QuerySet[Account, Any] | Iterable[int]) -> dict[int, int]:
    """Return each account's own balance: rolled-up months plus the tail behind them; four statements for any number."""
    through = RollUp.objects.values_list("through_log_id", flat=True).first() or 0
    found: dict[int, int] = defaultdict(int)
    months = AccountMonth.objects.filter(account_id__in=accounts).values_list("account_id")
    for pk, debit, credit in months.annotate(d=Sum("debit_cents"), c=Sum("credit_cents")).order_by():
        found[pk] += debit - credit
    tail = Transfer.objects.filter(log_id__gt=through)
    for side, sign in (("debit_id", 1), ("credit_id", -1)):
        moved = tail.filter(**{f"{side}__in": accounts}).values_list(side).annotate(v=Sum("amount_cents")).order_by()
        for pk, cents in moved:
            found[pk] += sign * cents
    return dict(found)


def partner_balance(partner_id: int, role: Role) -> int:
    """Return what a partner owes (positive) or is owed on an account, in the company's currency."""
    found = PartnerBalance.objects.filter(partner_id=partner_id, account_id=int(role))
    return int(found.aggregate(total=Sum("amount_cents"))["total"] or 0)


def partner_balances(partner_ids: Iterable[int], role: Role) -> dict[int, int]:
    """Return what partners owe (positive) or are owed on an account, in the company's currency; 0 for those without."""
    wanted = set(partner_ids)
    found = PartnerBalance.objects.filter(partner_id__in=wanted, account_id=int(role)).values("partner_id")
    sums = dict(found.annotate(total=Sum("amount_cents")).values_list("partner_id", "total"))
    return {pk: int(sums.get(pk, 0)) for pk in wanted}


def partner_balance_original(partner_id: int, role: Role, currency: str) -> int:
    """Return what a partner owes or is owed on an account in one currency."""
    found = PartnerBalance.objects.filter(partner_id=partner_id, account_id=int(role), currency=currency)
    return int(found.aggregate(total=Sum("original_cents"))["total"] or 0)


# What a partner has on an account in one currency.
type Purse = tuple[int, str]


def purses_of(partner_ids: Collection[int], role: Role, lock: bool = False) -> dict[Purse, tuple[int, int]]:
    """Return the balances of partners on an account per currency: in the company's currency, and in it."""
    found = PartnerBalance.objects.filter(partner_id__in=partner_ids, account_id=int(role))
    found = found.order_by("partner_id", "currency").select_for_update() if lock else found
    values = found.values_list("partner_id", "currency", "amount_cents", "original_cents")
    return {(partner, currency): (base, original) for partner, currency, base, original in values}


def paid_out(partner_ids: Collection[int], role: Role) -> dict[Purse, int]:
    """Return what left the purses of partners on an account, in its currency, less what was taken back."""
    found: dict[Purse, int] = defaultdict(int)
    out = Transfer.objects.filter(partner_id__in=partner_ids, debit_id=int(role), mirrors_log_id=0)
    back = Transfer.objects.filter(partner_id__in=partner_ids, credit_id=int(role)).exclude(mirrors_log_id=0)
    for rows, sign in ((out, 1), (back, -1)):
        sums = rows.values_list("partner_id", "original_currency").annotate(v=Sum("original_amount_cents")).order_by()
        for partner, currency, cents in sums:
            found[partner, currency] += sign * cents
    return found


def partner_totals(role: Role) -> dict[int, int]:
    """Return what every partner owes or is owed on an account, in the company's currency."""
    found = PartnerBalance.objects.filter(account_id=int(role)).values_list("partner_id")
    return {pk: cents for pk, cents in found.annotate(v=Sum("amount_cents")).order_by() if cents}


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One row of the money ledger as a page shows it."""

    business_on: date
    document: str
    amount_cents: int
    debit_id: int
    credit_id: int
    mirror: bool


def transfers_of_document(document: str) -> list[TransferRow]:
    """Return the transfers of a document in the order of recording."""
    found = Transfer.objects.filter(document=document).order_by("log_id", "position")
    return [
        TransferRow(
            business_on=row.business_on,
            document=row.document,
            amount_cents=row.amount_cents,
            debit_id=row.debit_id,
            credit_id=row.credit_id,
            mirror=bool(row.mirrors_log_id),
        )
        for row in found
    ]


def account_names(language: str) -> dict[int, str]:
    """Return the names of accounts with their codes in a language."""
    name = "name_zh" if language.startswith("zh") else "name_en"
    return {pk: f"{code} {words}" for pk, code, words in Account.objects.values_list("pk", "code", name)}


def all_balances() -> dict[Role, int]:
    """Return the balance of every account, each with those below it."""
    own = balances(Account.objects.values("pk"))
    parents = dict(Account.objects.values_list("pk", "parent_id"))
    found = dict.fromkeys(Role, 0)
    for pk, cents in own.items():
        found[Role(parents[pk] or pk)] += cents
    return found


def transfer_count() -> int:
    """Return how many rows the money ledger holds."""
    return Transfer.objects.count()


def balances_of_partners(partner_ids: Iterable[int]) -> dict[int, list[tuple[Role, str, int, int]]]:
    """Return what partners owe or are owed on every account: {partner: [(account, currency, base, original)]}."""
    found: dict[int, list[tuple[Role, str, int, int]]] = defaultdict(list)
    rows = PartnerBalance.objects.select_for_update().filter(partner_id__in=set(partner_ids))
    for row in rows.exclude(amount_cents=0, original_cents=0).order_by("partner_id", "account_id", "currency"):
        found[row.partner_id].append((Role(row.account_id), row.currency, row.amount_cents, row.original_cents))
    return found


def own_accounts() -> list[dict[str, Any]]:
    """Describe the company's own tills and bank accounts as they could be opened again, with what they hold."""
    own = list(Account.objects.filter(parent_id__in=MONEY).order_by("pk"))
    held = balances([each.pk for each in own])
    tenders: dict[str, int] = Company.objects.values_list("tender_accounts", flat=True).first() or {}
    return [
        {
            "code": each.code, "kind": Role(each.parent_id).name, "name_zh": each.name_zh, "name_en": each.name_en,
            "currency": each.currency, "may_be_negative": each.may_be_negative, "opening_cents": held.get(each.pk, 0),
            "tenders": tuple(name for name, pk in tenders.items() if pk == each.pk and name != each.code),
        }
        for each in own
    ]  # fmt: skip


def has_accounts(roles: Iterable[Role]) -> bool:
    """Say whether the company's chart has all of some accounts."""
    wanted = {int(role) for role in roles}
    return Account.objects.filter(pk__in=wanted).count() == len(wanted)
