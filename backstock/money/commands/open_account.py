"""Open a till or bank account of the company, and say which means of payment it receives."""

from __future__ import annotations

from typing import Annotated, Literal

from django.db.models import Max
from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.amounts import MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import DuplicateCode, InvalidInput
from backstock.core.models import Company
from backstock.money.accounts import FIRST_OWN, MONEY, Role
from backstock.money.chart import ACCOUNT_FIELDS
from backstock.money.errors import UnknownAccount
from backstock.money.models import Account
from backstock.money.posting import Entry, post
from backstock.money.transfers import Pay

Means = Annotated[str, Field(min_length=1, max_length=30)]
# Words that mean a rule or another kind of account, never a till.
RESERVED = frozenset(
    {"receivable", "original", "store_credit", "discount", "write_off", "set_off", "return_credit", "cash", "bank"}
)


@typed(frozen=True, kw_only=True, config=STRICT)
class OpenAccount(Input):
    """A till, bank account or wallet; its code is a means of payment too, `tenders` names others that it receives."""

    code: Annotated[str, Field(min_length=1, max_length=20)]
    kind: Literal["cash", "bank"] = "bank"
    name_zh: Annotated[str, Field(min_length=1, max_length=60)]
    name_en: Annotated[str, Field(max_length=60)] = ""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    may_be_negative: bool = False
    tenders: tuple[Means, ...] = ()
    opening_cents: Annotated[int, Field(ge=-MAX_CENTS, le=MAX_CENTS)] = 0


@command("money.open_account", OpenAccount, alone=True)
def open_account(batch: Batch[OpenAccount]) -> None:
    """Add accounts below cash or bank, with what they hold today against the opening balances."""
    taken = set(Account.objects.values_list("code", flat=True)) | RESERVED
    for item in batch.open:
        with batch.attempt(item):
            code = item.input.code
            if code in taken:
                raise DuplicateCode(field="code", value=code)
            refuse_reserved(item.input.tenders)
            taken.add(code)
            item.document, item.answer = code, {"code": code}
    batch.log()
    following = max(FIRST_OWN, 1 + (Account.objects.aggregate(last=Max("pk"))["last"] or 0))
    entries, account_rows, tenders = [], [], dict(batch.company.tender_accounts)
    for pk, item in enumerate(batch.open, following):
        wanted, parent = item.input, Role[item.input.kind]
        names = (wanted.name_zh, wanted.name_en or wanted.name_zh)
        role = f"{parent.name}.{wanted.code}"
        account_rows.append(
            (pk, role, wanted.code, *names, int(parent), wanted.currency or "", wanted.may_be_negative)
        )  # fmt: skip
        tenders |= dict.fromkeys((wanted.code, *wanted.tenders), pk)
        pay = Pay(amount_cents=wanted.opening_cents, debit=pk, credit=Role.opening_balances)
        entries.append(Entry(item.log_id, item.on, item.document, [pay]))
    rows.insert(Account, ACCOUNT_FIELDS, account_rows)
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    Company.objects.update(tender_accounts=tenders)


@typed(frozen=True, kw_only=True, config=STRICT)
class AssignTenders(Input):
    """Means of payment that an account receives from now on."""

    account: Annotated[str, Field(min_length=1, max_length=20)]
    tenders: Annotated[tuple[Means, ...], Field(min_length=1)]


@command("money.assign_tenders", AssignTenders, alone=True)
def assign_tenders(batch: Batch[AssignTenders]) -> None:
    """Let means of payment move another account; what was booked stays where it is."""
    own = Account.objects.filter(pk__in=MONEY) | Account.objects.filter(parent_id__in=MONEY)
    known = {code: pk for pk, *codes in own.values_list("pk", "code", "role") for code in codes}
    tenders = dict(batch.company.tender_accounts)
    for item in batch.open:
        with batch.attempt(item):
            refuse_reserved(item.input.tenders)
            if item.input.account not in known:
                raise UnknownAccount(account=item.input.account)
            item.document, item.answer = item.input.account, {"account": item.input.account}
    batch.log()
    for item in batch.open:
        tenders |= dict.fromkeys(item.input.tenders, known[item.input.account])
    if batch.open:
        Company.objects.update(tender_accounts=tenders)


def refuse_reserved(tenders: tuple[str, ...]) -> None:
    """Refuse words that are no money that somebody holds; `cash` may be kept in a till of its own, `bank` in a bank."""
    for tender in tenders:
        if tender in RESERVED - {"cash", "bank"}:
            raise InvalidInput(field="tenders", problem=f"{tender} is no money on an account")
