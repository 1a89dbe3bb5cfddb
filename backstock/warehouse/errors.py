"""Refusals about what happens inside the house.

DomainError
├── SameWarehouse       same_warehouse
├── NotOnTheWay         not_on_the_way
├── RecipeRequired      recipe_required
├── KitIsNotStocked     kit_is_not_stocked
├── NotInThisCount      not_in_this_count
├── NothingCounted      nothing_counted
├── AlreadyCounting     already_counting
├── AlreadyCounted      already_counted
├── UnknownShelf        unknown_shelf
├── WarehouseInUse      warehouse_in_use
├── UnknownLot              unknown_lot
└── NotBlocked              not_blocked
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class SameWarehouse(DomainError):
    """Goods cannot go from a warehouse to itself."""

    warehouse: str
    code = "same_warehouse"
    en = "The goods are in {warehouse} already. Choose another warehouse to send them to."
    zh = "商品已在 {warehouse}，请选择另一个调入仓库。"


@dataclass(eq=False)
class NotOnTheWay(DomainError):
    """More pieces are said to have arrived than are still on the way."""

    document: str
    sku: str
    asked_e4: int
    on_the_way_e4: int
    code = "not_on_the_way"
    en = "{document}: {asked} of {sku} named, {on_the_way} on the way. Enter at most what is still on the way."
    zh = "{document}：{sku} 填写 {asked}，在途仅 {on_the_way}。请填写不超过在途的数量。"


@dataclass(eq=False)
class RecipeRequired(DomainError):
    """Nobody said what the product is made of, and it was never made before."""

    sku: str
    code = "recipe_required"
    en = "{sku} was never assembled here. Name its parts this time; they are proposed the next time."
    zh = "{sku} 尚无组装记录。请填写本次所用配件，下次将自动带出。"


@dataclass(eq=False)
class KitIsNotStocked(DomainError):
    """A kit is sold as one and lies on the shelf as its components."""

    sku: str
    code = "kit_is_not_stocked"
    en = "{sku} is a kit: it is never on the shelf itself, its components are. Name the components, or another product."
    zh = "{sku} 为套装，库存只记其组成商品。请填写组成商品，或选择其他商品。"


@dataclass(eq=False)
class NotInThisCount(DomainError):
    """The line to be counted again is not in the count."""

    document: str
    sku: str
    code = "not_in_this_count"
    en = "{sku} is not on the list of {document}. Only what is on the list can be sent back to be counted again."
    zh = "{sku} 不在 {document} 的盘点清单中。只有清单内的商品可以要求复盘。"


@dataclass(eq=False)
class NothingCounted(DomainError):
    """A count in which nothing was counted changes nothing."""

    document: str
    code = "nothing_counted"
    en = "Nothing was counted in {document} yet. Count first, or cancel it."
    zh = "{document} 尚未盘点任何商品。请先盘点，或作废。"


@dataclass(eq=False)
class UnknownShelf(DomainError):
    """No shelf of the warehouse has this code."""

    warehouse: str
    shelf: str
    code = "unknown_shelf"
    en = "{warehouse} has no shelf {shelf}. Check the label, or add the shelf to the warehouse first."
    zh = "仓库 {warehouse} 没有库位 {shelf}。请核对标签，或先添加库位。"


@dataclass(eq=False)
class WarehouseInUse(DomainError):
    """A warehouse is only put away when nothing lies in it or is on its way to it."""

    warehouse: str
    pieces_e4: int
    code = "warehouse_in_use"
    en = (
        "{warehouse} is still in use ({pieces} pieces in it, or goods on the way, an open count, or no other warehouse). "
        "Move the goods and finish the documents first."
    )
    zh = (
        "{warehouse} 仍在使用（库内 {pieces} 件，或有在途货物、未完成的盘点，或没有其他仓库）。请先移出商品并完成单据。"
    )


@dataclass(eq=False)
class AlreadyCounting(DomainError):
    """Another open count has these goods on its list."""

    document: str
    sku: str
    code = "already_counting"
    en = "{sku} is being counted in {document}. Finish that count or cancel it first, or count other goods."
    zh = "{sku} 正在 {document} 中盘点。请先完成或作废该盘点单，或盘点其他商品。"


@dataclass(eq=False)
class AlreadyCounted(DomainError):
    """A serial number is one piece, and it was counted before."""

    sku: str
    serial: str
    code = "already_counted"
    en = "{sku}: serial number {serial} was counted already. Nothing was added."
    zh = "{sku}：序列号 {serial} 已盘点过，未重复计数。"


@dataclass(eq=False)
class UnknownLot(DomainError):
    """No such lot or serial number is known of the product."""

    sku: str
    lot: str
    code = "unknown_lot"
    en = "{sku} has no lot or serial number {lot}. Check the label."
    zh = "{sku} 没有批次或序列号 {lot}。请核对标签。"


@dataclass(eq=False)
class NotBlocked(DomainError):
    """Only a block that stands is lifted."""

    sku: str
    code = "not_blocked"
    en = "None of these lots of {sku} is blocked. Open the lot to see its story."
    zh = "{sku} 的这些批次均未冻结。请打开批次查看其履历。"
