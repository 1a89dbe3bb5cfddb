"""Put products into the catalogue."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.models import KitComponent, Product, ProductUnit
from backstock.core import rows
from backstock.core.amounts import E6, MAX_PRICE_E6, MAX_QUANTITY_E4
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import DuplicateCode, DuplicateLine, UnknownProduct

Code = Annotated[str, Field(min_length=1, max_length=60)]


@typed(frozen=True, kw_only=True, config=STRICT)
class Unit:
    """Another unit as a ratio to the base unit."""

    unit: Annotated[str, Field(min_length=1, max_length=20)]
    numerator: Annotated[int, Field(gt=0, le=10**9)]
    denominator: Annotated[int, Field(gt=0, le=10**9)] = 1


@typed(frozen=True, kw_only=True, config=STRICT)
class Component:
    """A part of a kit."""

    sku: Code
    quantity_e4: Annotated[int, Field(gt=0, le=MAX_QUANTITY_E4)]


@typed(frozen=True, kw_only=True, config=STRICT)
class DefineProduct(Input):
    """A product as the catalogue keeps it."""

    sku: Code
    name: Annotated[str, Field(max_length=200)] = ""
    spec: Annotated[str, Field(max_length=200)] = ""
    brand: Annotated[str, Field(max_length=60)] = ""
    category: Annotated[str, Field(max_length=60)] = ""
    unit: Annotated[str, Field(min_length=1, max_length=20)] = "pcs"
    unit_decimals: Annotated[int, Field(ge=0, le=4)] = 0
    price_e6: Annotated[int, Field(ge=0, le=MAX_PRICE_E6)] = 0
    # Its own rate; without one it has the rate of its class of taxes.
    tax_rate_e6: Annotated[int, Field(ge=0, le=E6)] | None = None
    tax_class: Annotated[str, Field(max_length=20)] = ""
    shelf_life_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    tracking: Literal["none", "lot", "serial"] = "none"
    returnable: bool = True
    units: tuple[Unit, ...] = ()
    kit: tuple[Component, ...] = ()


@command("catalog.define", DefineProduct)
def define_product(batch: Batch[DefineProduct]) -> None:
    """Add products; a code that exists is refused."""
    taken = set(Product.objects.filter(sku__in=[i.input.sku for i in batch.open]).values_list("sku", flat=True))
    parts = {part.sku for item in batch.open for part in item.input.kit}
    known = dict(Product.objects.filter(sku__in=parts, is_kit=False).values_list("sku", "pk"))
    fresh: set[str] = set()
    # Kits last: their parts may stand anywhere in the batch.
    for item in sorted(batch.open, key=lambda each: bool(each.input.kit)):
        with batch.attempt(item):
            if item.input.sku in taken:
                raise DuplicateCode(field="sku", value=item.input.sku)
            _check_details(item.input, known.keys() | fresh)
            taken.add(item.input.sku)
            if not item.input.kit:
                fresh.add(item.input.sku)
            item.document = item.input.sku
            item.answer = {"sku": item.input.sku}
    batch.log()
    known |= _write_products([item.input for item in batch.open])
    _write_details([item.input for item in batch.open], known)


def _check_details(product: DefineProduct, parts: set[str]) -> None:
    """Refuse a unit or part that stands twice, and a part that is no plain product: kits do not hold kits."""
    names = [product.unit, *(each.unit for each in product.units)]
    for name in names:
        if names.count(name) > 1:
            raise DuplicateCode(field="unit", value=name)
    skus = [part.sku for part in product.kit]
    for sku in skus:
        if sku not in parts:
            raise UnknownProduct(sku=sku)
        if skus.count(sku) > 1:
            raise DuplicateLine(sku=sku)


def _write_products(inputs: list[DefineProduct]) -> dict[str, int]:
    fields = (
        "sku", "name", "spec", "brand", "category", "unit", "unit_decimals", "price_e6", "tax_rate_e6", "tax_class",
        "has_own_tax_rate", "shelf_life_days", "tracking", "returnable", "is_kit",
    )  # fmt: skip
    ids = rows.insert_coded(
        Product,
        "sku",
        fields,
        [
            (
                p.sku, p.name or p.sku, p.spec, p.brand, p.category, p.unit, p.unit_decimals, p.price_e6,
                p.tax_rate_e6 or 0, p.tax_class, p.tax_rate_e6 is not None, p.shelf_life_days, p.tracking, p.returnable,
                bool(p.kit),
            )
            for p in inputs
        ],
    )  # fmt: skip
    return {p.sku: pk for p, pk in zip(inputs, ids, strict=True)}


def _write_details(inputs: list[DefineProduct], ids: dict[str, int]) -> None:
    unit_rows = [(ids[p.sku], u.unit, u.numerator, u.denominator) for p in inputs for u in p.units]
    rows.insert(ProductUnit, ("product", "unit", "numerator", "denominator"), unit_rows)
    part_rows = [(ids[p.sku], ids[c.sku], c.quantity_e4) for p in inputs for c in p.kit]
    rows.insert(KitComponent, ("kit", "component", "quantity_e4"), part_rows)
