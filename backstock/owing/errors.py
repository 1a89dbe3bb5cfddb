"""Refusals about what is owed.

DomainError
├── AllocationExceedsOpen    allocation_exceeds_open
├── AllocationExceedsRest    allocation_exceeds_rest
├── DiscountExceedsOpen      discount_exceeds_open
├── ItemOfAnotherPartner     wrong_partner
├── ItemOfAnotherCurrency    wrong_currency
├── NothingOpen              nothing_open
├── AllocationRefunded       allocation_refunded
├── CreditUsed               credit_used
├── DebtPaid                 debt_paid
├── CreditOfReturn           credit_of_return
└── SecondPersonRequired     second_person_required
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class AllocationExceedsOpen(DomainError):
    """More than the item still owes."""

    document: str
    asked_cents: int
    open_cents: int
    digits: int = 2
    code = "allocation_exceeds_open"
    en = "{document} is open by {open}, but {asked} is to settle it. Allocate at most what is open."
    zh = "{document} 未结 {open}，不能核销 {asked}。核销金额请不要超过未结金额。"


@dataclass(eq=False)
class AllocationExceedsRest(DomainError):
    """More than the payment has left."""

    document: str
    asked_cents: int
    left_cents: int
    digits: int = 2
    code = "allocation_exceeds_rest"
    en = "{document} has {left} left, but {asked} was asked of it. Use at most what is left."
    zh = "{document} 余额为 {left}，不足 {asked}。请不要超过余额。"


@dataclass(eq=False)
class DiscountExceedsOpen(DomainError):
    """A discount that settles nothing would be a gift on account."""

    document: str
    asked_cents: int
    open_cents: int
    digits: int = 2
    code = "discount_exceeds_open"
    en = "A discount of {asked} does not fit: only {open} is open for it. Lower the discount or name more documents."
    zh = "优惠 {asked} 超出可核销的未结金额 {open}。请减少优惠，或选择更多单据。"


@dataclass(eq=False)
class ItemOfAnotherPartner(DomainError):
    """The document belongs to somebody else."""

    document: str
    partner: str
    code = "wrong_partner"
    en = "{document} is no open document of {partner}. Choose one of theirs."
    zh = "{document} 不是 {partner} 的未结单据。请选择该往来单位的单据。"


@dataclass(eq=False)
class ItemOfAnotherCurrency(DomainError):
    """Money settles documents in its own currency."""

    document: str
    wanted: str
    found: str
    code = "wrong_currency"
    en = "{document} is in {found}, the money in {wanted}. Book the money in {found}, with its rate."
    zh = "{document} 的币种为 {found}，款项为 {wanted}。请以 {found} 及其汇率录入款项。"


@dataclass(eq=False)
class NothingOpen(DomainError):
    """There is nothing to settle, or nothing left to do it with."""

    document: str
    code = "nothing_open"
    en = "{document}: nothing is open. Look at the statement to see what was settled."
    zh = "{document}：没有未结金额。请查看对账单了解核销情况。"


@dataclass(eq=False)
class AllocationRefunded(DomainError):
    """The money went back by this very means already."""

    document: str
    tender: str
    asked_cents: int
    left_cents: int
    digits: int = 2
    code = "allocation_refunded"
    en = "{document}: of what {tender} settled only {left} was not refunded, so {asked} cannot be taken off it."
    zh = "{document}：{tender} 核销的款项中仅 {left} 尚未退还，不能取消 {asked}。"


@dataclass(eq=False)
class CreditUsed(DomainError):
    """What was credited settles something by now, or was paid out."""

    document: str
    asked_cents: int
    left_cents: int
    digits: int = 2
    code = "credit_used"
    en = "Of the credit {document} ({asked}) only {left} is unused. Release what it settles first."
    zh = "退货贷项 {document}（{asked}）仅剩 {left} 未使用。请先取消其核销。"


@dataclass(eq=False)
class DebtPaid(DomainError):
    """What a step owes somebody was paid by now."""

    document: str
    paid_cents: int
    digits: int = 2
    code = "debt_paid"
    en = "{paid} of {document} was paid already. Take that payment back first."
    zh = "{document} 已付 {paid}。请先撤销该付款。"


@dataclass(eq=False)
class CreditOfReturn(DomainError):
    """A credit stands and falls with the step of the return that gave it."""

    document: str
    source: str
    code = "credit_of_return"
    en = "{document} was credited by {source}. Take that step of {source} back instead."
    zh = "{document} 由退货单 {source} 产生。请撤销 {source} 的相应步骤。"


@dataclass(eq=False)
class SecondPersonRequired(DomainError):
    """Nobody approves what they asked for."""

    document: str
    actor: str
    code = "second_person_required"
    en = "{actor} asked for {document}: somebody else has to decide on it."
    zh = "{document} 由 {actor} 申请，须由其他人审批。"
