"""More or fewer goods than the books say, with the reason: found, lost, broken, used by ourselves, given as a sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, NamedTuple

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import GoodsLine
from backstock.core import rows
from backstock.core.amounts import MAX_PRICE_E6
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import QuantityRequired
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.money.transfers import Pay
from backstock.stock.moves import Move
from backstock.stock.places import GRADES, OUTSIDE, place_id
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.warehouse.commands.arrive import lost
from backstock.warehouse.commands.transfer import Grade
from backstock.warehouse.handling import House, Part, settled
from backstock.warehouse.models import AdjustmentLine, StockAdjustment
from backstock.warehouse.queries import load_warehouses


@typed(frozen=True, kw_only=True, config=STRICT)
class AdjustLine(GoodsLine):
    """A signed quantity. `unit_cost_e6`, per base unit, is what goods come in at; today's average where it is left out."""

    grade: Grade = ""
    unit_cost_e6: Annotated[int, Field(ge=0, le=MAX_PRICE_E6)] | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class AdjustStock(Input):
    """An adjustment; the reason is a word of the company's own list."""

    warehouse: str | None = None
    lines: tuple[AdjustLine, ...]
    reason: Annotated[str, Field(max_length=60)] = ""
    note: Annotated[str, Field(max_length=200)] = ""

    PERSONAL = frozenset({"note"})


class Adjusted(NamedTuple):
    """One line of an adjustment: pieces, signed quantity and value, and the moves."""

    part: Part
    grade: str
    quantity_e4: int
    value_cents: int
    moves: list[Move]


@dataclass(slots=True)
class Plan:
    """An adjustment that was checked."""

    warehouse_id: int
    lines: list[Adjusted] = field(default_factory=list)

    @property
    def moves(self) -> list[Move]:
        """All moves, in the order of the lines."""
        return [move for line in self.lines for move in line.moves]


@command("stock.adjust", AdjustStock)
def adjust_stock(batch: Batch[AdjustStock]) -> None:
    """Bring the books to what is really there."""
    inputs = [item.input for item in batch.open]
    warehouses = load_warehouses(each.warehouse for each in inputs)
    lines = [line for each in inputs for line in each.lines]
    places = [place_id("sellable", pk, grade) for pk in warehouses.ids.values() for grade in ("", *GRADES)]
    house = House(batch, lines, places)
    house.expect_goods(house.catalogue.by_id if any(line.quantity_e4 > 0 for line in lines) else ())
    for item in batch.open:
        with batch.attempt(item):
            plan = item.plan = Plan(warehouses.id(item.input.warehouse))
            if not item.input.lines:
                raise QuantityRequired()
            for line in item.input.lines:
                plan.lines += adjusted(house, line, place_id("sellable", plan.warehouse_id, line.grade))
    _write(batch, house)


def adjusted(house: House, line: AdjustLine, place: int) -> list[Adjusted]:
    """Decide one line: what is too much comes in at its cost, what is missing leaves at its issue cost."""
    item = house.catalogue.item(line.sku)
    quantity_e4 = house.catalogue.base_quantity(item, abs(line.quantity_e4), line.unit)
    found: list[Adjusted] = []
    for product_id, _, pieces_e4 in item.pieces_of(quantity_e4):
        for part in house.named(house.catalogue.by_id[product_id], pieces_e4, line):
            found.append(adjusted_part(house, part, line.quantity_e4 > 0, place, line.grade, line.unit_cost_e6))
    return found


def adjusted_part(house: House, part: Part, more: bool, place: int, grade: str, cost_e6: int | None) -> Adjusted:
    """Decide pieces of one product and lot."""
    if more:
        value = house.cost(part, grade, cost_e6)
        return Adjusted(part, grade, part.quantity_e4, value, [house.bring(part, value, place)])
    moves = house.take(part, place, OUTSIDE)
    return Adjusted(part, grade, -part.quantity_e4, -sum(move.source_value_cents for move in moves), moves)


def differences(lines: Sequence[Adjusted]) -> list[Pay]:
    """What came in and what left, each as one transfer against stock differences."""
    values = [line.value_cents for line in lines]
    return [lost(-sum(v for v in values if v > 0)), lost(-sum(v for v in values if v < 0))]


def _write(batch: Batch[AdjustStock], house: House) -> None:
    items: list[Item[AdjustStock]] = batch.open
    ids = rows.insert_returning(
        StockAdjustment,
        ("warehouse", "adjusted_on", "reason", "note"),
        [(i.plan.warehouse_id, i.on, i.input.reason, i.input.note) for i in items],
    )
    for item, pk in zip(items, ids, strict=True):
        item.document = StockAdjustment(pk=pk).number
        item.answer = {"document": item.document}
        item.emit("StockAdjusted")
    batch.log()
    lots = house.named_lots(move for item in items for move in item.plan.moves)
    line_rows = [
        (pk, line.part.product_id, lots.get(line.part.lot_id, line.part.lot_id), *line[1:4])
        for item, pk in zip(items, ids, strict=True)
        for line in item.plan.lines
    ]
    fields = ("adjustment", "product_id", "lot_id", "grade", "quantity_e4", "value_cents")
    line_ids = iter(rows.insert_returning(AdjustmentLine, fields, line_rows))
    goods, money = [], []
    for item in items:
        moves = []
        for line in item.plan.lines:
            line_id = next(line_ids) or 0
            moves += [settled(move, lots, line_id) for move in line.moves]
        goods.append(StockEntry(item.log_id, item.on, item.document, moves))
        money.append(MoneyEntry(item.log_id, item.on, item.document, differences(item.plan.lines)))
    post_stock(goods, recorded_at=batch.recorded_at)
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
