"""Pick lists: what to take from the shelves for orders, ticked off on the walk; they reserve it until it ships."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.catalog.queries import Catalogue, load_catalogue
from backstock.core import rows
from backstock.core.amounts import MAX_QUANTITY_E4
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidInput, QuantityRequired, TransitionNotAllowed
from backstock.sales.errors import NothingToPick, PickExceedsList
from backstock.sales.loading import LoadedSale, load_sales, sale_of
from backstock.sales.models import PickLine, PickList
from backstock.sales.picking import LoadedPick, load_picks, open_lines, pick_of, release, reserved
from backstock.stock.places import place_id
from backstock.stock.sheet import Sheet

LINE_FIELDS = ("pick", "sale_line", "product_id", "quantity_e4", "picked_e4", "shipped_e4", "is_open")


@typed(frozen=True, kw_only=True, config=STRICT)
class MakePick(Input):
    """Which orders are picked in one walk: all of one warehouse."""

    sales: Annotated[tuple[str, ...], Field(min_length=1, max_length=200)]


@dataclass(slots=True)
class Plan:
    """What a pick list will ask for: (sale line, product, quantity)."""

    warehouse_id: int
    lines: list[tuple[int, int, int]] = field(default_factory=list)


@command("sales.pick", MakePick)
def make_pick(batch: Batch[MakePick]) -> None:
    """Ask for what orders have to ship, as far as it lies on the shelf and neither a pick list nor an exchange holds it."""
    sales = load_sales(number for item in batch.open for number in item.input.sales)
    lines = [line for sale in sales.values() for line in sale.lines]
    catalogue = load_catalogue(ids={line.row.product_id for line in lines}, units=False)
    sheet = Sheet(batch.journal, batch.company.cost_method)
    sheet.lock_stock(catalogue.by_id, [place_id("sellable", sale.row.warehouse_id) for sale in sales.values()])
    held, listed = reserved(catalogue.by_id), defaultdict[tuple[int, int], int](int)
    for each in open_lines(line.row.pk for line in lines):
        listed[each.sale_line_id, each.product_id] += each.quantity_e4 - each.shipped_e4
    free = _Free(sheet, held, listed)
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _plan(item.input, sales, catalogue, free)
    made = [(item.plan.warehouse_id, item.on, None) for item in batch.open]
    ids = rows.insert_returning(PickList, ("warehouse_id", "made_on", "ended_on"), made)
    for item, pk in zip(batch.open, ids, strict=True):
        item.document = PickList(pk=pk).number
        item.answer = {"document": item.document}
    batch.log()
    asked = [
        (pk, line_id, product_id, quantity_e4, 0, 0, True)
        for item, pk in zip(batch.open, ids, strict=True)
        for line_id, product_id, quantity_e4 in item.plan.lines
    ]
    rows.insert(PickLine, LINE_FIELDS, asked)


@dataclass(slots=True)
class _Free:
    """What of the shelves is not yet promised, counted down while lists are made."""

    sheet: Sheet
    held: dict[tuple[int, int], int]
    listed: dict[tuple[int, int], int]

    def take(self, line_id: int, product_id: int, wanted_e4: int, warehouse_id: int) -> int:
        """Reserve as many as are free of what the line does not have on a list already."""
        place, key = place_id("sellable", warehouse_id), (product_id, warehouse_id)
        free_e4 = self.sheet.free(product_id, place) - self.held.get(key, 0)
        part_e4 = min(wanted_e4 - self.listed.get((line_id, product_id), 0), free_e4)
        if part_e4 <= 0:
            return 0
        self.held[key] = self.held.get(key, 0) + part_e4
        self.listed[line_id, product_id] = self.listed.get((line_id, product_id), 0) + part_e4
        return part_e4


def _plan(wanted: MakePick, sales: dict[str, LoadedSale], catalogue: Catalogue, free: _Free) -> Plan:
    chosen = [sale_of(sales, number) for number in dict.fromkeys(wanted.sales)]
    warehouses = {sale.row.warehouse_id for sale in chosen}
    if len(warehouses) > 1:
        raise InvalidInput(field="sales", problem="orders of several warehouses: make one pick list for each")
    plan = Plan(warehouses.pop())
    for sale in chosen:
        for line in sale.lines:
            item = catalogue.by_id[line.row.product_id]
            for product_id, _, quantity_e4 in item.pieces_of(line.to_ship_e4):
                if part_e4 := free.take(line.row.pk, product_id, quantity_e4, plan.warehouse_id):
                    plan.lines.append((line.row.pk, product_id, part_e4))
    if not plan.lines:
        raise NothingToPick(document=", ".join(sale.row.number for sale in chosen)[:200])
    return plan


@typed(frozen=True, kw_only=True, config=STRICT)
class Taken:
    """Pieces taken from the shelf, in base units."""

    sku: Code
    quantity_e4: Annotated[int, Field(gt=0, le=MAX_QUANTITY_E4)]


@typed(frozen=True, kw_only=True, config=STRICT)
class TickPick(Input):
    """What was taken for a pick list."""

    pick: str
    lines: tuple[Taken, ...]


@command("sales.tick", TickPick)
def tick_pick(batch: Batch[TickPick]) -> None:
    """Tick goods off a pick list: the first orders that want them get them."""
    picks = load_picks(item.input.pick for item in batch.open)
    catalogue = load_catalogue((line.sku for item in batch.open for line in item.input.lines), units=False)
    for item in batch.open:
        with batch.attempt(item):
            pick = pick_of(picks, item.input.pick)
            _require_open(pick)
            if not item.input.lines:
                raise QuantityRequired(document=pick.row.number)
            for taken in item.input.lines:
                _tick(batch, pick, catalogue.item(taken.sku).id, taken)
            item.document = pick.row.number
            item.answer = {"document": item.document}
    batch.log()
    batch.write_changes(PickLine)


def _require_open(pick: LoadedPick) -> None:
    if pick.state != "open":
        raise TransitionNotAllowed(document=pick.row.number, current=pick.state, wanted="open")


def _tick(batch: Batch[TickPick], pick: LoadedPick, product_id: int, taken: Taken) -> None:
    left_e4 = taken.quantity_e4
    for line in pick.lines:
        part_e4 = (
            min(left_e4, line.quantity_e4 - line.picked_e4) if line.product_id == product_id and line.is_open else 0
        )
        if part_e4:
            batch.change(line, picked_e4=part_e4)
            left_e4 -= part_e4
    if left_e4:
        raise PickExceedsList(
            document=pick.row.number, sku=taken.sku, asked_e4=taken.quantity_e4, left_e4=taken.quantity_e4 - left_e4
        )


@typed(frozen=True, kw_only=True, config=STRICT)
class EndPick(Input):
    """Which pick list is given up."""

    pick: str


@command("sales.end_pick", EndPick)
def end_pick(batch: Batch[EndPick]) -> None:
    """Give up what of pick lists has not shipped: it is free for others."""
    picks = load_picks(item.input.pick for item in batch.open)
    ended: dict[int, PickList] = {}
    for item in batch.open:
        with batch.attempt(item):
            pick = pick_of(picks, item.input.pick)
            _require_open(pick)
            if pick.row.pk in ended:
                raise TransitionNotAllowed(document=pick.row.number, current="ended", wanted="open")
            ended[pick.row.pk] = pick.row
            item.plan, item.document = pick, pick.row.number
            item.answer = {"document": item.document}
    batch.log()
    for item in batch.open:
        item.plan.row.ended_on = item.on
    PickList.objects.bulk_update(ended.values(), ["ended_on"])
    release([line.pk for item in batch.open for line in item.plan.lines])
