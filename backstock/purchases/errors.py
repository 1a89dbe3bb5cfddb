"""Refusals about purchases.

DomainError
├── ItemNotInOrder              item_not_in_order
├── ItemNotInReceipt            item_not_in_receipt
├── ReceiptExceedsOrder         receipt_exceeds_order
├── QuantityBelowReceived       quantity_below_received
├── WrongSupplier               wrong_supplier
├── QuantityExceedsUninvoiced   quantity_exceeds_uninvoiced
├── QuantityExceedsReceipt      quantity_exceeds_receipt
└── LotNotInReceipt             lot_not_in_receipt
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class ItemNotInOrder(DomainError):
    """The order holds no such item."""

    sku: str
    document: str
    code = "item_not_in_order"
    en = "{sku} was not ordered with {document}. Check the label, or receive it as a delivery of its own."
    zh = "{document} 没有订购 {sku}。请核对标签，或另做一张采购入库单。"


@dataclass(eq=False)
class ItemNotInReceipt(DomainError):
    """The receipt holds no such item."""

    sku: str
    document: str
    code = "item_not_in_receipt"
    en = "{sku} did not come with {document}. Find the receipt with which it came."
    zh = "{document} 中没有 {sku}。请查找实际到货的入库单。"


@dataclass(eq=False)
class ReceiptExceedsOrder(DomainError):
    """More came than was ordered and is tolerated."""

    sku: str
    asked_e4: int
    left_e4: int
    document: str
    code = "receipt_exceeds_order"
    en = "{sku}: {asked} arrived, {document} takes {left} more at most. Raise the order first, or send the rest back."
    zh = "{sku}：到货 {asked}，{document} 最多还可收 {left}。请先修改订单，或拒收多余部分。"


@dataclass(eq=False)
class QuantityBelowReceived(DomainError):
    """An order cannot ask for less than came already."""

    sku: str
    asked_e4: int
    received_e4: int
    code = "quantity_below_received"
    en = "{sku}: {received} came already, the order cannot be lowered to {asked}. Close it if the rest will not come."
    zh = "{sku}：已到货 {received}，订购数量不能改为 {asked}。如其余不再到货，请关闭订单。"


@dataclass(eq=False)
class WrongSupplier(DomainError):
    """The receipt is another supplier's."""

    document: str
    supplier: str
    code = "wrong_supplier"
    en = "{document} was not delivered by {supplier}. Check whose invoice this is."
    zh = "{document} 不是 {supplier} 的到货。请核对发票属于哪家供应商。"


@dataclass(eq=False)
class QuantityExceedsUninvoiced(DomainError):
    """More is billed than came and was not billed yet."""

    document: str
    line: int
    asked_e4: int
    uninvoiced_e4: int
    code = "quantity_exceeds_uninvoiced"
    en = "{document} line {line}: {asked} billed, {uninvoiced} came and is not billed yet. Ask the supplier about the rest."
    zh = "{document} 第 {line} 行：发票数量 {asked}，未开票到货只有 {uninvoiced}。多出部分请与供应商核对。"


@dataclass(eq=False)
class QuantityExceedsReceipt(DomainError):
    """More goes back than came with the receipt and is still ours."""

    document: str
    sku: str
    asked_e4: int
    kept_e4: int
    code = "quantity_exceeds_receipt"
    en = "{sku}: {asked} to send back, {kept} of {document} did not go back yet. Send others back from their own receipt."
    zh = "{sku}：要退 {asked}，{document} 还可退 {kept}。其余请从各自的入库单退货。"


@dataclass(eq=False)
class LotNotInReceipt(DomainError):
    """The lot or serial number did not come with this receipt."""

    document: str
    sku: str
    lot: str
    code = "lot_not_in_receipt"
    en = "{sku}: {lot} did not come with {document}. Check the label, or find the receipt with which it came."
    zh = "{sku}：{lot} 不是随 {document} 到货的。请核对标签，或查找其入库单。"
