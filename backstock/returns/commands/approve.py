"""Step 2: a person says yes, to all or to a part, or no. Next is `receive`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import GoodsLine
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import InvalidInput
from backstock.policies.law import rule_of
from backstock.returns.after.reserving import keep_reserved
from backstock.returns.deciding.approving import council_of
from backstock.returns.deciding.flowing import first_clocks, guard
from backstock.returns.dock.blind_limits import refuse_above_limit
from backstock.returns.errors import LegalRightNotWaivable, QuantityExceedsAuthorized
from backstock.returns.lifecycle import Status, advance, check, store
from backstock.returns.loading import LoadedReturn, catalogue_of, load_returns, return_of
from backstock.returns.models import ReturnPiece
from backstock.returns.requests.writing import lapse_day
from backstock.returns.stepping import Part, pick
from backstock.sales.models import SalePiece


@typed(frozen=True, kw_only=True, config=STRICT)
class ApproveLine(GoodsLine):
    """How many of an item are authorised; the rest of the line is not."""


@typed(frozen=True, kw_only=True, config=STRICT)
class ApproveReturn(Input):
    """Which return; without lines all of it."""

    document: str
    lines: tuple[ApproveLine, ...] = ()


@typed(frozen=True, kw_only=True, config=STRICT)
class RejectReturn(Input):
    """Which return, and why."""

    document: str
    reason: Annotated[str, Field(max_length=200)] = ""


@command("returns.approve", ApproveReturn)
def approve_return(batch: Batch[ApproveReturn]) -> None:
    """Authorise returns; what is not authorised becomes returnable again."""
    returns = load_returns(item.input.document for item in batch.open)
    lines = [(a.sku, a.unit, a.lot, a.serials) for item in batch.open for a in item.input.lines]
    catalogue = catalogue_of(returns.values(), lines) if lines else None
    council, eyes = council_of(batch, returns.values()), guard(batch, "approve", returns.values())
    moved = []
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            check(rma.row, Status.APPROVED)
            eyes.check(rma.row)
            level, last = council.give(batch, item, rma.row)
            if not last:
                _agree(item, rma, level)
                continue
            if catalogue and item.input.lines:
                for line in item.input.lines:
                    _count(batch, pick(rma, catalogue, line, _unauthorized, _excess))
            else:
                _count(batch, _everything(rma))
            refuse_above_limit(rma, batch.actor)
            _authorize(batch, item, rma)
            moved.append(rma.row)
    batch.log()
    council.write(batch)
    store(moved, "decided_on", "lapses_on", "approved_by_id", "due_at", "settle_due_at")
    batch.write_changes(ReturnPiece, SalePiece)
    keep_reserved(returns.values())


def _agree(item: Item[ApproveReturn], rma: LoadedReturn, level: int) -> None:
    """Note an approval that others must follow; how many come back is said by who approves last."""
    if item.input.lines:
        raise InvalidInput(
            field="lines", problem="others must approve too; only who approves last may authorise a part"
        )
    item.document = rma.row.number
    item.answer = {"document": rma.row.number, "status": rma.row.status, "level": level + 1}
    item.emit("ReturnAgreed", level=level + 1)


def _unauthorized(piece: ReturnPiece) -> int:
    # What the policy rejected holds nothing open on the sale, so there is nothing to authorise.
    return 0 if piece.line.decision == "reject" else piece.requested_e4 - piece.authorized_e4


def _count(batch: Batch[ApproveReturn], parts: Iterable[Part]) -> None:
    """Authorise at once, so that a second line of the same approval finds less left."""
    for part in parts:
        batch.change(part.piece, authorized_e4=part.quantity_e4)


def _excess(sku: str, asked_e4: int, room_e4: int) -> QuantityExceedsAuthorized:
    return QuantityExceedsAuthorized(sku=sku, asked_e4=asked_e4, authorized_e4=room_e4)


def _everything(rma: LoadedReturn) -> list[Part]:
    return [
        Part(line, piece, piece.requested_e4)
        for line in rma.lines
        if line.row.decision != "reject"
        for piece in line.pieces
    ]


def _authorize(batch: Batch[ApproveReturn], item: Item[ApproveReturn], rma: LoadedReturn) -> None:
    held = [piece for line in rma.lines if line.row.decision != "reject" for piece in line.pieces]
    release(batch, [(piece.sale_piece_id, piece.requested_e4 - piece.authorized_e4) for piece in held])
    row, actor_id = rma.row, batch.actor.user_id or 0
    advance(row, Status.APPROVED)
    row.decided_on, row.approved_by_id = item.on, actor_id
    row.lapses_on = lapse_day(item.on, [line.terms.return_deadline_days for line in rma.lines])
    terms = [line.terms for line in rma.lines]
    row.due_at, row.settle_due_at = first_clocks(batch, item, row.flow, row.type, True, terms, row.requested_on)
    item.document, item.answer = row.number, {"document": row.number, "status": str(Status.APPROVED)}
    item.emit("ReturnApproved")


def release[T: Input](batch: Batch[T], quantities: Iterable[tuple[int, int]]) -> None:
    """Make pieces returnable again that were held open: (sale piece, quantity)."""
    for pk, quantity_e4 in quantities:
        if pk and quantity_e4:
            batch.change(SalePiece(pk=pk), open_e4=-quantity_e4)


@command("returns.reject", RejectReturn)
def reject_return(batch: Batch[RejectReturn]) -> None:
    """Refuse returns; what they held open becomes returnable again."""
    returns = load_returns(item.input.document for item in batch.open)
    moved = []
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            check(rma.row, Status.REJECTED)
            _refuse_to_take_rights(rma)
            release_open(batch, rma)
            advance(rma.row, Status.REJECTED)
            rma.row.decided_on = item.on
            item.document, item.answer = rma.row.number, {"document": rma.row.number, "status": str(Status.REJECTED)}
            item.emit("ReturnRejected", reason=item.input.reason)
            moved.append(rma.row)
    batch.log()
    store(moved, "decided_on")
    batch.write_changes(SalePiece)


def _refuse_to_take_rights(rma: LoadedReturn) -> None:
    """Whoever withdrew in time cannot be turned down, whatever the policy says."""
    for line in rma.lines:
        until = line.terms.legal_until
        if until is not None:
            rule = rule_of(line.terms)
            article = rule.article if rule else line.terms.law or ""
            raise LegalRightNotWaivable(document=rma.row.number, sku=line.row.product.sku, until=until, article=article)


def open_e4(rma: LoadedReturn, piece: ReturnPiece, rejected: bool) -> int:
    """Return what a piece of a return still holds open on its sale."""
    if rejected or rma.row.status not in (Status.REQUESTED, Status.APPROVED):
        return 0
    held = piece.requested_e4 if rma.row.status == Status.REQUESTED else piece.authorized_e4
    return held - piece.received_e4


def release_open[T: Input](batch: Batch[T], rma: LoadedReturn) -> None:
    """Give back everything that a return holds open and that has not arrived."""
    release(
        batch,
        [
            (piece.sale_piece_id, open_e4(rma, piece, line.row.decision == "reject"))
            for line in rma.lines
            for piece in line.pieces
        ],
    )
