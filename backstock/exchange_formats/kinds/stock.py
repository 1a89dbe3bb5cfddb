"""Warehouses with their shelves, and what lay in them on the first day, with its cost and the supplier it came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from backstock.catalog.models import Lot, Product
from backstock.core.amounts import E4, half_up
from backstock.core.models import Company
from backstock.exchange_formats import cells
from backstock.exchange_formats.kinds.kind import (
    CODE,
    CODES,
    DAY,
    PRICE,
    QUANTITY,
    SHORT,
    UNKNOWN_SUPPLIER,
    Column,
    Entry,
    Form,
    Kind,
    Row,
    Step,
    one_each,
)  # fmt: skip
from backstock.partners.commands.register import RegisterPartner, register_partner
from backstock.partners.models import Partner
from backstock.purchases.commands.receive import PurchaseReceiptLine, ReceivePurchase, receive_purchase
from backstock.stock.queries import sellable_pieces
from backstock.warehouse.commands.open import OpenWarehouse, open_warehouse
from backstock.warehouse.models import Shelf, Warehouse

WAREHOUSE_CODE = Form(cells.line(40))


def _open(row: Row, on: date) -> OpenWarehouse:
    return OpenWarehouse(**row.given("code", "name", "shelves"), on=on)


def _warehouses() -> Iterator[Mapping[str, Any]]:
    shelves: dict[int, list[str]] = defaultdict(list)
    for pk, code in Shelf.objects.filter(archived_at=None).order_by("pk").values_list("warehouse_id", "code"):
        shelves[pk].append(code)
    for each in Warehouse.objects.filter(archived_at=None).order_by("pk"):
        yield {"code": each.code, "name": each.name, "shelves": tuple(shelves[each.pk])}


WAREHOUSES = Kind(
    key="warehouses", zh="仓库与库位", en="Warehouses and shelves", commands=("stock.open_warehouse",),
    about_zh="仓库及其库位。", about_en="Warehouses and their shelves.",
    columns=(
        Column(
            key="code", zh="仓库编码", en="Warehouse", form=WAREHOUSE_CODE, required=True, example="EAST", facts=("warehouse",),
            aliases={"guanjiapo": ("仓库编号",), "kingdee": ("仓库编码", "仓库编号"), "jsherp": ("仓库名称",)},
        ),
        Column(
            key="name", zh="仓库名称", en="Name", form=Form(cells.line(100)), example="东区仓",
            aliases={"guanjiapo": ("仓库全名",), "kingdee": ("仓库名称",), "jsherp": ("仓库名称",)},
        ),
        Column(
            key="shelves", zh="库位", en="Shelves", form=CODES, example="A-01; A-02",
            note_zh="多个用分号隔开", note_en="Several with semicolons", aliases={"guanjiapo": ("货位",)},
        ),
    ),
    entries=one_each(open_warehouse, _open), existing=_warehouses,
)  # fmt: skip


def _stock(rows: Sequence[Row], on: date) -> Iterator[Entry]:
    if any(not row["supplier"] for row in rows) and not Partner.objects.filter(code=UNKNOWN_SUPPLIER).exists():
        unknown = RegisterPartner(code=UNKNOWN_SUPPLIER, is_supplier=True, name="期初 Opening", on=on)
        yield Entry([], [Step(register_partner, lambda _: unknown)])
    for row in rows:
        yield Entry([row], [Step(receive_purchase, _receipt(row, on))])


def _receipt(row: Row, on: date) -> Any:
    def make(_: str) -> ReceivePurchase:
        serials = tuple(row["serials"] or ())
        if row["serial"]:
            serials = (*serials, row["serial"])
        line = PurchaseReceiptLine(
            sku=row["sku"], quantity_e4=row["quantity_e4"], unit_cost_e6=row["unit_cost_e6"], serials=serials,
            **row.given("unit", "lot", "made_on", "expires_on"),
        )  # fmt: skip
        return ReceivePurchase(
            supplier=row["supplier"] or UNKNOWN_SUPPLIER, warehouse=row["warehouse"], lines=(line,), opening=True,
            reference=row["reference"] or "", on=on,
        )  # fmt: skip

    return make


def _on_hand() -> Iterator[Mapping[str, Any]]:
    """List what lies on the shelves at its share of the value, a row per product, warehouse and lot or serial."""
    digits = Company.objects.values_list("currency_digits", flat=True).first() or 0
    products = Product.objects.in_bulk()
    lots = Lot.objects.in_bulk()
    suppliers = dict(Partner.objects.filter(is_supplier=True).values_list("pk", "code"))
    warehouses = dict(Warehouse.objects.values_list("pk", "code"))
    for product_id, lot_id, warehouse_id, quantity_e4, value_cents in sellable_pieces():
        lot, product = lots.get(lot_id), products[product_id]
        is_serial = product.tracking == "serial"
        yield {
            "sku": product.sku, "warehouse": warehouses[warehouse_id], "quantity_e4": quantity_e4,
            "unit_cost_e6": half_up(value_cents * E4 * 10**6, quantity_e4 * 10**digits),
            "lot": lot.code if lot and not is_serial else None, "serial": lot.code if lot and is_serial else None,
            "made_on": lot.made_on if lot else None, "expires_on": lot.expires_on if lot else None,
            "supplier": suppliers.get(lot.supplier_id) if lot else None,
        }  # fmt: skip


OPENING_STOCK = Kind(
    key="opening-stock", zh="期初库存", en="Opening stock", commands=("purchases.receive", "partners.register"),
    about_zh="启用日的库存：按仓库、批次、序列号，带成本单价、效期和所属供应商。",
    about_en="What is on the shelves on the first day: by warehouse, lot and serial number, with cost, dates and its supplier.",
    columns=(
        Column(
            key="sku", zh="货号", en="Product code", form=CODE, required=True, example="CUP-01",
            aliases={"guanjiapo": ("商品编号", "存货编号"), "kingdee": ("商品编码", "物料编码"), "jsherp": ("条码", "基本条码")},
        ),
        Column(
            key="warehouse", zh="仓库", en="Warehouse", form=WAREHOUSE_CODE, example="MAIN",
            note_zh="空着就是第一个仓库", note_en="Empty: the first one",
            aliases={"guanjiapo": ("仓库编号", "仓库"), "kingdee": ("仓库编码", "仓库"), "jsherp": ("仓库",)},
        ),
        Column(
            key="quantity_e4", zh="数量", en="Quantity", form=QUANTITY, required=True, example="120", facts=("quantity", "asked", "available"),
            aliases={"guanjiapo": ("库存数量", "期初数量", "数量"), "kingdee": ("期初数量", "库存数量", "数量"), "jsherp": ("库存", "当前库存", "初始库存")},
        ),
        Column(
            key="unit", zh="单位", en="Unit", form=SHORT, example="个",
            aliases={"guanjiapo": ("单位", "基本单位"), "kingdee": ("计量单位", "单位"), "jsherp": ("单位",)},
        ),
        Column(
            key="unit_cost_e6", zh="成本单价", en="Unit cost", form=PRICE, required=True, example="18.50",
            aliases={"guanjiapo": ("成本均价", "成本单价"), "kingdee": ("单位成本", "期初单位成本"), "jsherp": ("采购价", "单价", "成本价")},
        ),
        Column(
            key="lot", zh="批号", en="Lot", form=CODE,
            aliases={"guanjiapo": ("批号",), "kingdee": ("批次", "批号"), "jsherp": ("批号",)},
        ),
        Column(
            key="serial", zh="序列号", en="Serial number", form=CODE, facts=("serial", "given"),
            aliases={"guanjiapo": ("序列号",), "kingdee": ("序列号",), "jsherp": ("序列号",)},
        ),
        Column(
            key="serials", zh="多个序列号", en="Serial numbers", form=CODES, note_zh="多个用分号隔开", note_en="Several with semicolons",
        ),
        Column(key="made_on", zh="生产日期", en="Made on", form=DAY, aliases={"guanjiapo": ("生产日期",), "kingdee": ("生产日期",), "jsherp": ("生产日期",)}),
        Column(
            key="expires_on", zh="有效期至", en="Expires on", form=DAY,
            aliases={"guanjiapo": ("到期日期", "有效期至"), "kingdee": ("有效期至", "到期日"), "jsherp": ("有效期",)},
        ),
        Column(
            key="supplier", zh="供应商", en="Supplier", form=CODE, facts=("partner",), example="",
            note_zh="编码；不知道就空着", note_en="Its code; empty where nobody knows", aliases={"guanjiapo": ("供应商编号",), "kingdee": ("供应商编码",), "jsherp": ("供应商",)},
        ),
        Column(key="reference", zh="凭据", en="Reference", form=CODE),
    ),
    entries=_stock, existing=_on_hand,
)  # fmt: skip
