"""Cases of the warehouse."""

from __future__ import annotations

from backstock.catalog.models import Product
from backstock.core.permissions import SYSTEM
from backstock.warehouse.models import Warehouse
from tests import build, build_stock
from tests.commands.cases.case import Case, Raw, command, first, fresh, fresh_lot, lines, parsed, too_many


def _blocked() -> Raw:
    sku, code = fresh_lot().split(":")
    raw = {"sku": sku, "codes": [code], "reason": "smells"}
    command("stock.block")(parsed("stock.block", raw), actor=SYSTEM)
    return raw


def _east() -> str:
    """The same second warehouse at every call: ledgers name warehouses."""
    return build_stock.SECOND if Warehouse.objects.filter(code="EAST").exists() else build_stock.second()


def _slip() -> Raw:
    sku = build.product(fresh("N"))
    number = build_stock.counting(scope="products", skus=[sku])
    return {"document": number, "lines": [{"sku": sku, "quantity_e4": build.e4(3), "unit": "pcs"}], "how": "set"}


def _counted() -> str:
    """A count of goods of which none were there and none were found."""
    raw = _slip()
    return build_stock.counted(raw["document"], (raw["lines"][0]["sku"], 0), how="set")


def _box() -> str:
    return "BOX" if Product.objects.filter(sku="BOX").exists() else build.product("BOX")


def _warehouse() -> str:
    return build_stock.second(code=fresh("W"))


CASES: dict[str, Case] = {
    "stock.block": Case(
        lambda: {"sku": (lot := fresh_lot().split(":"))[0], "codes": [lot[1]], "reason": "smells"},
        lambda raw: {**raw, "codes": ["NO"]},
        "unknown_lot",
    ),
    "stock.lift_block": Case(
        _blocked, lambda raw: {**raw, "sku": (lot := fresh_lot().split(":"))[0], "codes": [lot[1]]}, "not_blocked"
    ),
    "stock.open_warehouse": Case(
        lambda: {"code": fresh("W"), "name": "东仓", "shelves": ["1-1", "1-2"]},
        lambda raw: {**raw, "code": "MAIN"},
        "duplicate_code",
    ),
    "stock.archive_warehouse": Case(
        lambda: {"code": _warehouse()}, lambda raw: {"code": "MAIN"}, "warehouse_in_use"
    ),
    "stock.arrange_shelves": Case(
        lambda: {
            "warehouse": "MAIN", "add": [fresh("S"), "S0"], "archive": [], "homes": [{"sku": "A", "shelf": "S0"}],
        },
        lambda raw: {**raw, "homes": [{"sku": "A", "shelf": "nowhere"}]},
        "unknown_shelf",
    ),
    "stock.transfer": Case(
        lambda: {
            "source": "MAIN", "target": _east(), "lines": lines(unit="pcs", grade=""), "in_two_steps": True,
            "note": "Wu drives",
        },
        too_many,
        "insufficient_stock",
    ),
    "stock.arrive": Case(
        lambda: {
            "document": build_stock.dispatched(("A", 1), target=_east()), "lines": lines(found="arrived"),
        },
        too_many,
        "not_on_the_way",
    ),
    "stock.count": Case(
        lambda: {
            "warehouse": "MAIN", "scope": "products", "skus": [build.product(fresh("N"))], "category": "", "limit": 5,
            "note": "by Wu",
        },
        lambda raw: {**raw, "skus": ["NO"]},
        "unknown_product",
    ),
    "stock.count_goods": Case(_slip, lambda raw: first(raw, sku="NO"), "unknown_product"),
    "stock.post_count": Case(
        lambda: {"document": _counted(), "uncounted": "zero", "costs": [{"sku": "A", "unit_cost_e6": 5}]},
        lambda raw: {**raw, "document": "C999999"},
        "unknown_document",
    ),
    "stock.cancel_count": Case(
        lambda: {"document": _counted()}, lambda raw: {"document": "C999999"}, "unknown_document"
    ),
    "stock.assemble": Case(
        lambda: {
            "sku": _box(), "quantity_e4": build.e4(1), "unit": "pcs", "warehouse": "MAIN", "parts": lines(),
            "taken_apart": False, "work_cents": 100, "note": "Wu glues",
        },
        lambda raw: {**raw, "parts": lines(1_000)},
        "insufficient_stock",
    ),
    "stock.set_minimum": Case(
        lambda: {"sku": "A", "warehouse": "MAIN", "minimum_e4": build.e4(2), "target_e4": build.e4(9)},
        lambda raw: {**raw, "target_e4": 0},
        "invalid_quantity",
    ),
    "stock.adjust": Case(
        lambda: {
            "warehouse": "MAIN", "lines": lines(unit="pcs", unit_cost_e6=build.e6(60)), "reason": "found", "note": "by Wu",
        },
        lambda raw: first(raw, quantity_e4=-build.e4(1_000)),
        "insufficient_stock",
    ),
}  # fmt: skip
