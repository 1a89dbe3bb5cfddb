"""Builders of accounts, money and what is owed; see `tests/build.py`."""

from __future__ import annotations

from datetime import date
from typing import Any

from backstock.core.permissions import SYSTEM, Actor
from backstock.money.commands.book import BookMoney, book_money
from backstock.money.commands.move import MoveMoney, move_money
from backstock.money.commands.open_account import OpenAccount, open_account
from backstock.owing.commands.open import OpenDebt, open_debt
from backstock.owing.commands.receive import PayMoney, ReceiveMoney, pay_money, receive_money
from backstock.owing.commands.write_off import AskWriteOff, ask_write_off
from backstock.owing.paying import Settle
from backstock.sales.orders import Tender
from tests.build import DAY, Number, cents
from tests.cast import JIN, SUN


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


def _lines(tenders: dict[str, Number] | Number) -> tuple[Tender, ...]:
    given = tenders if isinstance(tenders, dict) else {"cash": tenders}
    return tuple(Tender(tender=name, amount_cents=cents(money)) for name, money in given.items())


def _settles(what: Any) -> Any:
    """Write {"S000001": 50, "S000002": None} as documents with amounts."""
    if isinstance(what, str):
        return what
    return tuple(
        Settle(document=number, amount_cents=None if money is None else cents(money)) for number, money in what.items()
    )


def receipt(
    tenders: dict[str, Number] | Number, partner: str = SUN, discount: Number = 0, settles: Any = "oldest",
    on: date = DAY, **more: Any,
) -> ReceiveMoney:  # fmt: skip
    """Describe money of a customer."""
    return ReceiveMoney(
        partner=partner, lines=_lines(tenders), discount_cents=cents(discount), settles=_settles(settles), on=on, **more
    )


def received(tenders: dict[str, Number] | Number, **more: Any) -> str:
    """Take a customer's money against what is owed."""
    return receive_money(receipt(tenders, **more), actor=SYSTEM).document


def paid(
    tenders: dict[str, Number] | Number, partner: str = JIN, discount: Number = 0, settles: Any = "oldest",
    on: date = DAY, **more: Any,
) -> str:  # fmt: skip
    """Pay a supplier."""
    wanted = PayMoney(
        partner=partner, lines=_lines(tenders), discount_cents=cents(discount), settles=_settles(settles), on=on, **more
    )
    return pay_money(wanted, actor=SYSTEM).document


def owed(amount: Number = 100, partner: str = SUN, side: str = "receivable", on: date = DAY, **more: Any) -> str:
    """Bring in an open invoice from before."""
    wanted = OpenDebt(side=side, partner=partner, amount_cents=cents(amount), on=on, **more)
    return open_debt(wanted, actor=SYSTEM).document


def asked_off(document: str, amount: Number | None = None, actor: Actor = SYSTEM, on: date = DAY) -> str:
    """Ask that an open item be given up."""
    wanted = AskWriteOff(
        document=document, amount_cents=None if amount is None else cents(amount), on=on, reason="gone"
    )
    return ask_write_off(wanted, actor=actor).document
