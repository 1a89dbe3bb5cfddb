"""The company's own tills and bank accounts, as commands find, check and number them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from backstock.money.accounts import MONEY, Role
from backstock.money.errors import AccountShort, UnknownAccount
from backstock.money.models import Account
from backstock.money.queries import balances


@dataclass(slots=True)
class Till:
    """An account that holds money, locked, with its balance as this batch has changed it so far."""

    row: Account
    balance_cents: int

    def count(self, cents: int) -> None:
        """Add to the balance in memory."""
        self.balance_cents += cents

    @property
    def guarded(self) -> bool:
        """Tell whether it may not fall below zero: nobody pays out cash that is not there."""
        return Role.cash in (self.row.pk, self.row.parent_id) and not self.row.may_be_negative


@dataclass(slots=True)
class Tills:
    """The money accounts of a batch by code."""

    by_code: dict[str, Till]
    by_id: dict[int, Till]

    def find(self, code: str) -> Till:
        """Return an account by code or by the name of its role (cash, bank); raise UnknownAccount."""
        try:
            return self.by_code[code]
        except KeyError:
            raise UnknownAccount(account=code) from None

    def take(self, journal: list[Callable[[], None]], till: Till, cents: int, digits: int) -> None:
        """Count money out of an account; raise AccountShort where it would have to be invented; a refusal takes it back."""
        if till.guarded and cents > 0 and cents > till.balance_cents:
            left = max(0, till.balance_cents)
            raise AccountShort(account=till.row.code, asked_cents=cents, left_cents=left, digits=digits)
        till.count(-cents)
        journal.append(partial(till.count, cents))


def load_tills(wanted: Iterable[str] | None = None, ids: Iterable[int] | None = None) -> Tills:
    """Lock the money accounts that are paid out of and read their balances: all of them, or those named."""
    roles = [int(role) for role in MONEY]
    found = Account.objects.filter(pk__in=roles) | Account.objects.filter(parent_id__in=roles)
    if wanted is not None:
        codes = set(wanted)
        found = found.filter(code__in=codes) | found.filter(role__in=codes)
    if ids is not None:
        found = found.filter(pk__in=set(ids))
    rows = list(found.order_by("pk").select_for_update())
    held = balances([row.pk for row in rows])
    tills = [Till(row, held.get(row.pk, 0)) for row in rows]
    by_code = {till.row.code: till for till in tills}
    by_code |= {till.row.role: till for till in tills}
    return Tills(by_code, {till.row.pk: till for till in tills})
