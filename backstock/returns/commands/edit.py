"""Beside the process: a request is corrected before anybody decided it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic.dataclasses import dataclass as typed

from backstock.catalog.errors import SerialRequired
from backstock.catalog.lines import GoodsLine
from backstock.catalog.queries import Catalogue, Item
from backstock.core import rows
from backstock.core.amounts import E4
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import DuplicateLine, QuantityRequired
from backstock.returns.commands.request import lock_sales
from backstock.returns.lifecycle import Status, require
from backstock.returns.loading import LoadedLine, LoadedReturn, catalogue_of, load_returns, return_of
from backstock.returns.models import ReturnPiece
from backstock.returns.requesting import Asked, Sold, match_pieces, named_lots
from backstock.returns.writing import PIECE_FIELDS
from backstock.sales.errors import ItemNotInSale
from backstock.sales.models import Sale, SalePiece


@typed(frozen=True, kw_only=True, config=STRICT)
class EditLine(GoodsLine):
    """The new quantity of a line, and for tracked goods which lots or serials."""

    line: int | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class EditReturn(Input):
    """Which request, and the lines that change; lines that are not named stay as they are."""

    document: str
    lines: tuple[EditLine, ...]


@dataclass(slots=True)
class Plan:
    """Pieces that a line did not have before: (line, sale piece, product, lot, per line, quantity)."""

    fresh: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)


@command("returns.edit", EditReturn)
def edit_return(batch: Batch[EditReturn]) -> None:
    """Change the quantities of requests; each line is matched to its sale anew."""
    returns = load_returns(item.input.document for item in batch.open)
    lines = [(a.sku, a.unit, a.lot, a.serials) for item in batch.open for a in item.input.lines]
    catalogue = catalogue_of(returns.values(), lines)
    ids = {line.row.sale_id for rma in returns.values() for line in rma.lines} - {0}
    sales = lock_sales(Sale(pk=pk).number for pk in ids)
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            require(rma.row, Status.REQUESTED, "edited")
            item.plan = Plan()
            _edit(batch, item.plan, rma, item.input, catalogue, sales)
            item.document, item.answer = rma.row.number, {"document": rma.row.number}
            item.emit("ReturnEdited")
    batch.log()
    zeros = (0,) * (len(PIECE_FIELDS) - 6)
    rows.insert(ReturnPiece, PIECE_FIELDS, [(*each, *zeros) for item in batch.open for each in item.plan.fresh])
    batch.write_changes(ReturnPiece, SalePiece)


def _edit(
    batch: Batch[EditReturn], plan: Plan, rma: LoadedReturn, wanted: EditReturn, catalogue: Catalogue, sales: dict[str, Sold]
) -> None:  # fmt: skip
    if not wanted.lines:
        raise QuantityRequired(document=rma.row.number)
    lines = [_line(rma, each) for each in wanted.lines]
    for each in wanted.lines:
        catalogue.item(each.sku)
    if len({line.row.pk for line in lines}) != len(lines):
        raise DuplicateLine(sku=wanted.lines[0].sku)
    for each, line in zip(wanted.lines, lines, strict=True):
        item = catalogue.item(each.sku)
        quantity_e4 = catalogue.base_quantity(item, each.quantity_e4, each.unit)
        asked = Asked(item, quantity_e4, line.row.reason, each.lot, each.serials)
        sold = sales.get(Sale(pk=line.row.sale_id).number)
        if sold is None:
            _resize(batch, line, item, quantity_e4)
        else:
            _rematch(batch, plan, line, asked, sold, catalogue)


def _resize(batch: Batch[EditReturn], line: LoadedLine, item: Item, quantity_e4: int) -> None:
    """Spread a new quantity over the pieces of a line without a sale; a known serial number is one piece."""
    left_e4 = quantity_e4
    for piece in line.pieces:
        single = item.product.tracking == "serial" and bool(piece.lot_id)
        part_e4 = min(left_e4, E4) if single else left_e4
        batch.change(piece, requested_e4=part_e4 - piece.requested_e4)
        left_e4 -= part_e4
    if left_e4:
        raise SerialRequired(sku=item.sku, needed_e4=quantity_e4, given=len(line.pieces))


def _line(rma: LoadedReturn, wanted: EditLine) -> LoadedLine:
    """Return the line of the return that an edit means; raise ItemNotInSale."""
    for line in rma.lines:
        if line.row.product.sku == wanted.sku and wanted.line in (None, line.row.position):
            return line
    raise ItemNotInSale(sku=wanted.sku, document=rma.row.number)


def _rematch(
    batch: Batch[EditReturn], plan: Plan, line: LoadedLine, asked: Asked, sold: Sold, catalogue: Catalogue
) -> None:  # fmt: skip
    """Give back what the line held open, then match the new quantity to the same sale line."""
    there = {piece.pk: piece for each in sold.lines for piece in each.pieces}
    held = line.row.decision != "reject"
    for piece in line.pieces:
        if held:
            batch.change(there[piece.sale_piece_id], open_e4=-piece.requested_e4)
        batch.change(piece, requested_e4=-piece.requested_e4)
    sale_lines = [each for each in sold.lines if each.row.pk == line.row.sale_line_id]
    if not asked.serials and asked.lot is None and asked.item.product.tracking == "lot":
        lots = [piece.lot_id for piece in line.pieces]
    else:
        lots = named_lots(catalogue, sold, sale_lines, asked)
    own = {piece.sale_piece_id: piece for piece in line.pieces}
    for _, _, pieces in match_pieces(sale_lines, asked, lots):
        for sale_piece, quantity_e4 in pieces:
            if held:
                batch.change(sale_piece, open_e4=quantity_e4)
            if sale_piece.pk in own:
                batch.change(own[sale_piece.pk], requested_e4=quantity_e4)
            else:
                per = sale_piece.per_line_e4 if asked.item.components else E4
                plan.fresh.append(
                    (line.row.pk, sale_piece.pk, sale_piece.product_id, sale_piece.lot_id, per, quantity_e4)
                )
