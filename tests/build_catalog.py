"""Reach states of the catalogue by commands, in normal notation."""

from __future__ import annotations

from datetime import date
from typing import Any

from backstock.catalog.commands.archive import ArchiveProduct, archive_product
from backstock.catalog.commands.arrange import (
    ArrangeCategory,
    ArrangePriceLevel,
    ArrangeTaxClass,
    arrange_categories,
    arrange_price_levels,
    arrange_tax_classes,
)
from backstock.catalog.commands.revise import revise_product
from backstock.catalog.commands.set_prices import SetPrice, set_prices
from backstock.core.permissions import SYSTEM
from tests.build import DAY, Number, e6


def category(code: str, parent: str = "", **more: Any) -> str:
    """Add a category to the tree, or move it."""
    return arrange_categories(ArrangeCategory(code=code, parent=parent, on=DAY, **more), actor=SYSTEM).document


def level(code: str, **more: Any) -> str:
    """Add a level of prices."""
    return arrange_price_levels(ArrangePriceLevel(code=code, on=DAY, **more), actor=SYSTEM).document


def tax_class(code: str, rate: Number, **more: Any) -> str:
    """Add a class of taxes, or change its rate."""
    wanted = ArrangeTaxClass(code=code, rate_e6=e6(rate), on=DAY, **more)
    return arrange_tax_classes(wanted, actor=SYSTEM).document


def price(sku: str, price: Number | None, level: str = "", unit: str = "", since: date | None = None) -> None:
    """Set a price, or end one."""
    asked = None if price is None else e6(price)
    set_prices(SetPrice(sku=sku, level=level, unit=unit, unit_price_e6=asked, valid_from=since, on=DAY), actor=SYSTEM)


def revised(sku: str, **fields: Any) -> str:
    """Change a product; fields as the API takes them."""
    return revise_product(revise_product.parse({"sku": sku, "on": DAY.isoformat(), **fields}), actor=SYSTEM).document


def archived(sku: str, archived: bool = True) -> str:
    """Archive a product, or bring it back."""
    return archive_product(ArchiveProduct(sku=sku, archived=archived, on=DAY), actor=SYSTEM).document
