"""Put products into the catalogue."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog import writing
from backstock.catalog.checking import Known, check_barcodes, check_parts, check_units
from backstock.catalog.lines import Code
from backstock.catalog.models import Product
from backstock.catalog.products import Component, LevelPrice, Pictures, PriceE6, ProductBarcode, Unit, UnitName
from backstock.catalog.search import write_words
from backstock.core import rows
from backstock.core.amounts import E6
from backstock.core.commands import STRICT, Batch, Input, command

__all__ = ["Component", "DefineProduct", "Unit", "define_product"]


@typed(frozen=True, kw_only=True, config=STRICT)
class DefineProduct(Input):
    """A product as the catalogue keeps it."""

    sku: Code
    name: Annotated[str, Field(max_length=200)] = ""
    spec: Annotated[str, Field(max_length=200)] = ""
    brand: Annotated[str, Field(max_length=60)] = ""
    category: Annotated[str, Field(max_length=60)] = ""
    unit: UnitName = "pcs"
    unit_decimals: Annotated[int, Field(ge=0, le=4)] = 0
    price_e6: PriceE6 = 0
    # Its own rate; without one it has the rate of its class of taxes.
    tax_rate_e6: Annotated[int, Field(ge=0, le=E6)] | None = None
    tax_class: Annotated[str, Field(max_length=60)] = ""
    shelf_life_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    tracking: Literal["none", "lot", "serial"] = "none"
    returnable: bool = True
    units: tuple[Unit, ...] = ()
    kit: tuple[Component, ...] = ()
    barcodes: tuple[ProductBarcode, ...] = ()
    prices: tuple[LevelPrice, ...] = ()
    images: Pictures = ()


@command("catalog.define", DefineProduct)
def define_product(batch: Batch[DefineProduct]) -> None:
    """Add products; a code that exists is refused."""
    inputs = [item.input for item in batch.open]
    known = Known(batch, inputs, [each.sku for each in inputs])
    parts = {part.sku for each in inputs for part in each.kit}
    plain = dict(Product.objects.filter(sku__in=parts, is_kit=False).values_list("sku", "pk")) if parts else {}
    plain_now: set[str] = set()
    # Kits last: their parts may stand anywhere in the batch.
    for item in sorted(batch.open, key=lambda each: bool(each.input.kit)):
        with batch.attempt(item):
            said = item.input
            known.refuse_sku(said.sku)
            check_units(said.unit, said.units)
            check_parts(said.kit, plain.keys() | plain_now)
            check_barcodes(said.barcodes)
            known.check(said, said.unit, said.units)
            known.skus.add(said.sku)
            if not said.kit:
                plain_now.add(said.sku)
            item.document, item.answer = said.sku, {"sku": said.sku}
    batch.log()
    _write(batch, known, plain)


def _write(batch: Batch[DefineProduct], known: Known, parts: dict[str, int]) -> None:
    inputs = [item.input for item in batch.open]
    ids = _write_products(inputs, known)
    bases = {ids[p.sku]: p.unit for p in inputs}
    writing.write_units({ids[p.sku]: p.units for p in inputs})
    writing.write_parts({ids[p.sku]: p.kit for p in inputs}, parts | ids)
    writing.write_barcodes({ids[p.sku]: p.barcodes for p in inputs}, bases)
    writing.write_images({ids[p.sku]: p.images for p in inputs})
    writing.write_prices(
        [(ids[item.input.sku], price, item.on) for item in batch.open for price in item.input.prices], bases
    )
    writing.add_categories(p.category for p in inputs)
    codes = {p.sku: [each.code for each in p.barcodes] for p in inputs}
    write_words([(ids[p.sku], [p.sku, p.name, p.spec, p.brand, *codes[p.sku]]) for p in inputs], fresh=True)


def _write_products(inputs: list[DefineProduct], known: Known) -> dict[str, int]:
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
                known.rates.get(p.tax_class, 0) if p.tax_rate_e6 is None else p.tax_rate_e6, p.tax_class,
                p.tax_rate_e6 is not None or not p.tax_class, p.shelf_life_days, p.tracking, p.returnable, bool(p.kit),
            )
            for p in inputs
        ],
    )  # fmt: skip
    return {p.sku: pk for p, pk in zip(inputs, ids, strict=True)}
