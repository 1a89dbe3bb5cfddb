"""Say what a command wrote to both ledgers, and that a refusal wrote nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from backstock.catalog.models import Product
from backstock.cli.replay.runner import database_state, writes
from backstock.core.amounts import decimal_text
from backstock.core.errors import DomainError
from backstock.core.models import CommandLog
from backstock.money.accounts import Role
from backstock.money.models import Account, Transfer
from backstock.money.queries import balance
from backstock.stock.models import StockMove
from backstock.stock.places import grade_of, kind_of


@dataclass(slots=True)
class Written:
    """Rows as sentences: `A 2 customer → quarantine 120.00` and `inventory / payable 600.00`."""

    goods: list[str] = field(default_factory=list)
    money: list[str] = field(default_factory=list)


def _place(pk: int) -> str:
    return kind_of(pk) + (f" {grade_of(pk)}" if grade_of(pk) else "")


def _move(move: StockMove, skus: dict[int, str]) -> str:
    values = dict.fromkeys(decimal_text(v, 2, trim=False) for v in (move.source_value_cents, move.target_value_cents))
    way = f"{_place(move.source_id)} → {_place(move.target_id)}"
    return f"{skus[move.product_id]} {decimal_text(move.quantity_e4, 4)} {way} {' → '.join(values)}"


def _transfer(row: Transfer, accounts: dict[int, str]) -> str:
    return f"{accounts[row.debit_id]} / {accounts[row.credit_id]} {decimal_text(row.amount_cents, 2, trim=False)}"


@contextmanager
def written() -> Iterator[Written]:
    """Collect what the block appends to the ledgers, in the order in which it was written."""
    last, found = CommandLog.objects.order_by("-pk").values_list("pk", flat=True).first() or 0, Written()
    yield found
    skus = dict(Product.objects.values_list("pk", "sku"))
    found.goods = [_move(row, skus) for row in StockMove.objects.filter(log_id__gt=last).order_by("log_id", "position")]
    accounts = dict(Account.objects.values_list("pk", "role"))
    found.money = [
        _transfer(row, accounts) for row in Transfer.objects.filter(log_id__gt=last).order_by("log_id", "position")
    ]


@contextmanager
def refused(code: str, **facts: Any) -> Iterator[None]:
    """Expect a refusal with a code and these facts among its own, in both languages, that changes nothing at all."""
    # The security log alone may grow.
    state = database_state if code == "permission_denied" else writes
    before = state()
    with pytest.raises(DomainError) as caught:
        yield
    error = caught.value
    assert (error.code, {name: error.facts().get(name) for name in facts}) == (code, facts)
    said = error.sentence("en") + error.sentence("zh-hans")
    assert not [name for name in error.facts() if f"{{{name}" in said]
    assert state() == before


def on_account(role: Role) -> str:
    """Return an account's balance in normal notation."""
    return decimal_text(balance(role), 2, trim=False)
