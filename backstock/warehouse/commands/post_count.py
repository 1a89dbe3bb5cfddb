"""A count is approved: the difference of each counted line becomes stock, today; or the count is cancelled.

The difference is counted less the book quantity that was kept at the start, so what was sold meanwhile stays sold.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.amounts import MAX_PRICE_E6
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.stock.places import place_id
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.warehouse import lifecycle
from backstock.warehouse.commands.adjust import Adjusted, adjusted_part, differences
from backstock.warehouse.counting import Counts
from backstock.warehouse.errors import NothingCounted
from backstock.warehouse.handling import House, Part, settled
from backstock.warehouse.lifecycle import Status
from backstock.warehouse.models import CountLine, StockCount


@typed(frozen=True, kw_only=True, config=STRICT)
class UnitCost:
    """What one base unit of goods without a history cost."""

    sku: str
    unit_cost_e6: Annotated[int, Field(ge=0, le=MAX_PRICE_E6)]


@typed(frozen=True, kw_only=True, config=STRICT)
class PostCount(Input):
    """Approve a count. What was not counted is left alone, or taken as zero by explicit choice."""

    document: str
    uncounted: Literal["leave", "zero"] = "leave"
    costs: Annotated[tuple[UnitCost, ...], Field(max_length=1_000)] = ()


@command("stock.post_count", PostCount)
def post_count(batch: Batch[PostCount]) -> None:
    """Post the differences of stock counts."""
    counts = Counts(item.input.document for item in batch.open)
    lines: dict[int, list[CountLine]] = {pk: [] for pk in counts.ids}
    for line in CountLine.objects.select_for_update().filter(stock_count_id__in=counts.ids).order_by("pk"):
        lines[line.stock_count_id].append(line)
    products = {line.product_id for each in lines.values() for line in each if line.difference_e4}
    places = [place_id("sellable", each.warehouse_id) for each in counts.by_number.values()]
    house = House(batch, (), places, products)
    house.expect_goods(products)
    for item in batch.open:
        with batch.attempt(item):
            count = counts.one(item.input.document)
            item.plan = _plan(item.input, count, lines[count.pk], house)
            before = lifecycle.end(count, Status.POSTED, item.on)
            batch.journal.append(_putting_back(count, before))
            item.document, item.answer = count.number, {"document": count.number, "lines": len(item.plan)}
            item.emit("StockCountPosted")
    _write(batch, counts)


def _putting_back(count: StockCount, before: tuple[str, Any]) -> Any:
    return lambda: lifecycle.put_back(count, before)


def _plan(
    wanted: PostCount, count: StockCount, lines: list[CountLine], house: House
) -> list[tuple[CountLine, Adjusted]]:
    lifecycle.require_counting(count, "posted")
    counted = [line for line in lines if line.passes or (wanted.uncounted == "zero" and line.expected)]
    if not any(line.passes for line in lines):
        raise NothingCounted(document=count.number)
    place = place_id("sellable", count.warehouse_id)
    costs = {each.sku: each.unit_cost_e6 for each in wanted.costs}
    plan = []
    # What is missing first: fifo layers that are found today have no name yet.
    for line in sorted(counted, key=lambda each: (each.difference_e4 > 0, each.product_id, each.lot_id)):
        if line.difference_e4:
            part = Part(line.product_id, line.lot_id, abs(line.difference_e4))
            cost_e6 = costs.get(house.catalogue.sku(line.product_id))
            plan.append((line, adjusted_part(house, part, line.difference_e4 > 0, place, "", cost_e6)))
    return plan


def _write(batch: Batch[PostCount], counts: Counts) -> None:
    batch.log()
    items: list[Item[PostCount]] = batch.open
    goods, money = [], []
    posted: dict[int, dict[str, int]] = {}
    for item in items:
        moves = [settled(move, {}, line.pk) for line, done in item.plan for move in done.moves]
        goods.append(StockEntry(item.log_id, item.on, item.document, moves))
        money.append(MoneyEntry(item.log_id, item.on, item.document, differences([done for _, done in item.plan])))
        for line, done in item.plan:
            posted[line.pk] = {"posted_e4": done.quantity_e4, "posted_cents": done.value_cents}
    post_stock(goods, recorded_at=batch.recorded_at)
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    rows.add(CountLine, posted)
    lifecycle.store(counts.one(item.document) for item in items)


@typed(frozen=True, kw_only=True, config=STRICT)
class CancelCount(Input):
    """A count that is not wanted any more."""

    document: str


@command("stock.cancel_count", CancelCount, permission=lambda _: "stock.count")
def cancel_count(batch: Batch[CancelCount]) -> None:
    """Cancel stock counts; the stock stays as it is."""
    counts = Counts(item.input.document for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            count = counts.one(item.input.document)
            before = lifecycle.end(count, Status.CANCELLED, item.on)
            batch.journal.append(_putting_back(count, before))
            item.document, item.answer = count.number, {"document": count.number}
            item.emit("StockCountCancelled")
    batch.log()
    lifecycle.store(counts.one(item.document) for item in batch.open)
