"""Refusals of the goods ledger.

DomainError
├── InsufficientStock   insufficient_stock
├── CostRequired        cost_required
└── StockBlocked        stock_blocked
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
