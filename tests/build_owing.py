"""Builders of accounts, money and what is owed; see `tests/build.py`."""

from __future__ import annotations

from datetime import date
from typing import Any

from backstock.core.permissions import SYSTEM
from backstock.money.commands.book import BookMoney, book_money
from backstock.money.commands.move import MoveMoney, move_money
from backstock.money.commands.open_account import OpenAccount, open_account
from tests.build import DAY, Number, cents


def account(code: str = "ICBC", kind: str = "bank", opening: Number = 0, **more: Any) -> str:
    """Open a till or bank account."""
    names = {"name_zh": f"{code} 账户", "name_en": code}
    wanted = OpenAccount(code=code, kind=kind, opening_cents=cents(opening), on=DAY, **{**names, **more})
    return open_account(wanted, actor=SYSTEM).document


def moved(source: str, target: str, amount: Number, fee: Number = 0, on: date = DAY, **more: Any) -> str:
    """Move money between accounts."""
    wanted = MoveMoney(source=source, target=target, amount_cents=cents(amount), fee_cents=cents(fee), on=on, **more)
    return move_money(wanted, actor=SYSTEM).document


def booked(
    kind: str = "expense",
    amount: Number = 10,
    account: str = "cash",
    category: str = "rent",
    on: date = DAY,
    **more: Any,
) -> str:
    """Book other income or an expense."""
    wanted = BookMoney(kind=kind, account=account, category=category, amount_cents=cents(amount), on=on, **more)
    return book_money(wanted, actor=SYSTEM).document
