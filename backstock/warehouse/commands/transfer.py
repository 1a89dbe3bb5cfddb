"""Goods go from one warehouse to another, at once or in two steps: dispatched here, on the way, arriving there.

A move from warehouse to warehouse stays inside the company's value pool and carries no value. What is on the way has
left the pool at its issue cost and is still inventory; `stock.arrive` brings it into the other warehouse.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import GoodsLine
from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import QuantityRequired
from backstock.stock.moves import Move, Pool
from backstock.stock.places import GRADES, TRANSIT, place_id
from backstock.stock.posting import Entry, post
from backstock.warehouse.errors import SameWarehouse
from backstock.warehouse.handling import House, Part
from backstock.warehouse.models import StockTransfer, TransferLine
from backstock.warehouse.queries import Warehouses, load_warehouses

Grade = Literal["", "A", "B", "C", "D"]
# Stands for the line that is written down after deciding.
ON_THE_WAY = Pool("transit")


@typed(frozen=True, kw_only=True, config=STRICT)
class TransferredLine(GoodsLine):
    """What goes; of lots that are not named the first to expire goes first. `grade`: goods restocked at a discount."""

    grade: Grade = ""


@typed(frozen=True, kw_only=True, config=STRICT)
class TransferStock(Input):
    """A transfer; with `in_two_steps` the goods are on the way until they arrive."""

    source: str | None = None
    target: str
    lines: tuple[TransferredLine, ...]
    in_two_steps: bool = False
    note: Annotated[str, Field(max_length=200)] = ""

    PERSONAL = frozenset({"note"})


@dataclass(slots=True)
class Plan:
    """A transfer that was checked: its pieces, each with its moves."""

    source_id: int
    target_id: int
    lines: list[tuple[Part, str, list[Move]]] = field(default_factory=list)


@command("stock.transfer", TransferStock)
def transfer_stock(batch: Batch[TransferStock]) -> None:
    """Send goods from one warehouse to another."""
    inputs = [item.input for item in batch.open]
    warehouses = load_warehouses(code for each in inputs for code in (each.source, each.target))
    places = [place_id("sellable", pk, grade) for pk in warehouses.ids.values() for grade in ("", *GRADES)]
    house = House(batch, (line for each in inputs for line in each.lines), [*places, TRANSIT])
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _plan(item.input, warehouses, house)
    _write(batch)


def _plan(wanted: TransferStock, warehouses: Warehouses, house: House) -> Plan:
    if not wanted.lines:
        raise QuantityRequired()
    plan = Plan(warehouses.id(wanted.source), warehouses.id(wanted.target))
    pieces = [(line, house.quantity(line)[1]) for line in wanted.lines]
    if plan.source_id == plan.target_id:
        raise SameWarehouse(warehouse=wanted.target)
    for line, quantity_e4 in pieces:
        source = place_id("sellable", plan.source_id, line.grade)
        for part in house.leaving(line, quantity_e4, source):
            house.sheet.refuse_blocked(line.sku, part.lot_id)
            house.require_free(part, source)
            if wanted.in_two_steps:
                moves = house.take(part, source, TRANSIT, ON_THE_WAY)
            else:
                moves = [_across(house, part, source, place_id("sellable", plan.target_id, line.grade))]
            plan.lines.append((part, line.grade, moves))
    return plan


def _across(house: House, part: Part, source: int, target: int) -> Move:
    """Move pieces inside their pool: no value."""
    move = Move(
        product_id=part.product_id,
        lot_id=part.lot_id,
        quantity_e4=part.quantity_e4,
        source_id=source,
        target_id=target,
        source_value_cents=0,
        target_value_cents=0,
    )
    house.sheet.apply([move])
    return move


def _write(batch: Batch[TransferStock]) -> None:
    items: list[Item[TransferStock]] = batch.open
    ids = rows.insert_returning(
        StockTransfer,
        ("source", "target", "sent_on", "in_two_steps", "note"),
        [(i.plan.source_id, i.plan.target_id, i.on, i.input.in_two_steps, i.input.note) for i in items],
    )
    for item, pk in zip(items, ids, strict=True):
        item.document = StockTransfer(pk=pk).number
        item.answer = {"document": item.document}
        item.emit("StockDispatched" if item.input.in_two_steps else "StockTransferred")
    batch.log()
    line_rows = [
        (pk, *part[:2], grade, part.quantity_e4, 0 if item.input.in_two_steps else part.quantity_e4)
        for item, pk in zip(items, ids, strict=True)
        for part, grade, _ in item.plan.lines
    ]
    fields = ("transfer", "product_id", "lot_id", "grade", "quantity_e4", "arrived_e4", "returned_e4", "lost_e4")
    line_ids = iter(rows.insert_returning(TransferLine, fields, [(*row, 0, 0) for row in line_rows]))
    entries = []
    for item in items:
        moves = [move for _, _, own in item.plan.lines for move in _on_line(own, next(line_ids) or 0)]
        entries.append(Entry(item.log_id, item.on, item.document, moves))
    post(entries, recorded_at=batch.recorded_at)


def _on_line(moves: list[Move], line_id: int) -> list[Move]:
    """Name the line in its moves, and in the pool that keeps its value on the way."""
    return [
        replace(
            move, line_id=line_id, target_pool=Pool("transit", line_id) if move.target_pool.kind else move.target_pool
        )
        for move in moves
    ]
