"""Products with their units and kits.

Headers of jshERP are those of its own Excel export (基本条码 is its only code of a product; 序列号 and 批号 are marked 1 or 0);
those of 管家婆 and 金蝶 are what their lists show, from own knowledge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from backstock.catalog.commands.define import Component, DefineProduct, Unit, define_product
from backstock.catalog.models import Barcode, KitComponent, Product, ProductUnit
from backstock.catalog.products import ProductBarcode
from backstock.core.amounts import E6
from backstock.exchange_formats.kinds.kind import (
    CODE,
    LABELLED,
    PIECES,
    PRICE,
    RATE,
    RATIOS,
    SHORT,
    YES,
    Column,
    Kind,
    Row,
    choice,
    one_each,
    whole,
)  # fmt: skip

COLUMNS = (
    Column(
        key="sku", zh="货号", en="Product code", form=CODE, required=True, example="CUP-01",
        aliases={
            "guanjiapo": ("商品编号", "存货编号", "商品编码"), "kingdee": ("商品编码", "商品编号", "物料编码", "代码"),
            "jsherp": ("基本条码", "条码", "基础条码"),
        },
    ),
    Column(
        key="name", zh="名称", en="Name", example="青花瓷茶杯", facts=("name",),
        aliases={"guanjiapo": ("商品全名", "存货全名", "商品名称"), "kingdee": ("商品名称", "物料名称"), "jsherp": ("名称", "商品名称")},
    ),
    Column(
        key="spec", zh="规格", en="Specification", example="200ml",
        aliases={"guanjiapo": ("规格",), "kingdee": ("规格型号",), "jsherp": ("规格",)},
    ),
    Column(
        key="brand", zh="品牌", en="Brand", form=CODE,
        aliases={"guanjiapo": ("品牌",), "kingdee": ("品牌",), "jsherp": ("品牌", "制造商")},
    ),
    Column(
        key="category", zh="类别", en="Category", form=CODE, example="茶具",
        aliases={"guanjiapo": ("商品分类", "所属分类"), "kingdee": ("商品类别", "物料类别"), "jsherp": ("类别",)},
    ),
    Column(
        key="unit", zh="基本单位", en="Base unit", form=SHORT, example="个",
        aliases={"guanjiapo": ("基本单位", "单位"), "kingdee": ("计量单位", "单位"), "jsherp": ("基本单位", "单位", "基础单位")},
    ),
    Column(
        key="unit_decimals", zh="数量小数位", en="Decimals of quantities", form=whole(0, 4), example="0",
        note_zh="0 至 4；按件卖填 0", note_en="0 to 4; 0 for pieces",
    ),
    Column(
        key="units", zh="其他单位", en="Other units", form=RATIOS, example="箱=12",
        note_zh="单位=含多少基本单位；多个用分号隔开", note_en="unit=how many base units; several with semicolons",
    ),
    Column(
        key="barcodes", zh="条码", en="Barcodes", form=LABELLED, example="6901234567892; 箱=16901234567899", facts=("barcode",),
        note_zh="其他单位的条码写成 单位=条码；多个用分号隔开", note_en="unit=barcode for other units; several with semicolons",
        aliases={"guanjiapo": ("条码", "商品条码", "条形码"), "kingdee": ("条形码", "商品条码"), "jsherp": ("基本条码", "条码", "基础条码")},
    ),
    Column(
        key="price_e6", zh="零售价", en="Price", form=PRICE, example="39.90",
        aliases={
            "guanjiapo": ("零售价", "预设售价1", "预设售价一"), "kingdee": ("零售价", "销售单价", "预计销售价"),
            "jsherp": ("零售价", "销售价"),
        },
    ),
    Column(
        key="tax_rate_e6", zh="税率", en="Tax rate", form=RATE, example="13%",
        aliases={"guanjiapo": ("税率", "税率(%)"), "kingdee": ("税率", "税率(%)"), "jsherp": ("税率", "税率(%)")},
    ),
    Column(
        key="tax_class", zh="税类", en="Class of taxes", form=SHORT,
        note_zh="填了税率就不必填", note_en="Not needed where a rate is stated",
    ),
    Column(
        key="tracking", zh="追踪方式", en="Tracking", example="none",
        form=choice(none=("不追踪", "无"), lot=("批次", "批号"), serial=("序列号", "串号")),
        note_zh="不追踪、批次 或 序列号", note_en="none, lot or serial",
    ),
    Column(
        key="shelf_life_days", zh="保质期(天)", en="Shelf life (days)", form=whole(1, 36_500),
        aliases={"guanjiapo": ("有效期(天)", "保质期"), "kingdee": ("保质期天数", "保质期"), "jsherp": ("保质期(天)", "保质期")},
    ),
    Column(key="returnable", zh="可退货", en="Returnable", form=YES, example="1"),
    Column(
        key="kit", zh="套装组成", en="Parts of a kit", form=PIECES,
        note_zh="货号=数量；多个用分号隔开。组成商品须已存在", note_en="code=quantity; several with semicolons. Parts must exist",
    ),
    Column(key="unit2", zh="副单位", en="Second unit", form=SHORT, foreign=True, aliases={"jsherp": ("副单位",), "guanjiapo": ("辅助单位1", "辅助单位")}),
    Column(key="ratio2", zh="比例", en="Its ratio", form=PRICE, foreign=True, aliases={"jsherp": ("比例",), "guanjiapo": ("辅助单位1换算率", "换算关系")}),
    Column(key="barcode2", zh="副条码", en="Barcode of the second unit", form=CODE, foreign=True, aliases={"jsherp": ("副条码",), "guanjiapo": ("辅助单位1条码",)}),
    Column(key="is_serial", zh="管理序列号", en="Has serial numbers", form=YES, foreign=True, aliases={"jsherp": ("序列号",), "guanjiapo": ("序列号管理",)}),
    Column(key="is_lot", zh="管理批号", en="Has lots", form=YES, foreign=True, aliases={"jsherp": ("批号",), "guanjiapo": ("批号管理",)}),
)  # fmt: skip


def _make(row: Row, on: date) -> DefineProduct:
    units = list(row["units"] or ())
    if row["unit2"] and row["ratio2"]:
        units.append((row["unit2"], row["ratio2"]))
    stated = row.given(
        "sku", "name", "spec", "brand", "category", "unit", "unit_decimals", "price_e6", "tax_rate_e6", "tax_class",
        "tracking", "shelf_life_days", "returnable",
    )  # fmt: skip
    if "tracking" not in stated:
        stated["tracking"] = "serial" if row["is_serial"] else "lot" if row["is_lot"] else "none"
    barcodes = list(row["barcodes"] or ())
    if row["barcode2"]:
        barcodes.append((row["unit2"] or "", row["barcode2"]))
    return DefineProduct(
        **stated,
        barcodes=tuple(ProductBarcode(unit=unit, code=code) for unit, code in barcodes),
        units=tuple(_unit(name, ratio) for name, ratio in units),
        kit=tuple(Component(sku=sku, quantity_e4=quantity) for sku, quantity in row["kit"] or ()),
        on=on,
    )


def _unit(name: str, ratio_e6: int) -> Unit:
    whole, rest = divmod(ratio_e6, E6)
    return Unit(unit=name, numerator=ratio_e6 if rest else whole, denominator=E6 if rest else 1)


def _existing() -> Iterator[Mapping[str, Any]]:
    units: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for pk, unit, over, under in ProductUnit.objects.order_by("pk").values_list(
        "product_id", "unit", "numerator", "denominator"
    ):
        units[pk].append((unit, over * E6 // under))
    parts: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for pk, sku, quantity in KitComponent.objects.order_by("pk").values_list("kit_id", "component__sku", "quantity_e4"):
        parts[pk].append((sku, quantity))
    barcodes: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for pk, unit, code in Barcode.objects.order_by("pk").values_list("product_id", "unit", "code"):
        barcodes[pk].append((unit, code))
    # Kits last: their parts come in before them.
    for product in Product.objects.filter(archived_at=None).order_by("is_kit", "pk").iterator():
        yield {
            **{column.key: getattr(product, column.key, None) for column in COLUMNS},
            "tax_rate_e6": product.tax_rate_e6 if product.has_own_tax_rate else None,
            "barcodes": tuple(barcodes[product.pk]),
            "units": tuple(units[product.pk]), "kit": tuple(parts[product.pk]),
        }  # fmt: skip


PRODUCTS = Kind(
    key="products", zh="商品", en="Products", columns=COLUMNS, commands=("catalog.define",),
    about_zh="商品档案：货号、名称、单位、价格、税率、批次或序列号追踪、套装。",
    about_en="The catalogue: code, name, units, price, tax, lots or serial numbers, kits.",
    entries=one_each(define_product, _make), existing=_existing,
)  # fmt: skip
