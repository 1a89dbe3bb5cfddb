"""What orders the catalogue: categories, levels of prices, and the prices that levels pay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from backstock.catalog.commands.arrange import (
    ArrangeCategory,
    ArrangePriceLevel,
    arrange_categories,
    arrange_price_levels,
)  # fmt: skip
from backstock.catalog.commands.set_prices import SetPrice, set_prices
from backstock.catalog.models import Category, Price, PriceLevel
from backstock.exchange_formats.kinds.kind import CODE, DAY, PRICE, SHORT, Column, Kind, Row, one_each, whole

NAMED = (
    Column(
        key="code", zh="编码", en="Code", form=CODE, required=True, example="VIP", facts=("category", "level"),
        aliases={"guanjiapo": ("编号", "分类编号"), "kingdee": ("编码", "类别编码"), "jsherp": ("编号", "名称", "类别")},
    ),
    Column(
        key="name_zh", zh="中文名称", en="Name in Chinese", form=CODE, example="会员",
        aliases={"guanjiapo": ("全名", "分类名称"), "kingdee": ("名称", "类别名称"), "jsherp": ("名称", "类别")},
    ),
    Column(key="name_en", zh="英文名称", en="Name in English", form=CODE),
    Column(key="position", zh="排序", en="Position", form=whole(0, 1_000_000), aliases={"jsherp": ("排序",)}),
)  # fmt: skip


def _category(row: Row, on: date) -> ArrangeCategory:
    return ArrangeCategory(**row.given("code", "name_zh", "name_en", "position", "parent"), on=on)


def _categories() -> Iterator[Mapping[str, Any]]:
    """List the tree from its top down, so that every parent comes in before its children."""
    below: dict[int | None, list[Category]] = {}
    for each in Category.objects.filter(archived_at=None).order_by("pk"):
        below.setdefault(each.parent_id, []).append(each)
    waiting = [("", each) for each in below.get(None, ())]
    for parent, each in waiting:
        yield {
            "code": each.code, "name_zh": each.name_zh, "name_en": each.name_en, "position": each.position,
            "parent": parent or None,
        }  # fmt: skip
        waiting += [(each.code, child) for child in below.get(each.pk, ())]


CATEGORIES = Kind(
    key="categories", zh="商品类别", en="Categories", commands=("catalog.arrange",),
    about_zh="商品类别树。上级须在下级之前。已有的编码会被更新。",
    about_en="The tree of categories, parents before children. A code that exists is changed.",
    columns=(
        *NAMED,
        Column(
            key="parent", zh="上级", en="Parent", form=CODE, note_zh="上级的编码", note_en="Its code",
            aliases={"guanjiapo": ("上级编号",), "kingdee": ("上级编码", "上级类别"), "jsherp": ("上级类别", "父级")},
        ),
    ),
    entries=one_each(arrange_categories, _category), existing=_categories,
)  # fmt: skip


def _level(row: Row, on: date) -> ArrangePriceLevel:
    return ArrangePriceLevel(**row.given("code", "name_zh", "name_en", "position"), on=on)


def _levels() -> Iterator[Mapping[str, Any]]:
    for each in PriceLevel.objects.filter(archived_at=None).order_by("pk"):
        yield {"code": each.code, "name_zh": each.name_zh, "name_en": each.name_en, "position": each.position}


PRICE_LEVELS = Kind(
    key="price-levels", zh="价格级别", en="Price levels", columns=NAMED, commands=("catalog.arrange",),
    about_zh="客户的价格级别，如会员、批发。已有的编码会被更新。",
    about_en="Levels of prices, such as members or wholesale. A code that exists is changed.",
    entries=one_each(arrange_price_levels, _level), existing=_levels,
)  # fmt: skip


def _price(row: Row, on: date) -> SetPrice:
    return SetPrice(**row.given("sku", "level", "unit", "unit_price_e6", "valid_from"), on=on)


def _prices() -> Iterator[Mapping[str, Any]]:
    known = Price.objects.filter(unit_price_e6__isnull=False, product__archived_at=None).order_by("pk")
    for sku, level, unit, price, valid_from in known.values_list(
        "product__sku", "level", "unit", "unit_price_e6", "valid_from"
    ):
        yield {"sku": sku, "level": level, "unit": unit, "unit_price_e6": price, "valid_from": valid_from}


PRICES = Kind(
    key="prices", zh="价目表", en="Price lists", commands=("catalog.set_prices",),
    about_zh="按价格级别和单位的售价，自某日起生效。级别和单位都空着就是商品自己的零售价。",
    about_en="Prices by level and unit from a day on. Without both it is the product's own price.",
    columns=(
        Column(
            key="sku", zh="货号", en="Product code", form=CODE, required=True, example="CUP-01",
            aliases={"guanjiapo": ("商品编号", "存货编号"), "kingdee": ("商品编码",), "jsherp": ("条码", "基本条码")},
        ),
        Column(key="level", zh="价格级别", en="Price level", form=CODE, example="VIP", aliases={"guanjiapo": ("价格等级",), "kingdee": ("客户等级",)}),
        Column(key="unit", zh="单位", en="Unit", form=SHORT, aliases={"guanjiapo": ("单位",), "kingdee": ("单位", "计量单位"), "jsherp": ("单位",)}),
        Column(
            key="unit_price_e6", zh="单价", en="Price", form=PRICE, required=True, example="35.00", facts=("price",),
            aliases={"guanjiapo": ("预设售价1", "批发价", "单价"), "kingdee": ("销售单价", "单价"), "jsherp": ("销售价", "零售价")},
        ),
        Column(key="valid_from", zh="生效日期", en="Valid from", form=DAY, aliases={"kingdee": ("生效日期",)}),
    ),
    entries=one_each(set_prices, _price), existing=_prices,
)  # fmt: skip
