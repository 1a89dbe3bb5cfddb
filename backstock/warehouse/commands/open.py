"""A new warehouse with its places and shelves; an empty one is put away."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import DuplicateCode, DuplicateLine, UnknownWarehouse
from backstock.stock.holdings import pieces_in_warehouses
from backstock.stock.setup import write_warehouse_places
from backstock.warehouse.errors import WarehouseInUse
from backstock.warehouse.models import Shelf, StockCount, TransferLine, Warehouse

Code = Annotated[str, Field(min_length=1, max_length=40)]


@typed(frozen=True, kw_only=True, config=STRICT)
class OpenWarehouse(Input):
    """A warehouse by its code, with the labels of its shelves where it has any."""

    code: Code
    name: Annotated[str, Field(max_length=100)] = ""
    shelves: Annotated[tuple[Code, ...], Field(max_length=5_000)] = ()


@command("stock.open_warehouse", OpenWarehouse)
def open_warehouse(batch: Batch[OpenWarehouse]) -> None:
    """Open warehouses."""
    taken = set(Warehouse.objects.filter(code__in=[i.input.code for i in batch.open]).values_list("code", flat=True))
    for item in batch.open:
        with batch.attempt(item):
            if item.input.code in taken:
                raise DuplicateCode(field="code", value=item.input.code)
            if len(set(item.input.shelves)) != len(item.input.shelves):
                raise DuplicateLine(sku=next(c for c in item.input.shelves if item.input.shelves.count(c) > 1))
            taken.add(item.input.code)
            batch.journal.append(partial(taken.discard, item.input.code))
            item.document, item.answer = item.input.code, {"code": item.input.code}
            item.emit("WarehouseOpened")
    items = batch.open
    named = [(item.input.code, item.input.name or item.input.code) for item in items]
    ids = rows.insert_coded(Warehouse, "code", ("code", "name"), named)
    write_warehouse_places(ids)
    shelves = [(pk, shelf) for pk, item in zip(ids, items, strict=True) for shelf in item.input.shelves]
    rows.insert(Shelf, ("warehouse", "code"), shelves)
    batch.log()


@typed(frozen=True, kw_only=True, config=STRICT)
class ArchiveWarehouse(Input):
    """An empty warehouse that is used no more."""

    code: Code


@command("stock.archive_warehouse", ArchiveWarehouse, permission=lambda _: "stock.open_warehouse")
def archive_warehouse(batch: Batch[ArchiveWarehouse]) -> None:
    """Put empty warehouses away; their papers keep naming them."""
    found = {
        each.code: each
        for each in Warehouse.objects.select_for_update()
        .filter(code__in=[item.input.code for item in batch.open], archived_at=None)
        .order_by("pk")
    }
    pieces = pieces_in_warehouses(each.pk for each in found.values())
    awaited, counting = _awaited(found.values()), _counting(found.values())
    others = Warehouse.objects.filter(archived_at=None).exclude(pk__in=[each.pk for each in found.values()]).exists()
    for item in batch.open:
        with batch.attempt(item):
            if item.input.code not in found:
                raise UnknownWarehouse(warehouse=item.input.code)
            pk = found[item.input.code].pk
            if not others or pieces.get(pk) or pk in awaited or pk in counting:
                raise WarehouseInUse(warehouse=item.input.code, pieces_e4=pieces.get(pk, 0))
            item.document, item.answer = item.input.code, {"code": item.input.code}
            item.emit("WarehouseArchived")
    batch.log()
    done = [item.input.code for item in batch.open]
    Warehouse.objects.filter(code__in=done).update(archived_at=batch.recorded_at)


def _awaited(warehouses: Iterable[Warehouse]) -> set[int]:
    """Return the warehouses to or from which goods are on the way."""
    wanted = {each.pk for each in warehouses}
    sent = TransferLine.objects.still_on_the_way().filter(transfer__in_two_steps=True)
    pairs = sent.values_list("transfer__source_id", "transfer__target_id").distinct() if wanted else []
    return {pk for pair in pairs for pk in pair} & wanted


def _counting(warehouses: Iterable[Warehouse]) -> set[int]:
    found = StockCount.objects.filter(status="counting", warehouse__in=[each.pk for each in warehouses])
    return set(found.values_list("warehouse_id", flat=True))
