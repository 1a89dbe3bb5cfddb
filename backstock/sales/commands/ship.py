"""A later shipment of a sale: a parcel, its pieces and the day it was signed for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import GoodsLine
from backstock.catalog.queries import Catalogue, load_catalogue
from backstock.core import rows
from backstock.core.amounts import E4
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import QuantityRequired
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.sales.delivery import recount_delivery
from backstock.sales.errors import ItemNotInSale, ShipmentExceedsOrder
from backstock.sales.loading import LoadedLine, LoadedSale, load_sales, sale_of
from backstock.sales.models import SalePiece, Shipment, ShipmentLine
from backstock.sales.picking import take_off_lists
from backstock.sales.postings import cost_of_sale
from backstock.sales.shipping import Leaving, load_named_lots, take_off_shelf
from backstock.sales.writing import PIECE_FIELDS, SHIPMENT_FIELDS, SHIPMENT_LINE_FIELDS, parcel_rows
from backstock.stock.places import place_id
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.stock.sheet import Sheet


@typed(frozen=True, kw_only=True, config=STRICT)
class ShipLine(GoodsLine):
    """What leaves of a line; `line` names it where a product stands on several."""

    line: int | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class Ship(Input):
    """A parcel for a sale, signed for on the day it leaves; not `signed` yet means that `sales.sign` will tell the day."""

    sale: str
    lines: tuple[ShipLine, ...]
    tracking_number: Annotated[str, Field(max_length=60)] = ""
    carrier: Annotated[str, Field(max_length=60)] = ""
    signed_on: date | None = None
    signed: bool = True


@dataclass(slots=True)
class Plan:
    """A shipment that was checked: what leaves of which line."""

    sale: LoadedSale
    leaving: list[tuple[LoadedLine, Leaving]] = field(default_factory=list)


@command("sales.ship", Ship)
def ship(batch: Batch[Ship]) -> None:
    """Ship what a sale still has to deliver."""
    inputs = [item.input for item in batch.open]
    sales = load_sales(each.sale for each in inputs)
    catalogue = load_catalogue(
        (line.sku for each in inputs for line in each.lines),
        (line.row.product_id for sale in sales.values() for line in sale.lines),
    )
    load_named_lots(catalogue, [(line.sku, line.lot, line.serials) for each in inputs for line in each.lines])
    sheet = Sheet(batch.journal, batch.company.cost_method)
    sheet.lock_stock(catalogue.by_id, [place_id("sellable", sale.row.warehouse_id) for sale in sales.values()])
    sheet.lock_sellable_pools(catalogue.by_id)
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _plan(batch, item.input, sale_of(sales, item.input.sale), catalogue, sheet)
    _write(batch)


def _plan(batch: Batch[Ship], wanted: Ship, sale: LoadedSale, catalogue: Catalogue, sheet: Sheet) -> Plan:
    if not wanted.lines:
        raise QuantityRequired(document=sale.row.number)
    plan = Plan(sale)
    for each in wanted.lines:
        item = catalogue.item(each.sku)
        quantity_e4 = catalogue.base_quantity(item, each.quantity_e4, each.unit)
        for line in _lines_for(sale, item.id, each):
            part_e4 = min(quantity_e4, line.to_ship_e4)
            if part_e4 > 0:
                leaving = take_off_shelf(sheet, catalogue, item, part_e4, each.lot, each.serials, sale.row.warehouse_id)
                plan.leaving.append((line, leaving))
                _count(batch, line, leaving)
                quantity_e4 -= part_e4
        if quantity_e4:
            raise ShipmentExceedsOrder(sku=each.sku, asked_e4=each.quantity_e4, left_e4=each.quantity_e4 - quantity_e4)
    return plan


def _lines_for(sale: LoadedSale, product_id: int, wanted: ShipLine) -> list[LoadedLine]:
    found = [line for line in sale.lines if line.row.product_id == product_id]
    if wanted.line is not None:
        found = [line for line in found if line.row.position == wanted.line]
    if not found:
        raise ItemNotInSale(sku=wanted.sku, document=sale.row.number)
    return found


def _write(batch: Batch[Ship]) -> None:
    items: list[Item[Ship]] = batch.open
    parcels = []
    for item in items:
        sale, wanted = item.plan.sale.row, item.input
        signed_on = (wanted.signed_on or item.on) if wanted.signed else None
        parcels.append((sale.pk, sale.warehouse_id, item.on, signed_on, wanted.tracking_number, wanted.carrier))
    ids = rows.insert_returning(Shipment, SHIPMENT_FIELDS, parcels)
    for item, pk in zip(items, ids, strict=True):
        item.document = item.plan.sale.row.number
        item.answer = {"document": item.document, "shipment": Shipment(pk=pk).number}
        item.emit("GoodsShipped")
    batch.log()
    inside = [
        row
        for item, pk in zip(items, ids, strict=True)
        for line, leaving in item.plan.leaving
        for row in parcel_rows(pk or 0, line.row.pk, leaving)
    ]
    rows.insert(ShipmentLine, SHIPMENT_LINE_FIELDS, inside)
    _post(batch)
    _write_counters(batch)
    take_off_lists([(line.row.pk, leaving) for item in items for line, leaving in item.plan.leaving])
    recount_delivery({line.row.pk: line.row for item in items for line, _ in item.plan.leaving}.values())


def _post(batch: Batch[Ship]) -> None:
    goods, money = [], []
    for item in batch.open:
        moves = [move for line, leaving in item.plan.leaving for move in leaving.moves_of(line.row.pk)]
        goods.append(StockEntry(item.log_id, item.on, item.document, moves))
        cost = cost_of_sale(moves, item.plan.sale.row.customer_id)
        money.append(MoneyEntry(item.log_id, item.on, item.document, [cost]))
    post_stock(goods, recorded_at=batch.recorded_at)
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)


def _count(batch: Batch[Ship], line: LoadedLine, leaving: Leaving) -> None:
    """Bring the counters of the pieces along at once, for the next line or item; lots that nobody foresaw get their own."""
    there = {(piece.product_id, piece.lot_id): piece for piece in line.pieces}
    for (product_id, lot_id), (quantity_e4, cost) in leaving.pieces.items():
        piece = there.get((product_id, lot_id))
        if piece is not None and piece.pk:
            batch.change(piece, shipped_e4=quantity_e4, cost_cents=cost)
            continue
        if piece is None:
            per = next((p.per_line_e4 for p in line.pieces if p.product_id == product_id), E4)
            piece = SalePiece(line_id=line.row.pk, product_id=product_id, lot_id=lot_id, per_line_e4=per)
            line.pieces.append(piece)
            batch.journal.append(partial(line.pieces.remove, piece))
        _add(batch, piece, quantity_e4, cost)


def _add(batch: Batch[Ship], fresh: SalePiece, quantity_e4: int, cost_cents: int) -> None:
    """Count on a piece that is not in the database yet."""
    before = fresh.shipped_e4, fresh.cost_cents
    fresh.shipped_e4, fresh.cost_cents = before[0] + quantity_e4, before[1] + cost_cents
    batch.journal.append(lambda: fresh.__dict__.update(shipped_e4=before[0], cost_cents=before[1]))


def _write_counters(batch: Batch[Ship]) -> None:
    """Write the pieces, and those that nobody foresaw."""
    lines = {line.row.pk: line for item in batch.open for line, _ in item.plan.leaving}
    batch.write_changes(SalePiece)
    rows.insert(
        SalePiece,
        PIECE_FIELDS,
        [
            (p.line_id, p.product_id, p.lot_id, p.per_line_e4, p.shipped_e4, 0, 0, 0, p.cost_cents, 0)
            for line in lines.values()
            for p in line.pieces
            if not p.pk
        ],
    )
