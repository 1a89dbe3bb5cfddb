"""Refusals about sales.

DomainError
├── ItemNotInSale        item_not_in_sale
├── PaymentExceedsOwed   payment_exceeds_owed
├── NothingToInvoice     nothing_to_invoice
├── InvoiceExceedsShipped invoice_exceeds_shipped
├── ShipmentExceedsOrder shipment_exceeds_order
├── NothingToClose       nothing_to_close
├── NothingToPick        nothing_to_pick
├── PickExceedsList      pick_exceeds_list
├── SignedBeforeShipped  signed_before_shipped
├── QuoteLapsed          quote_lapsed
├── CreditLimitExceeded  credit_limit_exceeded
└── NoDeposit            no_deposit
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class ItemNotInSale(DomainError):
    """The document holds no such item."""

    sku: str
    document: str
    code = "item_not_in_sale"
    en = "{sku} does not stand in {document}. Check the item, or find the sale in which it was bought."
    zh = "{document} 中没有 {sku}。请核对商品，或查找实际购买的销售单。"


@dataclass(eq=False)
class PaymentExceedsOwed(DomainError):
    """More money than the document still owes."""

    document: str
    asked_cents: int
    owed_cents: int
    digits: int = 2
    code = "payment_exceeds_owed"
    en = "{document}: {asked} paid, but only {owed} is owed. Enter at most what is owed."
    zh = "{document}：付款 {asked} 超过欠款 {owed}。请填写不超过欠款的金额。"


@dataclass(eq=False)
class NothingToInvoice(DomainError):
    """Everything shipped and kept was billed already."""

    document: str
    code = "nothing_to_invoice"
    en = "{document} has nothing left to bill: bill after something more has shipped."
    zh = "{document} 没有可开票的内容：请在有新发货后再开票。"


@dataclass(eq=False)
class ShipmentExceedsOrder(DomainError):
    """More pieces than the order still has to ship."""

    sku: str
    asked_e4: int
    left_e4: int
    code = "shipment_exceeds_order"
    en = "{sku}: {asked} to ship, but the order has only {left} left. Ship at most that."
    zh = "{sku}：拟发 {asked}，订单仅剩 {left} 未发。请不要超过未发数量。"


@dataclass(eq=False)
class InvoiceExceedsShipped(DomainError):
    """More pieces than were shipped, kept and not billed yet."""

    sku: str
    asked_e4: int
    left_e4: int
    code = "invoice_exceeds_shipped"
    en = (
        "{sku}: {asked} to bill, but only {left} shipped and kept are not billed yet. Bill at most that, or ship first."
    )
    zh = "{sku}：拟开票 {asked}，已发未开票仅 {left}。请不要超过该数量，或先发货。"


@dataclass(eq=False)
class NothingToClose(DomainError):
    """Everything ordered has shipped or was given up already."""

    document: str
    code = "nothing_to_close"
    en = "{document} has nothing left to ship, so there is nothing to close. What has shipped comes back by a return."
    zh = "{document} 没有未发数量，无需关闭。已发货的商品请走退货流程。"


@dataclass(eq=False)
class NothingToPick(DomainError):
    """Nothing of the orders is left to take, or the shelves hold nothing of it."""

    document: str
    code = "nothing_to_pick"
    en = "{document}: nothing to pick. All of it shipped, stands on another pick list, or is not on the shelf: check the stock."
    zh = "{document} 没有可拣的商品：已发完、已在其他拣货单上，或货架无货。请核对库存。"


@dataclass(eq=False)
class PickExceedsList(DomainError):
    """More pieces of a product than the pick list still asks for."""

    document: str
    sku: str
    asked_e4: int
    left_e4: int
    code = "pick_exceeds_list"
    en = "{document}: {asked} of {sku} ticked off, but only {left} are still to take. Put the rest back on the shelf."
    zh = "{document}：{sku} 拣了 {asked}，但只剩 {left} 待拣。请把多拿的放回货架。"


@dataclass(eq=False)
class SignedBeforeShipped(DomainError):
    """A parcel cannot be signed for before it left."""

    document: str
    on: str
    shipped_on: str
    code = "signed_before_shipped"
    en = "{document} left on {shipped_on} and cannot have been signed for on {on}. Correct the day."
    zh = "{document} 于 {shipped_on} 发出，签收日期不能为 {on}。请更正日期。"


@dataclass(eq=False)
class QuoteLapsed(DomainError):
    """The last day of the quote is over."""

    document: str
    valid_until: str
    on: str
    code = "quote_lapsed"
    en = "{document} was good until {valid_until}; on {on} it can no longer be ordered. Make a new quote."
    zh = "{document} 有效期至 {valid_until}，{on} 已不能下单。请重新报价。"


@dataclass(eq=False)
class CreditLimitExceeded(DomainError):
    """The customer would owe more than was agreed."""

    customer: str
    limit_cents: int
    owed_cents: int
    sale_cents: int
    digits: int = 2
    code = "credit_limit_exceeded"
    en = "{customer} owes {owed} of at most {limit}; {sale} more would be too much. Take payment, or ask who may exceed it."
    zh = "{customer} 已欠 {owed}，信用额度 {limit}，再赊 {sale} 将超限。请先收款，或请有权限的人超额放行。"


@dataclass(eq=False)
class NoDeposit(DomainError):
    """Less was paid ahead than is to be given back, by this means of payment or in all."""

    document: str
    asked_cents: int
    left_cents: int
    digits: int = 2
    code = "no_deposit"
    en = "{document}: {asked} to give back, but only {left} of it was paid ahead. Give back at most that; goods come by a return."
    zh = "{document}：拟退 {asked}，但预收款仅余 {left}。请不要超过；商品退款请走退货流程。"
