"""Refusals about accounts and periods.

DomainError
└── PeriodNotOver   period_not_over
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
