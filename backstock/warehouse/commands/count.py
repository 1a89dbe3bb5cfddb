"""A stock count starts: what the books say now is kept for every product and lot on its list."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.queries import load_catalogue, products_in_category, skus_of
from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import QuantityRequired
from backstock.stock.holdings import pieces_at, shares_at
from backstock.stock.places import place_id
from backstock.warehouse.counting import Elsewhere
from backstock.warehouse.models import CountLine, StockCount
from backstock.warehouse.queries import last_counted, load_warehouses

Scope = Literal["whole", "category", "products", "oldest", "value"]
# The number of a count that has none yet.
THIS_BATCH = -1
# (product, lot, book quantity)
Frozen = tuple[int, int, int]


@typed(frozen=True, kw_only=True, config=STRICT)
class CountStock(Input):
    """What is to be counted: all new goods of a warehouse, or a part: a category, named products, or `limit` products
    that were not counted for longest (`oldest`) or are worth most (`value`)."""

    warehouse: str | None = None
    scope: Scope
    category: Annotated[str, Field(max_length=60)] = ""
    skus: Annotated[tuple[str, ...], Field(max_length=1_000)] = ()
    limit: Annotated[int, Field(ge=1, le=10_000)] = 50
    note: Annotated[str, Field(max_length=200)] = ""

    PERSONAL = frozenset({"note"})


@command("stock.count", CountStock)
def count_stock(batch: Batch[CountStock]) -> None:
    """Start stock counts."""
    warehouses = load_warehouses((item.input.warehouse for item in batch.open), lock=True)
    catalogue = load_catalogue(sku for item in batch.open for sku in item.input.skus)
    places = {pk: place_id("sellable", pk) for pk in warehouses.ids.values()}
    there = {pk: pieces_at(place) for pk, place in places.items()}
    elsewhere = Elsewhere(places)
    for item in batch.open:
        with batch.attempt(item):
            pk = warehouses.id(item.input.warehouse)
            named = {catalogue.item(sku).id for sku in item.input.skus}
            wanted = _wanted(item.input, pk, there[pk], named)
            frozen = there[pk] if wanted is None else [each for each in there[pk] if each[0] in wanted]
            frozen = frozen + [(product, 0, 0) for product in sorted(named - {each[0] for each in frozen})]
            if not frozen:
                raise QuantityRequired()
            _claim(batch, elsewhere, pk, dict.fromkeys(each[0] for each in frozen))
            item.plan = (pk, frozen)
    _write(batch)


def _claim(batch: Batch[CountStock], elsewhere: Elsewhere, warehouse_id: int, product_ids: Iterable[int]) -> None:
    """Refuse goods that another open count is at, of this batch too."""
    for product_id in product_ids:
        key = (warehouse_id, product_id)
        if key in elsewhere.counted:
            elsewhere.refuse(*key, skus_of([product_id])[product_id])
        elsewhere.counted[key] = THIS_BATCH
        batch.journal.append(partial(elsewhere.counted.__delitem__, key))


def _wanted(wanted: CountStock, warehouse_id: int, there: list[Frozen], named: set[int]) -> set[int] | None:
    """Return the products of a part of the warehouse; None: all of it."""
    if wanted.scope == "products":
        return named
    if wanted.scope == "category":
        return products_in_category(wanted.category)
    held = {product for product, _, _ in there}
    if wanted.scope == "oldest":
        last = last_counted(warehouse_id)
        order: Iterable[int] = sorted(held, key=lambda product: (last.get(product, ""), product))
        return set(list(order)[: wanted.limit])
    if wanted.scope == "value":
        values = shares_at(place_id("sellable", warehouse_id))
        return set(sorted(held, key=lambda product: (-values.get(product, 0), product))[: wanted.limit])
    return None


def _write(batch: Batch[CountStock]) -> None:
    items: list[Item[CountStock]] = batch.open
    ids = rows.insert_returning(
        StockCount,
        ("warehouse", "scope", "category", "status", "started_on", "note"),
        [(i.plan[0], i.input.scope, i.input.category, "counting", i.on, i.input.note) for i in items],
    )
    for item, pk in zip(items, ids, strict=True):
        item.document = StockCount(pk=pk).number
        item.answer = {"document": item.document}
        item.emit("StockCountStarted")
    batch.log()
    fields = ("stock_count", "product_id", "lot_id", "book_e4", "expected", "counted_e4", "passes", "recounts")
    rows_of_lines = [(pk, *each, True, 0, 0, 0) for item, pk in zip(items, ids, strict=True) for each in item.plan[1]]
    rows.insert(CountLine, (*fields, "posted_e4", "posted_cents"), [(*row, 0, 0) for row in rows_of_lines])
