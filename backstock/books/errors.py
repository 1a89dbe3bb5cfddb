"""Refusals about the books.

DomainError
└── NothingToPost    nothing_to_post
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class NothingToPost(DomainError):
    """Every voucher of the month has its number already."""

    month: str
    code = "nothing_to_post"
    en = "Nothing of {month} waits for a voucher number. Choose another month, or come back after the next posting."
    zh = "{month} 没有待编号的凭证。请选择其他月份，或在有新业务入账后再来。"
