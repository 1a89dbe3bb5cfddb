"""Refusals about the books.

DomainError
├── BlueInvoiceMissing    blue_invoice_missing
├── ConfirmationLapsed    confirmation_lapsed
├── NothingToPost         nothing_to_post
└── RedExceedsBlue        red_exceeds_blue
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


@dataclass(eq=False)
class BlueInvoiceMissing(DomainError):
    """A red invoice stands against a blue one of a sale in its credit note."""

    document: str
    number: str
    code = "blue_invoice_missing"
    en = "{document} gives nothing back of a sale with the blue invoice {number}. Record that invoice with its sale first."
    zh = "{document} 所退的销售没有登记蓝字发票 {number}。请先在该销售登记蓝字发票。"


@dataclass(eq=False)
class ConfirmationLapsed(DomainError):
    """A confirmation that nobody answered for 72 hours counts no more."""

    document: str
    asked_at: str
    code = "confirmation_lapsed"
    en = "The confirmation for {document} of {asked_at} lapsed after 72 hours. Withdraw it and ask again."
    zh = "{document} 的确认单（{asked_at} 发起）超过 72 小时未确认，已作废。请撤回后重新发起。"


@dataclass(eq=False)
class RedExceedsBlue(DomainError):
    """All red invoices against a blue one, and all for a credit note, stay within it."""

    document: str
    asked_cents: int
    left_cents: int
    digits: int = 2
    code = "red_exceeds_blue"
    en = "{document} leaves {left} for red invoices, but {asked} is asked for. Ask for less, or choose another blue invoice."
    zh = "{document} 可开红字金额仅剩 {left}，申请 {asked} 超出。请减少金额，或选择其他蓝字发票。"
