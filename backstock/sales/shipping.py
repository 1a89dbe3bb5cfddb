"""Take goods for a customer off the shelf: shared by a sale that ships at once and by a later shipment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from backstock.catalog.errors import SerialRequired
from backstock.catalog.queries import Catalogue, Item, load_lots, unique
from backstock.core.amounts import E4
from backstock.sales.postings import shipment_moves
from backstock.stock.errors import InsufficientStock
from backstock.stock.moves import Move
from backstock.stock.places import place_id
from backstock.stock.sheet import Sheet


@dataclass(slots=True)
class Leaving:
    """What leaves for one line: moves still without their line, and per (product, lot): quantity and cost."""

    moves: list[Move] = field(default_factory=list)
    pieces: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    def add(self, product_id: int, lot_id: int, quantity_e4: int, moves: Sequence[Move]) -> None:
        """Remember pieces and their moves."""
        self.moves += moves
        counted = self.pieces.setdefault((product_id, lot_id), [0, 0])
        counted[0] += quantity_e4
        counted[1] += sum(move.source_value_cents for move in moves)

    def moves_of(self, line_id: int) -> list[Move]:
        """Return the moves with the line they belong to."""
        return [replace(move, line_id=line_id) for move in self.moves]


def load_named_lots(catalogue: Catalogue, lines: Sequence[tuple[str, str | None, Sequence[str]]]) -> None:
    """Read lots and serials named on lines of (sku, lot, serials)."""
    named = [
        (catalogue.by_sku[sku].id, code)
        for sku, lot, serials in lines
        if sku in catalogue.by_sku
        for code in (*((lot,) if lot else ()), *serials)
    ]
    load_lots(catalogue, named)


def take_off_shelf(
    sheet: Sheet,
    catalogue: Catalogue,
    item: Item,
    quantity_e4: int,
    lot: str | None,
    serials: Sequence[str],
    warehouse_id: int,
) -> Leaving:
    """Take a line's pieces from sellable stock; raise InsufficientStock, StockReserved or SerialRequired."""
    leaving, place = Leaving(), place_id("sellable", warehouse_id)
    for product_id, _, pieces_e4 in item.pieces_of(quantity_e4):
        piece = catalogue.by_id[product_id]
        for lot_id, part_e4 in _lots_for(sheet, catalogue, piece, pieces_e4, lot, serials, place):
            sheet.refuse_blocked(piece.sku, lot_id)
            sheet.require(piece.sku, product_id, lot_id, place, part_e4)
            sheet.require_free(piece.sku, product_id, place, part_e4)
            moves = shipment_moves(product_id, lot_id, place, sheet.take_new(product_id, lot_id, part_e4))
            sheet.apply(moves)
            leaving.add(product_id, lot_id, part_e4, moves)
    return leaving


def _lots_for(
    sheet: Sheet,
    catalogue: Catalogue,
    item: Item,
    quantity_e4: int,
    lot: str | None,
    serials: Sequence[str],
    place: int,
) -> list[tuple[int, int]]:
    """Say which lots leave: those named; for lots that nobody named the oldest first."""
    tracking = item.product.tracking
    if tracking == "none":
        return [(0, quantity_e4)]
    if tracking == "serial":
        codes = unique(item.sku, serials)
        if len(codes) * E4 != quantity_e4:
            raise SerialRequired(sku=item.sku, needed_e4=quantity_e4, given=len(codes))
        return [(_lot_id(catalogue, item, code, E4), E4) for code in codes]
    if lot is not None:
        return [(_lot_id(catalogue, item, lot, quantity_e4), quantity_e4)]
    chosen, left_e4 = [], quantity_e4
    for lot_id, there_e4 in sheet.lots_at(item.id, place):
        part_e4 = min(left_e4, there_e4)
        if part_e4 > 0:
            chosen.append((lot_id, part_e4))
            left_e4 -= part_e4
    if left_e4:
        raise InsufficientStock(sku=item.sku, asked_e4=quantity_e4, available_e4=quantity_e4 - left_e4)
    return chosen


def _lot_id(catalogue: Catalogue, item: Item, code: str, quantity_e4: int) -> int:
    """Return a lot that should be on the shelf; one that never was is simply not there."""
    lot_id = catalogue.lots.get((item.id, code))
    if lot_id is None:
        raise InsufficientStock(sku=f"{item.sku} {code}", asked_e4=quantity_e4, available_e4=0)
    return lot_id
