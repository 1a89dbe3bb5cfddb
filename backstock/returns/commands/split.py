"""Beside the process: some lines or quantities of a request go on in a return of their own; `merge` is the opposite."""

from __future__ import annotations

from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import GoodsLine
from backstock.catalog.queries import Catalogue
from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.returns.lifecycle import Status, require
from backstock.returns.loading import LoadedReturn, catalogue_of, load_returns, return_of
from backstock.returns.models import Return, ReturnPiece, Swap
from backstock.returns.moving import Going, Passage, write_lines, write_links
from backstock.returns.requests.errors import QuantityExceedsRequested, SplitTakesAll
from backstock.returns.requests.parting import take_part, wishes_of
from backstock.returns.requests.writing import RETURN_FIELDS
from backstock.returns.stepping import Part, need_lines, pick
from backstock.sales.errors import ItemNotInSale


@typed(frozen=True, kw_only=True, config=STRICT)
class SplitLine(GoodsLine):
    """What goes on in a return of its own; `line` names it where a product stands on several."""

    line: int | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class SplitReturn(Input):
    """Which request, and what of it goes on in another one."""

    document: str
    lines: tuple[SplitLine, ...]


@command("returns.split", SplitReturn)
def split_return(batch: Batch[SplitReturn]) -> None:
    """Split requests: nothing becomes returnable by it, and nothing is asked twice."""
    returns = load_returns(item.input.document for item in batch.open)
    lines = [(a.sku, a.unit, a.lot, a.serials) for item in batch.open for a in item.input.lines]
    catalogue, wishes = catalogue_of(returns.values(), lines), wishes_of(returns.values())
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            require(rma.row, Status.REQUESTED, "split")
            need_lines(rma, item.input.lines)
            item.plan = Passage(rma)
            for line in item.input.lines:
                _take(batch, item.plan, line, catalogue)
            for going in item.plan.going:
                if swap := wishes.get(going.line.row.pk):
                    units_e4 = going.before_e4 - going.line.in_line_units("requested_e4")
                    going.wish = take_part(batch, swap, going.line, units_e4)
            if not any(piece.requested_e4 for piece in rma.pieces):
                raise SplitTakesAll(document=rma.row.number)
            item.document = rma.row.number
    _write(batch)


def _take(batch: Batch[SplitReturn], plan: Passage, wanted: SplitLine, catalogue: Catalogue) -> None:
    rma = plan.source
    named = [line for line in rma.lines if wanted.line in (None, line.row.position)]
    if not any(line.row.product.sku == wanted.sku for line in named):
        raise ItemNotInSale(sku=wanted.sku, document=rma.row.number)
    room = sum(line.counted(_held) for line in named if line.row.product.sku == wanted.sku)
    some = LoadedReturn(rma.row, named)
    partial = wanted.quantity_e4 != room
    parts: list[Part] = pick(some, catalogue, wanted, _held, _excess, serials_needed=partial)
    for part in parts:
        going = next((each for each in plan.going if each.line is part.line), None)
        if going is None:
            going = Going(part.line, before_e4=part.line.in_line_units("requested_e4"))
            plan.going.append(going)
        batch.change(part.piece, requested_e4=-part.quantity_e4)
        # A piece named by two lines of the input stays one piece.
        before = {piece.pk: e4 for piece, e4 in going.parts}
        going.parts = [each for each in going.parts if each[0].pk != part.piece.pk]
        going.parts.append((part.piece, before.get(part.piece.pk, 0) + part.quantity_e4))


def _held(piece: ReturnPiece) -> int:
    # What the policy turned down waits for nobody: it stays where it is.
    return 0 if piece.line.decision == "reject" else piece.requested_e4


def _excess(sku: str, asked_e4: int, room_e4: int) -> QuantityExceedsRequested:
    return QuantityExceedsRequested(sku=sku, asked_e4=asked_e4, requested_e4=room_e4)


def _write(batch: Batch[SplitReturn]) -> None:
    """Write the new requests beside the old ones, with what they took over."""
    items = batch.open
    ids = rows.insert_returning(Return, RETURN_FIELDS, [_head(item.plan.source.row) for item in items]) if items else []
    made = [Return(pk=pk) for pk in ids]
    for item, fresh in zip(items, made, strict=True):
        item.answer = {"document": item.document, "new": fresh.number}
        item.emit("ReturnSplit", new=fresh.number)
    batch.log()
    write_lines((fresh.pk, 0, item.plan) for item, fresh in zip(items, made, strict=True))
    batch.write_changes(ReturnPiece, Swap)
    write_links(batch, "split", [(i, i.plan.source.row, fresh) for i, fresh in zip(items, made, strict=True)])


def _head(row: Return) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in RETURN_FIELDS)
