"""Parts become a product, or a product its parts again (组装, 拆卸). The value of the one is the value of the other.

Parts leave at their issue cost, the product comes in at their sum and the cost of the work. Taken apart, the product's
issue cost is shared over the parts by what they cost today, or by quantity where one of them has no cost yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code, GoodsLine
from backstock.catalog.queries import Item as CatalogueItem
from backstock.core import rows
from backstock.core.amounts import MAX_CENTS, decimal_text, spread
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import DuplicateLine, InvalidInput, InvalidQuantity
from backstock.money.accounts import Role
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.money.transfers import Pay
from backstock.stock.errors import CostRequired
from backstock.stock.moves import Move
from backstock.stock.places import OUTSIDE, place_id
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.warehouse.errors import KitIsNotStocked, RecipeRequired
from backstock.warehouse.handling import House, Part, settled
from backstock.warehouse.models import Assembly, AssemblyPart
from backstock.warehouse.queries import Recipe, last_recipes, load_warehouses


@typed(frozen=True, kw_only=True, config=STRICT)
class Assemble(Input):
    """How many of a product are made of which parts, all together; without parts: as the last time.

    `taken_apart`: the other way round. `work_cents` is what the work cost; it is added to the product's value.
    """

    sku: Code
    quantity_e4: int
    unit: str | None = None
    lot: Code | None = None
    serials: tuple[Code, ...] = ()
    warehouse: str | None = None
    parts: tuple[GoodsLine, ...] = ()
    taken_apart: bool = False
    work_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)] = 0
    note: Annotated[str, Field(max_length=200)] = ""

    PERSONAL = frozenset({"note"})

    @property
    def product(self) -> GoodsLine:
        """The product as a line of goods."""
        return GoodsLine(sku=self.sku, quantity_e4=self.quantity_e4, unit=self.unit, lot=self.lot, serials=self.serials)


@dataclass(slots=True)
class Plan:
    """An assembly that was checked."""

    warehouse_id: int
    product_id: int
    quantity_e4: int
    value_cents: int = 0
    # (part's product, quantity, value)
    parts: list[tuple[int, int, int]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)


@command("stock.assemble", Assemble)
def assemble(batch: Batch[Assemble]) -> None:
    """Make products of parts, or take them apart."""
    inputs = [item.input for item in batch.open]
    warehouses = load_warehouses(each.warehouse for each in inputs)
    recipes = last_recipes(each.sku for each in inputs if not each.parts)
    lines = [line for each in inputs for line in (each.product, *each.parts)]
    parts_of_recipes = {product for recipe in recipes.values() for product, _ in recipe.parts}
    places = [place_id("sellable", pk) for pk in warehouses.ids.values()]
    house = House(batch, lines, places, parts_of_recipes)
    house.expect_goods(house.catalogue.by_id)
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _plan(item.input, warehouses.id(item.input.warehouse), recipes, house)
    _write(batch, house)


def _plan(wanted: Assemble, warehouse_id: int, recipes: dict[str, Recipe], house: House) -> Plan:
    product, quantity_e4 = house.quantity(wanted.product)
    plan, place = Plan(warehouse_id, product.id, quantity_e4), place_id("sellable", warehouse_id)
    parts = _parts(wanted, product, quantity_e4, recipes, house)
    for each, _ in (*parts, (product, 0)):
        if each.components:
            raise KitIsNotStocked(sku=each.sku)
    if wanted.taken_apart:
        if wanted.work_cents:
            raise InvalidInput(field="work_cents", problem="only for goods that are put together")
        _take_apart(wanted, parts, plan, house, place)
    else:
        _put_together(wanted, product, parts, plan, house, place)
    return plan


def _parts(
    wanted: Assemble, product: CatalogueItem, quantity_e4: int, recipes: dict[str, Recipe], house: House
) -> list[tuple[CatalogueItem, GoodsLine]]:
    """Return the parts with their quantities in base units: those named, else those of the last time in proportion."""
    found: list[tuple[CatalogueItem, GoodsLine]] = []
    for line in wanted.parts:
        item, part_e4 = house.quantity(line)
        found.append((item, GoodsLine(sku=item.sku, quantity_e4=part_e4, lot=line.lot, serials=line.serials)))
    if not wanted.parts:
        if product.sku not in recipes:
            raise RecipeRequired(sku=product.sku)
        recipe = recipes[product.sku]
        for part_id, of_recipe_e4 in recipe.parts:
            item = house.catalogue.by_id[part_id]
            part_e4, rest = divmod(of_recipe_e4 * quantity_e4, recipe.quantity_e4)
            if rest or part_e4 % item.step_e4:
                shown = decimal_text(part_e4, 4)
                raise InvalidQuantity(sku=item.sku, quantity=shown, decimals=item.product.unit_decimals)
            found.append((item, GoodsLine(sku=item.sku, quantity_e4=part_e4)))
    named = [item.sku for item, _ in found]
    for sku in named:
        if sku == product.sku or named.count(sku) > 1:
            raise DuplicateLine(sku=sku)
    return found


def _put_together(
    wanted: Assemble, product: CatalogueItem, parts: list[tuple[CatalogueItem, GoodsLine]], plan: Plan, house: House,
    place: int,
) -> None:  # fmt: skip
    for item, line in parts:
        moves = _used_up(item.sku, line, line.quantity_e4, house, place)
        plan.parts.append((item.id, line.quantity_e4, sum(move.source_value_cents for move in moves)))
        plan.moves += moves
    plan.value_cents = sum(value for _, _, value in plan.parts) + wanted.work_cents
    made = house.named(product, plan.quantity_e4, wanted.product)
    values = spread(plan.value_cents, [part.quantity_e4 for part in made])
    plan.moves += [house.bring(part, value, place) for part, value in zip(made, values, strict=True)]


def _used_up(sku: str, line: GoodsLine, quantity_e4: int, house: House, place: int) -> list[Move]:
    """Take what leaves as itself, and would come back under another name: blocked goods stay, and those that wait."""
    moves: list[Move] = []
    for part in house.leaving(line, quantity_e4, place):
        house.sheet.refuse_blocked(sku, part.lot_id)
        house.require_free(part, place)
        moves += house.take(part, place, OUTSIDE)
    return moves


def _take_apart(
    wanted: Assemble, parts: list[tuple[CatalogueItem, GoodsLine]], plan: Plan, house: House, place: int
) -> None:
    plan.moves += _used_up(wanted.product.sku, wanted.product, plan.quantity_e4, house, place)
    plan.value_cents = sum(move.source_value_cents for move in plan.moves)
    values = spread(plan.value_cents, _weights(parts, house))
    for (item, line), value in zip(parts, values, strict=True):
        pieces = house.named(item, line.quantity_e4, line)
        plan.parts.append((item.id, line.quantity_e4, value))
        shares = spread(value, [piece.quantity_e4 for piece in pieces])
        plan.moves += [house.bring(piece, share, place) for piece, share in zip(pieces, shares, strict=True)]


def _weights(parts: list[tuple[CatalogueItem, GoodsLine]], house: House) -> list[int]:
    """Weigh parts by what they cost today, by quantity where one has no cost yet."""
    try:
        return [house.cost(Part(item.id, 0, line.quantity_e4)) for item, line in parts]
    except CostRequired:
        return [line.quantity_e4 for _, line in parts]


def _write(batch: Batch[Assemble], house: House) -> None:
    items: list[Item[Assemble]] = batch.open
    ids = rows.insert_returning(
        Assembly,
        (
            "warehouse", "product_id", "quantity_e4", "value_cents", "taken_apart", "work_cents", "assembled_on", "note",
        ),
        [
            (
                i.plan.warehouse_id, i.plan.product_id, i.plan.quantity_e4, i.plan.value_cents, i.input.taken_apart,
                i.input.work_cents, i.on, i.input.note,
            )
            for i in items
        ],
    )  # fmt: skip
    for item, pk in zip(items, ids, strict=True):
        item.document = Assembly(pk=pk).number
        item.answer = {"document": item.document}
        item.emit("GoodsTakenApart" if item.input.taken_apart else "GoodsAssembled")
    batch.log()
    part_rows = [(pk, *part) for item, pk in zip(items, ids, strict=True) for part in item.plan.parts]
    rows.insert(AssemblyPart, ("assembly", "product_id", "quantity_e4", "value_cents"), part_rows)
    lots = house.named_lots(move for item in items for move in item.plan.moves)
    goods, money = [], []
    for item, pk in zip(items, ids, strict=True):
        moves = [settled(move, lots, pk or 0) for move in item.plan.moves]
        goods.append(StockEntry(item.log_id, item.on, item.document, moves))
        work = Pay(amount_cents=item.input.work_cents, debit=Role.inventory, credit=Role.expenses)
        money.append(MoneyEntry(item.log_id, item.on, item.document, [work]))
    post_stock(goods, recorded_at=batch.recorded_at)
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
