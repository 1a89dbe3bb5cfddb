"""Change products: only what is given."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog import writing
from backstock.catalog.checking import Known, check_barcodes, check_parts, check_units
from backstock.catalog.errors import ProductInUse
from backstock.catalog.lines import Code
from backstock.catalog.models import Barcode, KitComponent, Product, ProductImage, ProductUnit
from backstock.catalog.products import Component, LevelPrice, Pictures, PriceE6, ProductBarcode, Unit, UnitName
from backstock.catalog.search import rewrite_words
from backstock.catalog.usage import products_in_use
from backstock.core.amounts import E6
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import UnknownProduct

PLAIN = ("name", "spec", "brand", "category", "price_e6", "returnable")
# What stock and documents are counted in.
FIXED = ("unit", "unit_decimals", "tracking")


@typed(frozen=True, kw_only=True, config=STRICT)
class ReviseProduct(Input):
    """What is to change of a product; what is left out stays. Lists are whole: what they do not name goes."""

    sku: Code
    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    spec: Annotated[str, Field(max_length=200)] | None = None
    brand: Annotated[str, Field(max_length=60)] | None = None
    category: Annotated[str, Field(max_length=60)] | None = None
    unit: UnitName | None = None
    unit_decimals: Annotated[int, Field(ge=0, le=4)] | None = None
    price_e6: PriceE6 | None = None
    # A class without a rate: from now on the rate of the class.
    tax_rate_e6: Annotated[int, Field(ge=0, le=E6)] | None = None
    tax_class: Annotated[str, Field(max_length=60)] | None = None
    # 0: it keeps for ever.
    shelf_life_days: Annotated[int, Field(ge=0, le=36_500)] | None = None
    tracking: Literal["none", "lot", "serial"] | None = None
    returnable: bool | None = None
    units: tuple[Unit, ...] | None = None
    kit: tuple[Component, ...] | None = None
    barcodes: tuple[ProductBarcode, ...] | None = None
    # Added to the prices that are there, from the command's day on.
    prices: tuple[LevelPrice, ...] = ()
    images: Pictures | None = None


class Revision:
    """Everything that a batch of revisions has to look at, read once."""

    def __init__(self, batch: Batch[ReviseProduct]) -> None:
        inputs = [item.input for item in batch.open]
        found = Product.objects.select_for_update().filter(sku__in={each.sku for each in inputs}).order_by("pk")
        self.products = {product.sku: product for product in found}
        self.known = Known(batch, inputs)
        ids = [product.pk for product in self.products.values()]
        self.units: dict[int, list[Unit]] = {pk: [] for pk in ids}
        for row in ProductUnit.objects.filter(product_id__in=ids).order_by("pk"):
            unit = Unit(unit=row.unit, numerator=row.numerator, denominator=row.denominator)
            self.units[row.product_id].append(unit)
        codes = Barcode.objects.filter(product_id__in=ids).exclude(unit="")
        self.coded_units = set(codes.values_list("product_id", "unit"))
        parts = {part.sku for each in inputs for part in each.kit or ()}
        self.parts = dict(Product.objects.filter(sku__in=parts, is_kit=False).values_list("sku", "pk")) if parts else {}
        self.kits = self._kits(
            [self.products[each.sku].pk for each in inputs if each.kit and each.sku in self.products]
        )
        asked = [self.products[each.sku].pk for each in inputs if each.sku in self.products and self.refixed(each)]
        self.used = products_in_use(asked)

    def _kits(self, ids: list[int]) -> dict[int, dict[str, int]]:
        kits: dict[int, dict[str, int]] = {pk: {} for pk in ids}
        found = KitComponent.objects.filter(kit_id__in=ids) if ids else KitComponent.objects.none()
        for kit, sku, quantity_e4 in found.values_list("kit_id", "component__sku", "quantity_e4"):
            kits[kit][sku] = quantity_e4
        return kits

    def refixed(self, said: ReviseProduct) -> str:
        """Name the first change of what stock is counted in; nothing where it stays as it is."""
        product = self.products[said.sku]
        for name in FIXED:
            if getattr(said, name) not in (None, getattr(product, name)):
                return name
        parts = {part.sku: part.quantity_e4 for part in said.kit or ()}
        return "kit" if said.kit is not None and parts != self.kits.get(product.pk, {}) else ""

    def _refuse_lost_units(self, product: Product, units: set[str]) -> None:
        """A barcode keeps the unit on whose label it stands."""
        for pk, unit in sorted(self.coded_units):
            if pk == product.pk and unit not in units:
                raise UnknownProduct(sku=f"{product.sku} ({unit})")

    def check(self, said: ReviseProduct) -> Product:
        """Refuse what cannot be."""
        if said.sku not in self.products:
            raise UnknownProduct(sku=said.sku)
        product = self.products[said.sku]
        if product.pk in self.used and (field := self.refixed(said)):
            raise ProductInUse(sku=said.sku, field=field)
        base = said.unit or product.unit
        units = self.units[product.pk] if said.units is None else list(said.units)
        check_units(base, units)
        check_parts(said.kit or (), self.parts.keys() - {said.sku})
        check_barcodes(said.barcodes or ())
        if said.barcodes is None:
            self._refuse_lost_units(product, {each.unit for each in units})
        self.known.check(said, base, units)
        return product


@command("catalog.revise", ReviseProduct)
def revise_product(batch: Batch[ReviseProduct]) -> None:
    """Change what is given; units, decimals, tracking and parts only as long as nothing counts in them."""
    revision = Revision(batch)
    for item in batch.open:
        with batch.attempt(item):
            item.plan = revision.check(item.input)
            item.document, item.answer = item.input.sku, {"sku": item.input.sku}
    batch.log()
    _write(batch, revision)


def _write(batch: Batch[ReviseProduct], revision: Revision) -> None:
    wanted = [(item.plan, item.input) for item in batch.open]
    for product, said in wanted:
        _apply(product, said, revision.known.rates)
    columns = [*PLAIN, *FIXED, "tax_rate_e6", "tax_class", "has_own_tax_rate", "shelf_life_days", "is_kit"]
    if wanted:
        Product.objects.bulk_update({product.pk: product for product, _ in wanted}.values(), columns)
    bases = {product.pk: product.unit for product, _ in wanted}

    def lists(name: str) -> dict[int, Any]:
        return {product.pk: getattr(said, name) for product, said in wanted if getattr(said, name) is not None}

    for name, model, owner in (
        ("units", ProductUnit, "product_id"),
        ("kit", KitComponent, "kit_id"),
        ("barcodes", Barcode, "product_id"),
        ("images", ProductImage, "product_id"),
    ):
        writing.replace(model, owner, lists(name))
    writing.write_units(lists("units"))
    writing.write_parts(lists("kit"), revision.parts)
    writing.write_barcodes(lists("barcodes"), bases)
    writing.write_images(lists("images"))
    writing.write_prices([(i.plan.pk, price, i.on) for i in batch.open for price in i.input.prices], bases)
    writing.add_categories(said.category or "" for _, said in wanted)
    rewrite_words(bases)


def _apply(product: Product, said: ReviseProduct, rates: dict[str, int]) -> None:
    for name in (*PLAIN, *FIXED):
        if getattr(said, name) is not None:
            setattr(product, name, getattr(said, name))
    if said.shelf_life_days is not None:
        product.shelf_life_days = said.shelf_life_days or None
    if said.kit is not None:
        product.is_kit = bool(said.kit)
    if said.tax_class is not None:
        product.tax_class = said.tax_class
        product.has_own_tax_rate = not said.tax_class
        product.tax_rate_e6 = rates.get(said.tax_class, product.tax_rate_e6)
    if said.tax_rate_e6 is not None:
        product.tax_rate_e6, product.has_own_tax_rate = said.tax_rate_e6, True
