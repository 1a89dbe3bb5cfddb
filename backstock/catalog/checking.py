"""Check what products say about themselves, against everything that is known already: read once per batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Protocol

from backstock.catalog.barcodes import check_digit, is_valid
from backstock.catalog.errors import InvalidBarcode, UnknownPicture, UnknownPriceLevel, UnknownTaxClass
from backstock.catalog.models import Barcode, PriceLevel, Product, TaxClass
from backstock.catalog.products import Component, LevelPrice, ProductBarcode, Unit
from backstock.core.commands import Batch
from backstock.core.errors import DuplicateCode, DuplicateLine, InvalidInput, UnknownProduct
from backstock.core.files import is_kept


class Said(Protocol):
    """A product's input: the parts that are checked against others."""

    @property
    def sku(self) -> str: ...
    @property
    def tax_class(self) -> str | None: ...
    @property
    def barcodes(self) -> tuple[ProductBarcode, ...] | None: ...
    @property
    def prices(self) -> tuple[LevelPrice, ...] | None: ...
    @property
    def images(self) -> tuple[str, ...] | None: ...


class Known:
    """Who has which code already, which classes and levels there are."""

    def __init__(self, batch: Batch[Any], said: Iterable[Said], new_skus: Iterable[str] = ()) -> None:
        inputs, self.journal = list(said), batch.journal
        codes = {each.code for one in inputs for each in one.barcodes or ()}
        named = codes | set(new_skus)
        # A scanner must not be in doubt: a barcode is nobody else's barcode, and nobody else's product code.
        self.barcodes = (
            dict(Barcode.objects.filter(code__in=named).values_list("code", "product__sku")) if named else {}
        )
        self.skus = set(Product.objects.filter(sku__in=named).values_list("sku", flat=True)) if named else set()
        classes = {one.tax_class for one in inputs} - {None, ""}
        self.rates = dict(TaxClass.objects.filter(code__in=classes).values_list("code", "rate_e6")) if classes else {}
        self.levels = known_levels(each.level for one in inputs for each in one.prices or ())

    def check(self, said: Said, base: str, units: Sequence[Unit] | None) -> None:
        """Refuse what cannot be; remember the barcodes, which are taken from now on."""
        others = {each.unit for each in units or ()}
        if said.tax_class and said.tax_class not in self.rates:
            raise UnknownTaxClass(tax_class=said.tax_class)
        for price in said.prices or ():
            check_price(said.sku, price, {base, *others}, self.levels)
            if not price.level and price.unit in ("", base):
                problem = "everybody's price of the base unit is the product's own price"
                raise InvalidInput(field="prices", problem=problem)
        for picture in said.images or ():
            if not is_kept(picture):
                raise UnknownPicture(sku=said.sku, picture=picture)
        for barcode in said.barcodes or ():
            self._take(said.sku, barcode, base, others)

    def _take(self, sku: str, barcode: ProductBarcode, base: str, units: set[str]) -> None:
        code = barcode.code
        if not is_valid(code):
            raise InvalidBarcode(sku=sku, barcode=code, expected=check_digit(code[:-1]))
        if barcode.unit not in ("", base) and barcode.unit not in units:
            raise UnknownProduct(sku=f"{sku} ({barcode.unit})")
        if self.barcodes.get(code, sku) != sku or (code in self.skus and code != sku):
            raise DuplicateCode(field="barcode", value=code)
        if code not in self.barcodes:
            self.barcodes[code] = sku
            self.journal.append(partial(self._release, code))

    def _release(self, code: str) -> None:
        del self.barcodes[code]

    def refuse_sku(self, sku: str) -> None:
        """Refuse a new product code that somebody has, as code or as barcode."""
        if sku in self.skus or self.barcodes.get(sku, sku) != sku:
            raise DuplicateCode(field="sku", value=sku)


def known_levels(codes: Iterable[str]) -> set[str]:
    """Return the codes that are levels of prices."""
    wanted = set(codes) - {""}
    return set(PriceLevel.objects.filter(code__in=wanted).values_list("code", flat=True)) if wanted else set()


def check_price(sku: str, price: LevelPrice, units: set[str], levels: set[str]) -> None:
    """Refuse a price of a level or unit that nobody knows."""
    if price.level and price.level not in levels:
        raise UnknownPriceLevel(level=price.level)
    if price.unit and price.unit not in units:
        raise UnknownProduct(sku=f"{sku} ({price.unit})")


def check_units(base: str, units: Sequence[Unit]) -> None:
    """Refuse a unit that stands twice."""
    names = [base, *(each.unit for each in units)]
    for name in names:
        if names.count(name) > 1:
            raise DuplicateCode(field="unit", value=name)


def check_parts(kit: Sequence[Component], plain: Iterable[str]) -> None:
    """Refuse a part that stands twice, and a part that is no plain product: kits do not hold kits."""
    parts, skus = set(plain), [part.sku for part in kit]
    for sku in skus:
        if sku not in parts:
            raise UnknownProduct(sku=sku)
        if skus.count(sku) > 1:
            raise DuplicateLine(sku=sku)


def check_barcodes(barcodes: Sequence[ProductBarcode]) -> None:
    """Refuse a barcode that stands twice on one product."""
    codes = [each.code for each in barcodes]
    for code in codes:
        if codes.count(code) > 1:
            raise DuplicateCode(field="barcode", value=code)
