"""Find products by code, with what is needed to turn a line into pieces of stock."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from backstock.catalog.errors import ProductArchived
from backstock.catalog.models import Barcode, KitComponent, Lot, Product, ProductUnit
from backstock.catalog.search import SEARCH
from backstock.core.amounts import E4, MAX_QUANTITY_E4, decimal_text
from backstock.core.errors import DuplicateLine, InvalidQuantity, QuantityRequired, UnknownProduct
from backstock.core.reading import prepared


@dataclass(slots=True)
class Item:
    """A product as commands need it: its row, its other units and, for a kit, its components."""

    product: Product
    units: dict[str, tuple[int, int]] = field(default_factory=dict)
    components: list[tuple[int, int]] = field(default_factory=list)

    @property
    def id(self) -> int:
        """The product's id."""
        return self.product.pk

    @property
    def sku(self) -> str:
        """The product's code."""
        return self.product.sku

    @property
    def tracked(self) -> bool:
        """Whether pieces carry a lot or serial number."""
        return self.product.tracking != "none"

    @property
    def step_e4(self) -> int:
        """The smallest quantity that the unit allows."""
        return int(10 ** (4 - self.product.unit_decimals))

    def whole(self, quantity_e4: int) -> int:
        """Round down to what the unit allows: parts of one and a half kits are one kit."""
        return quantity_e4 // self.step_e4 * self.step_e4

    def pieces_of(self, quantity_e4: int) -> list[tuple[int, int, int]]:
        """Say what lies on the shelf for a quantity: (product, pieces per one of the line, quantity)."""
        if not self.components:
            return [(self.id, E4, quantity_e4)]
        return [(component, per, quantity_e4 * per // E4) for component, per in self.components]


class Catalogue:
    """Products by SKU and id, lots by code: read once per batch."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.by_id = {item.id: item for item in items}
        self.by_sku = {item.sku: item for item in self.by_id.values()}
        self.lots: dict[tuple[int, str], int] = {}

    @classmethod
    def of(cls, products: Iterable[Product]) -> Catalogue:
        """Make a catalogue of plain products that were read already."""
        return cls(Item(product) for product in products)

    def item(self, sku: str) -> Item:
        """Return a product; raise UnknownProduct."""
        try:
            return self.by_sku[sku]
        except KeyError:
            raise UnknownProduct(sku=sku) from None

    def item_in_use(self, sku: str) -> Item:
        """Return a product that may be bought and sold; raise UnknownProduct or ProductArchived."""
        item = self.item(sku)
        if item.product.archived_at is not None:
            raise ProductArchived(sku=sku)
        return item

    def sku(self, product_id: int) -> str:
        """Return the code of a product."""
        return self.by_id[product_id].sku

    def base_quantity(self, item: Item, quantity_e4: int, unit: str | None) -> int:
        """Turn a quantity of a unit into base units; raise QuantityRequired or InvalidQuantity."""
        if quantity_e4 == 0:
            raise QuantityRequired(sku=item.sku)
        numerator, denominator = (1, 1)
        if unit and unit != item.product.unit:
            if unit not in item.units:
                raise UnknownProduct(sku=f"{item.sku} ({unit})")
            numerator, denominator = item.units[unit]
        base, rest = divmod(quantity_e4 * numerator, denominator)
        if rest or base % item.step_e4 or not 0 < base <= MAX_QUANTITY_E4:
            shown, decimals = decimal_text(quantity_e4, 4), item.product.unit_decimals
            raise InvalidQuantity(sku=item.sku, quantity=shown, decimals=decimals)
        return base


def _by_sku(skus: Collection[str]) -> QuerySet[Product]:
    return Product.objects.filter(sku__in=skus)


def _by_id(ids: Collection[int]) -> QuerySet[Product]:
    return Product.objects.filter(pk__in=ids)


def load_catalogue(skus: Iterable[str] = (), ids: Iterable[int] = (), units: bool = True) -> Catalogue:
    """Read products by SKU or id, with the components of kits and, where asked, other units."""
    wanted, wanted_ids = set(skus), set(ids)
    products = prepared(_by_sku, wanted)
    products += prepared(_by_id, wanted_ids - {product.pk for product in products})
    items = {product.pk: Item(product) for product in products}
    kits = [product.pk for product in products if product.is_kit]
    if kits:
        parts = KitComponent.objects.filter(kit_id__in=kits).order_by("kit_id", "component_id")
        for kit, component, per in parts.values_list("kit_id", "component_id", "quantity_e4"):
            items[kit].components.append((component, per))
        missing = {component for kit in kits for component, _ in items[kit].components} - items.keys()
        items |= {product.pk: Item(product) for product in Product.objects.filter(pk__in=missing)}
    if units and items:
        other = ProductUnit.objects.filter(product_id__in=items.keys())
        for product_id, unit, numerator, denominator in other.values_list(
            "product_id", "unit", "numerator", "denominator"
        ):
            items[product_id].units[unit] = (numerator, denominator)
    return Catalogue(items.values())


def load_lots(catalogue: Catalogue, codes: Iterable[tuple[int, str]]) -> None:
    """Read the lots and serials named by (product, code) into the catalogue."""
    wanted = set(codes) - catalogue.lots.keys()
    if not wanted:
        return
    found = Lot.objects.filter(product_id__in={p for p, _ in wanted}, code__in={c for _, c in wanted})
    for product_id, code, pk in found.values_list("product_id", "code", "pk"):
        catalogue.lots[product_id, code] = pk


def unique(sku: str, codes: Iterable[str]) -> tuple[str, ...]:
    """Return serial numbers as given; refuse one that stands twice."""
    found = tuple(codes)
    if len(set(found)) != len(found):
        raise DuplicateLine(sku=sku)
    return found


def matching_products(text: str, most: int = 200) -> list[int]:
    """Return the ids of products that fit what somebody typed or scanned: code, barcode, name, spec, brand; best first."""
    text = text.strip()[:100]
    if not text:
        return []
    # Barcodes are among the words, so a scanned one is found as well.
    ids = SEARCH.first(text, max(most, 200))
    if not ids:
        return []
    begins = text.casefold()
    found = Product.objects.filter(pk__in=ids).values_list("pk", "sku", "archived_at")
    ranked = sorted(
        (sku != text, archived_at is not None, not sku.casefold().startswith(begins), sku, pk)
        for pk, sku, archived_at in found
    )
    return [pk for *_, pk in ranked[:most]]


def find_products(rows: QuerySet[Product], text: str) -> QuerySet[Product]:
    """Narrow products to those that have every word of a text in code, barcode, name, spec or brand."""
    wanted = SEARCH.matching(text)
    return rows.filter(pk__in=wanted) if wanted is not None else rows.none()


def product_of_barcode(code: str) -> tuple[Product, str] | None:
    """Return the product on whose label a barcode stands, and the unit it means (the base unit by its name)."""
    found = Barcode.objects.filter(code=code).select_related("product").first()
    return (found.product, found.unit or found.product.unit) if found else None


def matching_lots(text: str, most: int = 200) -> list[int]:
    """Return the ids of the lots or serial numbers of exactly this code."""
    return list(Lot.objects.filter(code=text).values_list("pk", flat=True)[:most])


def lot_codes(ids: Iterable[int]) -> dict[int, str]:
    """Return the codes of lots and serial numbers; nothing asked costs no statement."""
    wanted = set(ids) - {0}
    return dict(Lot.objects.filter(pk__in=wanted).values_list("pk", "code")) if wanted else {}


def lot_expiries(product_ids: Iterable[int]) -> dict[int, date]:
    """Return the day on which lots of products expire, of those that have one."""
    found = Lot.objects.filter(product_id__in=set(product_ids), expires_on__isnull=False)
    return {pk: day for pk, day in found.values_list("pk", "expires_on") if day is not None}


def products_in_category(category: str) -> set[int]:
    """Return the products of a category."""
    return set(Product.objects.filter(category=category).values_list("pk", flat=True))


def skus_of(ids: Iterable[int]) -> dict[int, str]:
    """Return the codes of products; nothing asked costs no statement."""
    wanted = set(ids)
    return dict(Product.objects.filter(pk__in=wanted).values_list("pk", "sku")) if wanted else {}


def products_by_id(ids: Iterable[int]) -> dict[int, Product]:
    """Return products by id; nothing asked costs no statement."""
    wanted = set(ids)
    return Product.objects.in_bulk(wanted) if wanted else {}


def names_of_skus(skus: Iterable[str]) -> dict[str, str]:
    """Return what products are called, by code; codes that nobody has are left out."""
    return dict(Product.objects.filter(sku__in=set(skus)).values_list("sku", "name"))


def product_of_code(code: str) -> tuple[Product, str] | None:
    """Return the product that a scanned code means, and what the code is: sku, lot or serial; None for an unknown one."""
    if product := Product.objects.filter(sku=code).first():
        return product, "sku"
    lot = Lot.objects.filter(code=code).select_related("product").first()
    if lot is None:
        return None
    return lot.product, "serial" if lot.product.tracking == "serial" else "lot"


def brands_in_use(most: int = 300) -> list[str]:
    """Return the brands of products, by name."""
    found = Product.objects.exclude(brand="").order_by("brand").values_list("brand", flat=True)
    return list(found.distinct()[:most])


def lots_by_id(ids: Iterable[int]) -> dict[int, Lot]:
    """Return lots by id; nothing asked costs no statement."""
    wanted = set(ids) - {0}
    return Lot.objects.in_bulk(wanted) if wanted else {}


def parts_of(kit_id: int) -> list[tuple[Product, int]]:
    """Return the parts of a kit with how many of each."""
    found = KitComponent.objects.filter(kit_id=kit_id).select_related("component").order_by("pk")
    return [(part.component, part.quantity_e4) for part in found]
