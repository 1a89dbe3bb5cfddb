"""Write what belongs to products: units, parts, barcodes, prices, pictures and categories, set-wise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import models

from backstock.catalog.models import Barcode, Category, KitComponent, Price, ProductImage, ProductUnit
from backstock.catalog.products import Component, LevelPrice, ProductBarcode, Unit
from backstock.core import rows


def write_units(units: Mapping[int, Sequence[Unit]]) -> None:
    """Write the other units of products by id."""
    values = [(pk, u.unit, u.numerator, u.denominator) for pk, each in units.items() for u in each]
    rows.insert(ProductUnit, ("product", "unit", "numerator", "denominator"), values)


def write_parts(kits: Mapping[int, Sequence[Component]], ids: Mapping[str, int]) -> None:
    """Write the parts of kits by id."""
    values = [(pk, ids[part.sku], part.quantity_e4) for pk, each in kits.items() for part in each]
    rows.insert(KitComponent, ("kit", "component", "quantity_e4"), values)


def write_barcodes(barcodes: Mapping[int, Sequence[ProductBarcode]], bases: Mapping[int, str]) -> None:
    """Write the barcodes of products by id; raise DuplicateCode when somebody was faster with one."""
    values = [(pk, each.code, own_unit(each.unit, bases[pk])) for pk, some in barcodes.items() for each in some]
    if values:
        rows.insert_coded(Barcode, "code", ("product", "code", "unit"), values)


def write_images(images: Mapping[int, Sequence[str]]) -> None:
    """Write the pictures of products by id, in their order."""
    values = [(pk, name, n) for pk, names in images.items() for n, name in enumerate(dict.fromkeys(names))]
    rows.insert(ProductImage, ("product", "content_hash", "position"), values)


def write_prices(prices: Iterable[tuple[int, LevelPrice, date]], bases: Mapping[int, str]) -> None:
    """Write prices with the day from which they hold, in place of those that start on the same day."""
    last = {(pk, p.level, own_unit(p.unit, bases[pk]), day): p.unit_price_e6 for pk, p, day in prices}
    made = [
        Price(product_id=pk, level=level, unit=unit, valid_from=day, unit_price_e6=price)
        for (pk, level, unit, day), price in sorted(last.items(), key=lambda each: each[0])
    ]
    if made:
        Price.objects.bulk_create(
            made,
            update_conflicts=True,
            unique_fields=["product", "level", "unit", "valid_from"],
            update_fields=["unit_price_e6"],
        )


def own_unit(unit: str, base: str) -> str:
    """Write the base unit as no unit."""
    return "" if unit == base else unit


def add_categories(codes: Iterable[str]) -> None:
    """Give the categories that products name a place in the tree, at its top, where they have none."""
    wanted = {code for code in codes if code}
    if wanted:
        missing = wanted - set(Category.objects.filter(code__in=wanted).values_list("code", flat=True))
        Category.objects.bulk_create([Category(code=code) for code in sorted(missing)], ignore_conflicts=True)


def replace(model: type[models.Model], owner: str, ids: Iterable[int]) -> None:
    """Take away the details of products that are written anew."""
    wanted = set(ids)
    if wanted:
        manager: Any = model._default_manager
        manager.filter(**{f"{owner}__in": wanted}).delete()
