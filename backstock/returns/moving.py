"""Let lines of a request go on in another one: the counters move along, and what held goods open on a sale still does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backstock.core import rows
from backstock.core.commands import Batch, Item
from backstock.core.errors import DuplicateLine
from backstock.returns.loading import LoadedLine, LoadedReturn
from backstock.returns.models import Return, ReturnLine, ReturnLink, ReturnPiece, Swap
from backstock.returns.requests.parting import WishPart, add_to, whole, write_wishes
from backstock.returns.requests.writing import LINE_FIELDS, PIECE_FIELDS

LINK_FIELDS = ("source_id", "target_id", "kind", "log_id", "recorded_at")


@dataclass(slots=True)
class Going:
    """Pieces of one line with the quantities that go on elsewhere."""

    line: LoadedLine
    parts: list[tuple[ReturnPiece, int]] = field(default_factory=list)
    # How many units of the line were asked for before, and what is wished for those that go.
    before_e4: int = 0
    wish: WishPart | None = None


@dataclass(slots=True)
class Passage:
    """What goes from one return to another, and which lines of the other take pieces in."""

    source: LoadedReturn
    going: list[Going] = field(default_factory=list)
    # (line of the target, piece of the source, quantity): pieces that join a line that is there.
    joining: list[tuple[LoadedLine, ReturnPiece, int]] = field(default_factory=list)


def everything(rma: LoadedReturn, wishes: Mapping[int, Swap]) -> list[Going]:
    """Return all that is asked back, with what is wished for it."""
    found = []
    for line in rma.lines:
        parts = [(piece, piece.requested_e4) for piece in line.pieces if piece.requested_e4]
        swap = wishes.get(line.row.pk)
        if parts:
            found.append(Going(line, parts, wish=whole(swap) if swap else None))
    return found


def join(batch: Batch[Any], passage: Passage, target: LoadedReturn, wishes: Mapping[int, Swap]) -> None:
    """Let pieces join lines of the target that are of the same sale line; the others become lines of their own."""
    there = {line.row.sale_line_id: line for line in target.lines if line.row.sale_line_id}
    apart = []
    for going in passage.going:
        theirs = there.get(going.line.row.sale_line_id)
        if theirs is None:
            apart.append(going)
            continue
        swap = wishes.get(theirs.row.pk)
        if not _alike(going, theirs, swap):
            raise DuplicateLine(sku=going.line.row.product.sku)
        if swap is not None and going.wish is not None:
            add_to(batch, swap, going.wish)
        own = {(piece.product_id, piece.lot_id): piece for piece in theirs.pieces}
        for piece, quantity_e4 in going.parts:
            if found := own.get((piece.product_id, piece.lot_id)):
                batch.change(found, requested_e4=quantity_e4)
            else:
                passage.joining.append((theirs, piece, quantity_e4))
    passage.going = apart


def _alike(going: Going, line: LoadedLine, swap: Swap | None) -> bool:
    """Tell whether pieces may join a line: asked for with the same reason, decided alike, for the same goods instead."""
    mine, theirs, wish = going.line.row, line.row, going.wish
    wished = (wish.product_id, wish.unit_price_e6) if wish else None
    same = wished == ((swap.product_id, swap.unit_price_e6) if swap else None)
    return same and (mine.reason, mine.decision, mine.product_id) == (theirs.reason, theirs.decision, theirs.product_id)


def write_lines(entries: Iterable[tuple[int, int, Passage]]) -> None:
    """Write the lines that go on: (return, positions taken so far, what goes there)."""
    wanted = [(rma_id, at + n, each) for rma_id, at, passage in entries for n, each in enumerate(passage.going, 1)]
    values = [(rma_id, position, *_copied(each.line.row)) for rma_id, position, each in wanted]
    ids = [pk or 0 for pk in rows.insert_returning(ReturnLine, LINE_FIELDS, values)] if values else []
    written = [(rma_id, pk, each) for (rma_id, _, each), pk in zip(wanted, ids, strict=True)]
    write_pieces((pk, piece, e4) for _, pk, each in written for piece, e4 in each.parts)
    write_wishes([(rma_id, pk, each.wish) for rma_id, pk, each in written if each.wish is not None])


def write_pieces(entries: Iterable[tuple[int, ReturnPiece, int]]) -> None:
    """Write pieces of lines like others that are there: (line, the other piece, quantity)."""
    zeros = (0,) * (len(PIECE_FIELDS) - 6)
    values = [
        (line_id, piece.sale_piece_id, piece.product_id, piece.lot_id, piece.per_line_e4, quantity_e4, *zeros)
        for line_id, piece, quantity_e4 in entries
    ]
    rows.insert(ReturnPiece, PIECE_FIELDS, values)


def _copied(row: ReturnLine) -> tuple[object, ...]:
    return (
        row.sale_id, row.sale_line_id, row.product_id, row.reason, row.unit_price_e6, row.unit_cost_e6, row.decision,
        row.findings, row.terms, 0, 0, 0, 0, 0, 0,
    )  # fmt: skip


def write_links(batch: Batch[Any], kind: str, entries: Sequence[tuple[Item[Any], Return, Return]]) -> None:
    """Write down which return came out of which: (item, source, target)."""
    values = [(source.pk, target.pk, kind, item.log_id, batch.recorded_at) for item, source, target in entries]
    rows.insert(ReturnLink, LINK_FIELDS, values)
