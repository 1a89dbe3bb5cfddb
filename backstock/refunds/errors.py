"""Refusals about money back.

DomainError
├── NothingToRefund           nothing_to_refund
├── RefundExceedsReturn       refund_exceeds_return
├── RefundExceedsPaid         refund_exceeds_paid
├── RefundLimitExceeded       refund_limit_exceeded
├── ShippingAlreadyRefunded   shipping_already_refunded
├── TenderRequired            tender_required
└── GatewayDecides            gateway_decides
FourEyesRequired is in `returns.deciding.errors`. MoneyAlreadySent is `returns.errors.AlreadyRefunded`: money_already_sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class NothingToRefund(DomainError):
    """Nothing is owed: not yet ready, never billed, free, or settled before."""

    document: str
    code = "nothing_to_refund"
    en = "{document} has nothing to refund now: goods are not as far as the policy wants, were never billed, or are settled."
    zh = "{document} 目前无可退款项：货物未达到退款时点、从未开票，或已结清。"


@dataclass(eq=False)
class RefundExceedsReturn(DomainError):
    """More than the return is still worth."""

    document: str
    asked_cents: int
    left_cents: int
    digits: int = 2
    code = "refund_exceeds_return"
    en = "{document}: {asked} asked, {left} left to refund. Enter at most {left}."
    zh = "{document}：申请退款 {asked}，剩余可退 {left}。请不要超过 {left}。"


@dataclass(eq=False)
class RefundExceedsPaid(DomainError):
    """More than was paid by that means."""

    document: str
    tender: str
    asked_cents: int
    paid_cents: int
    digits: int = 2
    code = "refund_exceeds_paid"
    en = "{document}: {asked} to {tender}, but only {paid} came from there. Refund at most that, the rest elsewhere."
    zh = "{document}：向 {tender} 退 {asked}，但该方式仅收过 {paid}。请不要超过，其余另选方式。"


@dataclass(eq=False)
class ShippingAlreadyRefunded(DomainError):
    """Nothing is left of the shipping fee."""

    document: str
    code = "shipping_already_refunded"
    en = "{document}: its shipping was already refunded. Settle without shipping."
    zh = "{document}：运费已退。请不要再退运费。"


@dataclass(eq=False)
class TenderRequired(DomainError):
    """A return without a sale cannot know by which means to pay."""

    document: str
    code = "tender_required"
    en = "{document} has no sale: say how to pay (cash, bank or store credit)."
    zh = "{document} 没有销售单：请选择退款方式（现金、银行或储值）。"


@dataclass(eq=False)
class GatewayDecides(DomainError):
    """A person's word does not stand where a gateway answers."""

    document: str
    tender: str
    code = "gateway_decides"
    en = "{document} goes through the gateway of {tender}: only its answer counts. Wait for it, or settle the return again."
    zh = "{document} 由 {tender} 支付渠道处理，以渠道的答复为准。请等待结果，或再次结算该退货。"


@dataclass(eq=False)
class RefundLimitExceeded(DomainError):
    """The amount is above what somebody with these roles may settle."""

    document: str
    role: str
    amount_cents: int
    digits: int = 2
    code = "refund_limit_exceeded"
    en = "{document}: {amount} in all is above your limit; somebody with the role {role} must settle it. Ask them."
    zh = "{document} 累计退款 {amount} 超出您的权限，须由{role}结算。请转交对方办理。"
