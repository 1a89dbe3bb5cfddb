"""Cases of goods and partners."""

from __future__ import annotations

from typing import Any

from tests import build
from tests.cast import SUN
from tests.commands.cases.case import Case, Raw, fresh


def _product() -> Raw:
    return {
        "sku": fresh("P"), "name": "茶", "spec": "50g", "brand": "山", "category": "food", "unit": "pcs", "unit_decimals": 2,
        "price_e6": build.e6(9), "tax_rate_e6": 130_000, "tax_class": "", "shelf_life_days": 365, "tracking": "none",
        "returnable": True, "units": [{"unit": "box", "numerator": 12, "denominator": 1}],
        "kit": [{"sku": "A", "quantity_e4": 10_000}], "barcodes": [{"code": fresh("B"), "unit": "box"}],
        "prices": [{"level": "", "unit": "box", "unit_price_e6": build.e6(100)}], "images": [],
    }  # fmt: skip


def _revision() -> Raw:
    wanted = _product() | {"sku": build.product(fresh("V"), kit={"A": 2})}
    return wanted | {"shelf_life_days": 0}


def _price() -> Raw:
    return {
        "sku": build.product(fresh("W"), units={"box": 12}), "level": "", "unit": "box", "unit_price_e6": build.e6(99),
        "valid_from": "2026-02-01",
    }  # fmt: skip


def _named(**more: Any) -> Raw:
    return {"code": fresh("N"), "name_zh": "名", "name_en": "name", "position": 3, "archived": False, **more}


def _partner() -> Raw:
    return {
        "code": fresh("C"), "is_customer": True, "is_supplier": False, "name": "孙", "phone": "1", "email": "a@b",
        "address": "x", "tax_number": "91", "level": "vip", "credit_limit_cents": 5, "payment_days": 30, "notes": "n",
        "contacts": [{"name": "行者", "role": "boss", "phone": "2", "email": "c@d", "is_default": True}],
        "addresses": [{"text": "洞", "label": "home", "recipient": "孙", "phone": "3", "is_default": True}],
    }  # fmt: skip


CASES: dict[str, Case] = {
    "catalog.define": Case(_product, lambda raw: {**raw, "sku": "A"}, "duplicate_code"),
    "catalog.revise": Case(_revision, lambda raw: {**raw, "sku": "NO"}, "unknown_product"),
    "catalog.archive": Case(
        lambda: {"sku": build.product(fresh("X")), "archived": True},
        lambda raw: {**raw, "archived": False},
        "transition_not_allowed",
    ),
    "catalog.set_prices": Case(_price, lambda raw: {**raw, "level": "NO"}, "unknown_price_level"),
    "catalog.arrange": Case(lambda: _named(parent=""), lambda raw: {**raw, "parent": "NO"}, "unknown_category"),
    "catalog.arrange_tax_classes": Case(
        lambda: _named(rate_e6=130_000), lambda raw: {**raw, "rate_e6": -1}, "invalid_input"
    ),
    "catalog.arrange_price_levels": Case(_named, lambda raw: {**raw, "position": -1}, "invalid_input"),
    "partners.register": Case(_partner, lambda raw: {**raw, "code": SUN}, "duplicate_code"),
    "partners.revise": Case(
        lambda: _partner() | {"code": build.customer(fresh("E"))},
        lambda raw: {**raw, "code": "nobody"},
        "unknown_partner",
    ),
    "partners.archive": Case(
        lambda: {"code": build.customer(fresh("E")), "archived": True},
        lambda raw: {**raw, "archived": False},
        "transition_not_allowed",
    ),
    "partners.merge": Case(
        lambda: {"code": build.customer(fresh("E")), "into": build.customer(fresh("E"))},
        lambda raw: {**raw, "into": raw["code"]},
        "merge_into_itself",
    ),
    "partners.erase": Case(
        lambda: {"code": build.customer(fresh("E"))}, lambda raw: {"code": "nobody"}, "unknown_partner"
    ),
}  # fmt: skip
