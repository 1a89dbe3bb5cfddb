"""What products cost a customer: the prices of a level on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from backstock.catalog.models import Price
from backstock.catalog.queries import Item
from backstock.core.amounts import half_up

type Listed = dict[tuple[int, str, str], int]


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices that hold for one level on one day: {(product, level, unit): price}; no unit is the base unit."""

    level: str
    listed: Listed

    def found(self, item: Item, unit: str | None = None) -> tuple[int, bool]:
        """Return a price and whether it is of the unit named, else it is of the base unit: the level's for the unit,
        the level's for the base unit, everybody's for the unit, the product's own."""
        name = "" if unit in (None, "", item.product.unit) else str(unit)
        for level, each in ((self.level, name), (self.level, ""), ("", name)):
            if (price := self.listed.get((item.id, level, each))) is not None:
                return price, each == name
        return item.product.price_e6, not name

    def of(self, item: Item, unit: str | None = None) -> int:
        """Return the price of one unit; one of the base unit by the unit's ratio."""
        price, is_of_unit = self.found(item, unit)
        numerator, denominator = (1, 1) if is_of_unit else item.units.get(unit or "", (1, 1))
        return half_up(price * numerator, denominator)


@dataclass(frozen=True, slots=True)
class PriceBook:
    """The prices of some products for some levels through time, read once for a batch of documents."""

    rows: list[tuple[int, str, str, date, int | None]] = field(default_factory=list)

    def on(self, level: str, day: date) -> Prices:
        """Return the prices of a level on a day: the newest of each, unless it was ended."""
        newest: dict[tuple[int, str, str], int | None] = {}
        for product, of, unit, since, price in self.rows:
            if since <= day and of in ("", level):
                newest[product, of, unit] = price
        return Prices(level, {key: price for key, price in newest.items() if price is not None})


def price_book(product_ids: Iterable[int], levels: Iterable[str]) -> PriceBook:
    """Read the prices of products for levels and for everybody: one statement; nothing asked costs none."""
    wanted = set(product_ids)
    rows = Price.objects.filter(product_id__in=wanted, level__in={"", *levels}).order_by("valid_from")
    columns = ("product_id", "level", "unit", "valid_from", "unit_price_e6")
    return PriceBook(list(rows.values_list(*columns))) if wanted else PriceBook()


def prices_for(product_ids: Iterable[int], level: str, on: date) -> Prices:
    """Return the prices of products for a level on a day: one statement whatever their number."""
    return price_book(product_ids, [level]).on(level, on)


def prices_on(product_ids: Iterable[int], levels: Iterable[str] | None, on: date) -> Listed:
    """Return the prices that hold on a day, of some levels or of all: the newest of each, unless it was ended."""
    wanted = Q(product_id__in=set(product_ids), valid_from__lte=on)
    if levels is not None:
        wanted &= Q(level__in=set(levels))
    newest: dict[tuple[int, str, str], int | None] = {}
    rows = Price.objects.filter(wanted).order_by("valid_from")
    for product, level, unit, price in rows.values_list("product_id", "level", "unit", "unit_price_e6"):
        newest[product, level, unit] = price
    return {key: price for key, price in newest.items() if price is not None}
