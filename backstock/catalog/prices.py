"""What products cost a customer: the prices of a level on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from backstock.catalog.models import Price
from backstock.catalog.queries import Item
from backstock.core.amounts import half_up


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices that hold for one level on one day: {(product, level, unit): price}; no unit is the base unit."""

    level: str
    listed: dict[tuple[int, str, str], int]

    def of(self, item: Item, unit: str | None = None) -> int:
        """Return the price of one unit: the level's, else the level's for the base unit by the unit's ratio, else
        everybody's for that unit, else the product's own by the ratio."""
        name = "" if unit in (None, "", item.product.unit) else str(unit)
        numerator, denominator = item.units.get(name, (1, 1))
        if self.level:
            if (own := self.listed.get((item.id, self.level, name))) is not None:
                return own
            if name and (base := self.listed.get((item.id, self.level, ""))) is not None:
                return half_up(base * numerator, denominator)
        if (everybody := self.listed.get((item.id, "", name))) is not None:
            return everybody
        return half_up(item.product.price_e6 * numerator, denominator)


def prices_for(product_ids: Iterable[int], level: str, on: date) -> Prices:
    """Return the prices of products for a level on a day: one statement whatever their number."""
    return Prices(level, prices_on(product_ids, {"", level}, on))


def prices_on(product_ids: Iterable[int], levels: Iterable[str] | None, on: date) -> dict[tuple[int, str, str], int]:
    """Return the prices that hold on a day, of some levels or of all: the newest of each, unless it was ended."""
    wanted = Q(product_id__in=set(product_ids), valid_from__lte=on)
    if levels is not None:
        wanted &= Q(level__in=set(levels))
    newest: dict[tuple[int, str, str], int | None] = {}
    rows = Price.objects.filter(wanted).order_by("valid_from")
    for product, level, unit, price in rows.values_list("product_id", "level", "unit", "unit_price_e6"):
        newest[product, level, unit] = price
    return {key: price for key, price in newest.items() if price is not None}
