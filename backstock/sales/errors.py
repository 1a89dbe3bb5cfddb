"""Refusals about sales.

DomainError
├── ItemNotInSale        item_not_in_sale
├── PaymentExceedsOwed   payment_exceeds_owed
├── NothingToInvoice     nothing_to_invoice
└── ShipmentExceedsOrder shipment_exceeds_order
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
