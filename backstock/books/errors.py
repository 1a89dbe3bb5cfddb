"""Refusals about the books.

DomainError
├── AccountsMissing       accounts_missing
├── BlueInvoiceMissing    blue_invoice_missing
├── ConfirmationLapsed    confirmation_lapsed
├── NotesNumbered         notes_numbered
├── NothingToAccrue       nothing_to_accrue
├── NothingToEstimate     nothing_to_estimate
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


@dataclass(eq=False)
class NotesNumbered(DomainError):
    """Every credit note of the year up to the day has its number already."""

    through: str
    code = "notes_numbered"
    en = "No credit note up to {through} waits for its number. Choose a later day, or come back after the next settlement."
    zh = "截至 {through} 没有待编号的红字贷项单。请选择更晚的日期，或在有新的退款结算后再来。"


@dataclass(eq=False)
class NothingToAccrue(DomainError):
    """A return that does not stand on both sides of the day, is worth nothing there, or was accrued already."""

    document: str
    through: str
    code = "nothing_to_accrue"
    en = "{document} has nothing to accrue at the end of {through}, or it was accrued already. Load the list again."
    zh = "{document} 在 {through} 期末没有可预提的金额，或已预提。请刷新清单后再试。"


@dataclass(eq=False)
class AccountsMissing(DomainError):
    """The chart of accounts knows no refund liability and no right to returned goods."""

    chart: str
    code = "accounts_missing"
    en = "The chart of accounts has no refund liability and no right to returned goods. Choose 企业会计准则 or the international chart first."
    zh = "当前会计科目表没有“应付退货款”和“应收退货成本”科目。请先选用企业会计准则或国际科目表。"


@dataclass(eq=False)
class NothingToEstimate(DomainError):
    """The estimate is what stands in the books already, or a later one stands there."""

    through: str
    code = "nothing_to_estimate"
    en = "The estimate through {through} changes nothing: it is in the books already, or one of a later day is."
    zh = "截至 {through} 的估计没有变动：账上已是该金额，或已有更晚日期的估计。"
