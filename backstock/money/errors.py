"""Refusals about accounts and periods.

DomainError
├── PeriodNotOver    period_not_over
├── UnknownAccount   unknown_account
└── AccountShort     account_short
PeriodClosed (core) also says that a period was closed already.
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class PeriodNotOver(DomainError):
    """A day that is not over cannot be closed."""

    through: str
    today: str
    code = "period_not_over"
    en = "{through} lies in the future: close at most through {today}."
    zh = "{through} 尚未到来：最多只能结账至 {today}。"


@dataclass(eq=False)
class UnknownAccount(DomainError):
    """No cash or bank account has this code."""

    account: str
    code = "unknown_account"
    en = "There is no cash or bank account {account}. Check its code, or open it first."
    zh = "没有编码为 {account} 的现金或银行账户。请核对编码，或先开设账户。"


@dataclass(eq=False)
class AccountShort(DomainError):
    """More cash than the account holds."""

    account: str
    asked_cents: int
    left_cents: int
    digits: int = 2
    code = "account_short"
    en = "{account} holds {left}, but {asked} is to leave it. Pay from another account, or move money there first."
    zh = "账户 {account} 余额为 {left}，不足支付 {asked}。请换一个账户支付，或先转入资金。"
