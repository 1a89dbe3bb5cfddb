"""The shelves of a warehouse (库位), and where each product usually lies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.queries import load_catalogue
from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import DuplicateLine
from backstock.warehouse.commands.open import Code
from backstock.warehouse.errors import UnknownShelf
from backstock.warehouse.models import HomeShelf, Shelf
from backstock.warehouse.queries import load_warehouses


@typed(frozen=True, kw_only=True, config=STRICT)
class Home:
    """Where a product usually lies; an empty shelf: nowhere in particular."""

    sku: Annotated[str, Field(min_length=1, max_length=60)]
    shelf: Annotated[str, Field(max_length=40)] = ""


@typed(frozen=True, kw_only=True, config=STRICT)
class ArrangeShelves(Input):
    """New shelves of a warehouse, shelves that are used no more, and homes of products."""

    warehouse: str | None
    add: Annotated[tuple[Code, ...], Field(max_length=5_000)] = ()
    archive: tuple[Code, ...] = ()
    homes: tuple[Home, ...] = ()


@dataclass(slots=True)
class Plan:
    """What changes in one warehouse."""

    warehouse_id: int
    # Product → shelf code.
    homes: dict[int, str] = field(default_factory=dict)


@command("stock.arrange_shelves", ArrangeShelves)
def arrange_shelves(batch: Batch[ArrangeShelves]) -> None:
    """Add shelves, put them away, and say which product lies where."""
    inputs = [item.input for item in batch.open]
    warehouses = load_warehouses(each.warehouse for each in inputs)
    catalogue = load_catalogue(home.sku for each in inputs for home in each.homes)
    shelves = Shelf.objects.filter(warehouse_id__in=warehouses.ids.values())
    known = {(each.warehouse_id, each.code): each.archived_at is None for each in shelves}
    for item in batch.open:
        with batch.attempt(item):
            wanted, plan = item.input, Plan(warehouses.id(item.input.warehouse))
            item.plan, item.document = plan, wanted.warehouse or "shelves"
            for home in wanted.homes:
                product = catalogue.item(home.sku)
                if product.id in plan.homes:
                    raise DuplicateLine(sku=home.sku)
                plan.homes[product.id] = home.shelf
            _check(wanted, plan, known)
            item.answer = {"document": item.document}
    batch.log()
    _write(batch)


def _check(wanted: ArrangeShelves, plan: Plan, known: dict[tuple[int, str], bool]) -> None:
    """Refuse a shelf that is not, and will not be, one of the warehouse's."""
    usable = {code for (pk, code), used in known.items() if pk == plan.warehouse_id and used} | set(wanted.add)
    used = {shelf for shelf in plan.homes.values() if shelf}
    for code in [*wanted.archive, *sorted(used - set(wanted.archive))]:
        if code not in usable:
            raise UnknownShelf(warehouse=wanted.warehouse or "", shelf=code)
    for code in sorted(used & set(wanted.archive)):
        raise UnknownShelf(warehouse=wanted.warehouse or "", shelf=code)


def _write(batch: Batch[ArrangeShelves]) -> None:
    items = batch.open
    fresh = dict.fromkeys((item.plan.warehouse_id, code) for item in items for code in item.input.add)
    if fresh:
        rows.insert_returning(Shelf, ("warehouse", "code"), list(fresh), skip_conflicts=True)
    shelves = {
        (each.warehouse_id, each.code): each
        for each in Shelf.objects.filter(warehouse_id__in={item.plan.warehouse_id for item in items})
    }
    for item in items:
        for code in item.input.add:
            shelves[item.plan.warehouse_id, code].archived_at = None
        for code in item.input.archive:
            shelves[item.plan.warehouse_id, code].archived_at = batch.recorded_at
    touched = [
        shelves[item.plan.warehouse_id, code] for item in items for code in (*item.input.add, *item.input.archive)
    ]
    Shelf.objects.bulk_update(touched, ["archived_at"])
    away = [each.pk for each in touched if each.archived_at is not None]
    homes = {(item.plan.warehouse_id, product): shelf for item in items for product, shelf in item.plan.homes.items()}
    HomeShelf.objects.filter(shelf_id__in=away).delete()
    moved = HomeShelf.objects.filter(product_id__in={product for _, product in homes})
    HomeShelf.objects.filter(
        pk__in=[each.pk for each in moved if (each.warehouse_id, each.product_id) in homes]
    ).delete()
    rows.insert(
        HomeShelf,
        ("product_id", "warehouse", "shelf"),
        [(product, pk, shelves[pk, code].pk) for (pk, product), code in homes.items() if code],
    )
