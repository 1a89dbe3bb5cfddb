"""After receipt (or ahead of it, where goods cross): the exchanged or replacement goods leave. Next is `settle`, if we pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import GoodsLine
from backstock.catalog.queries import Catalogue
from backstock.core import rows
from backstock.core.amounts import E4
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.returns.after.fees import fee_entries, fee_of, write_fees
from backstock.returns.after.reserving import is_exchange, keep_reserved
from backstock.returns.after.swapping import (
    Filling,
    Part,
    Swaps,
    move_value,
    replace_units,
    require_open,
    serials_of,
    steps_by_line,
)
from backstock.returns.loading import LoadedReturn, catalogue_of, load_returns, return_of
from backstock.returns.models import Replacement, ReturnLine, Swap, SwapStep
from backstock.returns.stepping import need_lines
from backstock.sales.models import Sale, SaleLine
from backstock.sales.models import Shipment as ShipmentPaper
from backstock.sales.replacing import FreshLine, Parcel, write_differences, write_parcels
from backstock.sales.shipping import take_off_shelf
from backstock.stock.places import place_id
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.stock.reserving import Reserved, reserved_for
from backstock.stock.sheet import Sheet
from backstock.warehouse.queries import Warehouses, load_warehouses

SWAP_COUNTERS = (
    "shipped_e4", "agreed_cents", "worth_net_cents", "worth_tax_cents", "moved_net_cents", "moved_tax_cents",
)  # fmt: skip
STEP_COUNTERS = ("replaced_e4", *SWAP_COUNTERS)


@typed(frozen=True, kw_only=True, config=STRICT)
class ReplacementLine(GoodsLine):
    """What leaves; `line` names the line of the return that it is for, where several could be meant."""

    line: int | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class ShipReplacement(Input):
    """A parcel with other goods for a return; without a warehouse from where the old ones were sold."""

    document: str
    warehouse: str | None = None
    lines: tuple[ReplacementLine, ...]
    tracking_number: Annotated[str, Field(max_length=60)] = ""
    carrier: Annotated[str, Field(max_length=60)] = ""
    signed_on: date | None = None
    signed: bool = True


@dataclass(slots=True)
class Plan:
    """A shipment that was checked: parcels by sale, and what it changes line by line."""

    rma: LoadedReturn
    parts: list[Part] = field(default_factory=list)
    parcels: dict[int, Parcel] = field(default_factory=dict)
    steps: dict[int, dict[str, int]] = field(default_factory=steps_by_line)
    fee_cents: int = 0


@dataclass(slots=True)
class Shelf:
    """What deciding looks at, shared by the items of a batch."""

    catalogue: Catalogue
    swaps: Swaps
    sheet: Sheet
    warehouses: Warehouses
    # Line of a return → what waits for it.
    reserved: dict[int, list[Reserved]]

    def take_up(self, line_id: int, pieces: list[tuple[int, int]], place: int) -> None:
        """Let pieces of products that wait for a line at a place be taken for it."""
        for product_id, quantity_e4 in pieces:
            for n, each in enumerate(self.reserved.get(line_id, ())):
                if (each.product_id, each.place_id) == (product_id, place):
                    part_e4 = self.sheet.take_up(each, quantity_e4)
                    self._left(line_id, n, each._replace(quantity_e4=each.quantity_e4 - part_e4))

    def _left(self, line_id: int, at: int, left: Reserved) -> None:
        mine = self.reserved[line_id]
        self.sheet.journal.append(partial(mine.__setitem__, at, mine[at]))
        mine[at] = left


@command("returns.ship_replacement", ShipReplacement)
def ship_replacement(batch: Batch[ShipReplacement]) -> None:
    """Ship goods in place of those that came back, all of a parcel or nothing."""
    returns = load_returns(item.input.document for item in batch.open)
    shelf = _shelf(batch, returns.values())
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            need_lines(rma, item.input.lines)
            for line in item.input.lines:
                shelf.catalogue.item(line.sku)
            require_open(rma)
            item.plan = Plan(rma)
            for line in item.input.lines:
                _plan_line(item, line, shelf)
            for sale_id, parcel in item.plan.parcels.items():
                parts = [part for part in item.plan.parts if part.line.row.sale_id == sale_id]
                move_value(shelf.swaps, rma, parcel.sale, parts, item.plan.steps)
            item.document = rma.row.number
            item.emit("ReplacementShipped")
    _write(batch, shelf)


def _shelf(batch: Batch[ShipReplacement], returns: Iterable[LoadedReturn]) -> Shelf:
    returns = list(returns)
    lines = [(a.sku, a.unit, a.lot, a.serials) for item in batch.open for a in item.input.lines]
    catalogue, swaps = catalogue_of(returns, lines), Swaps(batch, returns)
    named = {item.input.warehouse for item in batch.open}
    warehouses = load_warehouses(named) if named != {None} else Warehouses({})
    houses = {sale.row.warehouse_id for sale in swaps.sales.values()} | set(warehouses.ids.values())
    asked = {catalogue.by_sku[sku].id for sku, *_ in lines if sku in catalogue.by_sku}
    asked |= {part for pk in asked for part, _ in catalogue.by_id[pk].components}
    sheet = Sheet(batch.journal, batch.company.cost_method)
    sheet.lock_stock(asked, [place_id("sellable", house) for house in houses])
    sheet.lock_sellable_pools(asked)
    exchanged = [line.row.pk for rma in returns if is_exchange(rma) for line in rma.lines]
    reserved: dict[int, list[Reserved]] = defaultdict(list)
    for each in reserved_for(exchanged) if exchanged else ():
        reserved[each.line_id].append(each)
    return Shelf(catalogue, swaps, sheet, warehouses, reserved)


def _plan_line(item: Item[ShipReplacement], wanted: ReplacementLine, shelf: Shelf) -> None:
    """Find the lines of the return that a line is for, take its goods off the shelf, and count."""
    plan: Plan = item.plan
    product = shelf.catalogue.item(wanted.sku)
    quantity_e4 = shelf.catalogue.base_quantity(product, wanted.quantity_e4, wanted.unit)
    filling = Filling(shelf.swaps, plan.rma, product)
    filling.fill(quantity_e4, wanted.line)
    serials = serials_of(product, wanted.serials, quantity_e4)
    for line in plan.rma.lines:
        pieces_e4 = filling.pieces.get(line.row.pk, 0)
        if not pieces_e4:
            continue
        parcel = _parcel(item, line.row.sale_id, shelf)
        mine, serials = serials[: pieces_e4 // E4], serials[pieces_e4 // E4 :]
        parts = [(pk, e4) for pk, _per, e4 in product.pieces_of(pieces_e4)]
        shelf.take_up(line.row.pk, parts, place_id("sellable", parcel.warehouse_id))
        leaving = take_off_shelf(
            shelf.sheet, shelf.catalogue, product, pieces_e4, wanted.lot, mine, parcel.warehouse_id
        )  # fmt: skip
        fresh = FreshLine(product, line.row.pk, pieces_e4, 0, 0, False, leaving)
        part = Part(line, pieces_e4, 0, filling.ahead(line), fresh)
        replace_units(shelf.swaps, plan.rma, part, plan.steps[line.row.pk])
        plan.parts.append(part)
        plan.fee_cents += fee_of(plan.rma, part, parcel.sale.row.rate_e9)
        parcel.lines.append(fresh)


def _parcel(item: Item[ShipReplacement], sale_id: int, shelf: Shelf) -> Parcel:
    plan: Plan = item.plan
    if sale_id not in plan.parcels:
        wanted, sale = item.input, shelf.swaps.sales[sale_id]
        house = sale.row.warehouse_id if wanted.warehouse is None else shelf.warehouses.id(wanted.warehouse)
        signed_on = (wanted.signed_on or item.on) if wanted.signed else None
        plan.parcels[sale_id] = Parcel(sale, house, item.on, signed_on, wanted.tracking_number, wanted.carrier)
    return plan.parcels[sale_id]


def _write(batch: Batch[ShipReplacement], shelf: Shelf) -> None:
    items = batch.open
    write_parcels([parcel for item in items for parcel in item.plan.parcels.values()])
    for item in items:
        parcels = item.plan.parcels.values()
        billed = sum(sum(parcel.billed) for parcel in parcels)
        numbers = [ShipmentPaper(pk=parcel.shipment_id).number for parcel in parcels]
        item.answer = {"document": item.document, "shipments": numbers, "billed_cents": billed}
    batch.log()
    pairs = [(item, parcel) for item in items for parcel in item.plan.parcels.values()]
    write_differences([parcel for _, parcel in pairs])
    goods = [StockEntry(item.log_id, item.on, p.sale.row.number, p.moves()) for item, p in pairs]
    post_stock(goods, recorded_at=batch.recorded_at)
    money = [MoneyEntry(item.log_id, item.on, p.sale.row.number, p.transfers()) for item, p in pairs]
    fees = [(item, item.plan.rma, item.plan.fee_cents) for item in items]
    money += fee_entries(fees)
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    write_fees(batch, fees)
    _write_swaps(batch, shelf)
    batch.write_changes(Swap, ReturnLine, SaleLine, Sale)
    keep_reserved({item.plan.rma.row.pk: item.plan.rma for item in items}.values())


def _write_swaps(batch: Batch[ShipReplacement], shelf: Shelf) -> None:
    """Write what left, what it changed, and swaps that nobody foresaw."""
    goods, steps = [], []
    for item in batch.open:
        plan: Plan = item.plan
        for part in plan.parts:
            parcel, days = plan.parcels[part.line.row.sale_id], part.line.terms.cross_ship_deadline_days
            due_on = item.on + timedelta(days=days) if part.ahead_e4 and days is not None else None
            goods.append(
                (
                    plan.rma.row.pk, part.line.row.pk, item.log_id, part.line.row.sale_id, part.fresh.pk,
                    parcel.shipment_id, part.fresh.item.id, part.pieces_e4, part.units_e4, *part.fresh.billed,
                    *part.fresh.worth, *part.worth, *part.fresh.moved, item.on,
                    due_on, 0,
                )
            )  # fmt: skip
        for line_id, step in plan.steps.items():
            steps.append((plan.rma.row.pk, item.log_id, line_id, *(step.get(n, 0) for n in STEP_COUNTERS), 0, item.on))
    fields = (
        "rma_id", "line", "log_id", "sale_id", "sale_line_id", "shipment_id", "product_id", "quantity_e4", "replaced_e4",
        "billed_net_cents", "billed_tax_cents", "price_net_cents", "price_tax_cents", "worth_net_cents",
        "worth_tax_cents", "moved_net_cents", "moved_tax_cents", "shipped_on", "due_on", "undone_log_id",
    )  # fmt: skip
    rows.insert(Replacement, fields, goods)
    rows.insert(SwapStep, ("rma_id", "log_id", "line_id", *STEP_COUNTERS, "mirrors_log_id", "business_on"), steps)
    kept = ("rma_id", "line", "wished_e4", "for_e4", "unit_price_e6", "tax_rate_e6", "net_cents", "tax_cents")
    new = (*kept, *SWAP_COUNTERS, "credited_net_cents", "credited_tax_cents")
    values = [
        (swap.rma_id, swap.line_id, 0, 0, 0, 0, 0, 0, *(getattr(swap, name) for name in SWAP_COUNTERS), 0, 0)
        for swap in shelf.swaps.fresh()
    ]
    rows.insert(Swap, new, values)
