"""Find the pieces that a step of a return is about: by product, lot or serial, within what the step may still touch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from backstock.catalog.errors import SerialRequired
from backstock.catalog.lines import GoodsLine
from backstock.catalog.queries import Catalogue, Item, unique
from backstock.core.amounts import E4
from backstock.core.errors import DomainError, QuantityRequired
from backstock.returns.errors import LotNotInSale, SerialNotInSale
from backstock.returns.loading import LoadedLine, LoadedReturn
from backstock.returns.models import ReturnPiece
from backstock.sales.errors import ItemNotInSale

Room = Callable[[ReturnPiece], int]
# (sku, asked, room): the refusal of a step that is asked for more than there is.
Excess = Callable[[str, int, int], DomainError]


@dataclass(slots=True)
class Part:
    """Some units of one piece."""

    line: LoadedLine
    piece: ReturnPiece
    quantity_e4: int


def need_lines(rma: LoadedReturn, lines: Iterable[GoodsLine]) -> None:
    """Refuse a step over nothing."""
    if not list(lines):
        raise QuantityRequired(document=rma.row.number)


def pick(
    rma: LoadedReturn, catalogue: Catalogue, wanted: GoodsLine, room: Room, excess: Excess, serials_needed: bool = False
) -> list[Part]:
    """Return the pieces for a line of a step, in the order of the return's lines; raise what does not fit."""
    item = catalogue.item(wanted.sku)
    lines = [line for line in rma.lines if line.row.product_id == item.id]
    if not lines:
        raise ItemNotInSale(sku=item.sku, document=rma.row.number)
    quantity_e4 = catalogue.base_quantity(item, wanted.quantity_e4, wanted.unit)
    lots = _lots(rma, catalogue, item, wanted, lines, quantity_e4, serials_needed)
    parts, left_e4 = [], quantity_e4
    for line in lines:
        part_e4 = min(left_e4, _room(line, item, lots, room))
        if part_e4 > 0:
            parts += _take(line, item, lots, room, part_e4)
            left_e4 -= part_e4
    if left_e4:
        raise excess(item.sku, quantity_e4, quantity_e4 - left_e4)
    return parts


def _lots(
    rma: LoadedReturn, catalogue: Catalogue, item: Item, wanted: GoodsLine, lines: list[LoadedLine], quantity_e4: int,
    serials_needed: bool,
) -> list[int]:  # fmt: skip
    """Return the lots named, checked against the return; an empty list means any."""
    there = {piece.lot_id for line in lines for piece in line.pieces}
    serials = unique(item.sku, wanted.serials)
    if item.product.tracking == "serial":
        if len(serials) * E4 != quantity_e4 and (serials or serials_needed):
            raise SerialRequired(sku=item.sku, needed_e4=quantity_e4, given=len(serials))
        found = [catalogue.lots.get((item.id, code), -1) for code in serials]
        for code, lot in zip(serials, found, strict=True):
            if lot not in there:
                raise SerialNotInSale(sku=item.sku, serial=code, document=rma.row.number)
        return found
    if item.product.tracking == "lot" and wanted.lot is not None:
        lot = catalogue.lots.get((item.id, wanted.lot), -1)
        if lot not in there:
            raise LotNotInSale(sku=item.sku, lot=wanted.lot, document=rma.row.number)
        return [lot]
    return []


def _usable(line: LoadedLine, item: Item, lots: list[int]) -> list[ReturnPiece]:
    return [piece for piece in line.pieces if not lots or item.components or piece.lot_id in lots]


def _room(line: LoadedLine, item: Item, lots: list[int], room: Room) -> int:
    sums: dict[int, int] = {}
    for piece in _usable(line, item, lots):
        sums[piece.product_id] = sums.get(piece.product_id, 0) + room(piece)
    return item.whole(min((sums.get(p, 0) * E4 // per for p, per, _ in item.pieces_of(0)), default=0))


def _take(line: LoadedLine, item: Item, lots: list[int], room: Room, quantity_e4: int) -> list[Part]:
    parts = []
    for product_id, _, need_e4 in item.pieces_of(quantity_e4):
        for piece in _usable(line, item, lots):
            part_e4 = min(need_e4, room(piece)) if piece.product_id == product_id else 0
            if part_e4 > 0:
                parts.append(Part(line, piece, part_e4))
                need_e4 -= part_e4
    return parts
