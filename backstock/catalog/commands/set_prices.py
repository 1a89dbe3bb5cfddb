"""Set what products cost: for everybody, or for customers of a level; from a day on."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated

from django.db.models import Case, Value, When
from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog import writing
from backstock.catalog.checking import check_price, known_levels
from backstock.catalog.lines import Code
from backstock.catalog.models import Product
from backstock.catalog.products import LevelPrice, PriceE6
from backstock.catalog.queries import Catalogue, Item, load_catalogue
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import DuplicateLine, InvalidInput


@typed(frozen=True, kw_only=True, config=STRICT)
class SetPrice(Input):
    """One price: of a unit (the base unit where none is named) for a level (everybody where none is named).

    No price ends an earlier one. The base unit's price for everybody is the product's own; it holds at once.
    """

    sku: Code
    level: Annotated[str, Field(max_length=60)] = ""
    unit: Annotated[str, Field(max_length=20)] = ""
    unit_price_e6: PriceE6 | None
    # Default: the command's business day.
    valid_from: date | None = None

    @property
    def price(self) -> LevelPrice:
        """The price as a product says it."""
        return LevelPrice(level=self.level, unit=self.unit, unit_price_e6=self.unit_price_e6)


@command("catalog.set_prices", SetPrice)
def set_prices(batch: Batch[SetPrice]) -> None:
    """Set prices; the same one twice in a batch is refused."""
    inputs = [item.input for item in batch.open]
    catalogue = load_catalogue(each.sku for each in inputs)
    levels = known_levels(each.level for each in inputs)
    seen: set[tuple[object, ...]] = set()
    for item in batch.open:
        with batch.attempt(item):
            said = item.input
            product = catalogue.item(said.sku)
            own = is_own(said, product)
            check_price(said.sku, said.price, {product.product.unit, *product.units}, levels)
            if own:
                _check_own(said, item.on)
            unit = writing.own_unit(said.unit, product.product.unit)
            key = (said.sku, said.level, unit, "" if own else said.valid_from or item.on)
            if key in seen:
                raise DuplicateLine(sku=said.sku)
            seen.add(key)
            batch.journal.append(partial(seen.discard, key))
            item.document, item.answer = said.sku, {"sku": said.sku}
    batch.log()
    _write(batch, catalogue)


def is_own(said: SetPrice, item: Item) -> bool:
    """Tell whether a price is the product's own."""
    return not said.level and said.unit in ("", item.product.unit)


def _check_own(said: SetPrice, on: date) -> None:
    if said.unit_price_e6 is None:
        raise InvalidInput(field="unit_price_e6", problem="the product's own price cannot be taken away, only changed")
    if said.valid_from and said.valid_from > on:
        raise InvalidInput(field="valid_from", problem="the product's own price holds at once; name a level for later")


def _write(batch: Batch[SetPrice], catalogue: Catalogue) -> None:
    own, listed, bases = {}, [], {}
    for item in batch.open:
        said, product = item.input, catalogue.item(item.input.sku)
        if is_own(said, product):
            own[product.id] = said.unit_price_e6
        else:
            bases[product.id] = product.product.unit
            listed.append((product.id, said.price, said.valid_from or item.on))
    if own:
        new = Case(*[When(pk=pk, then=Value(price)) for pk, price in own.items()])
        Product.objects.filter(pk__in=own).update(price_e6=new)
    writing.write_prices(listed, bases)
