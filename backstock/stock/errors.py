"""Refusals of the goods ledger.

DomainError
├── InsufficientStock   insufficient_stock
├── CostRequired        cost_required
├── StockBlocked        stock_blocked
└── StockReserved       stock_reserved
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class InsufficientStock(DomainError):
    """The pieces are not there, or are not for sale."""

    sku: str
    asked_e4: int
    available_e4: int
    code = "insufficient_stock"
    en = "{sku}: {asked} wanted, {available} there. Take fewer, another warehouse, or book the goods in first."
    zh = "{sku}：需要 {asked}，现有 {available}。请减少数量、换仓库，或先办理入库。"


@dataclass(eq=False)
class CostRequired(DomainError):
    """Goods without a history need a stated cost."""

    sku: str
    code = "cost_required"
    en = "{sku} has no cost yet. State the unit cost at which it comes in."
    zh = "{sku} 尚无成本，请填写入库单位成本。"


@dataclass(eq=False)
class StockBlocked(DomainError):
    """A lot or serial number that is blocked neither leaves nor goes on the shelf."""

    sku: str
    code = "stock_blocked"
    en = "{sku} holds pieces that are blocked, by a recall or by hand. Take another lot, or have the block lifted."
    zh = "{sku} 所含批次或序列号已被冻结（召回或人工冻结）。请换其他批次，或先解除冻结。"


@dataclass(eq=False)
class StockReserved(DomainError):
    """The pieces are there, and others wait for them."""

    sku: str
    asked_e4: int
    free_e4: int
    reserved_e4: int
    code = "stock_reserved"
    en = (
        "{sku}: {asked} wanted, {free} free; {reserved} on this shelf wait for exchanges. "
        "Take fewer, or let a supervisor release the goods on the page of the exchange."
    )
    zh = (
        "{sku}：需要 {asked}，可用 {free}；该仓库有 {reserved} 已为换货预留。请减少数量，或请主管在换货单页面解除预留。"
    )
