"""Take the last receipt, inspection or disposition of a return back by its mirror, while that is still possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic.dataclasses import dataclass as typed

from backstock.catalog.queries import Catalogue
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import TransitionNotAllowed
from backstock.core.permissions import UNDO_NEEDS
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.money.queries import transfers_of_logs
from backstock.money.transfers import Pay
from backstock.returns.costing import Returning
from backstock.returns.errors import AlreadyRefunded
from backstock.returns.loading import LoadedLine, LoadedReturn, load_returns, return_of
from backstock.returns.models import ReturnEvent, ReturnPiece
from backstock.returns.recording import Event, record
from backstock.sales.models import SalePiece
from backstock.stock.moves import Move
from backstock.stock.places import PHYSICAL, kind_of
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.stock.queries import moves_of_logs
from backstock.stock.sheet import Sheet


@typed(frozen=True, kw_only=True, config=STRICT)
class UndoStep(Input):
    """Which return, and which kind of step: its last one is taken back."""

    document: str
    what: Literal["receive", "inspect", "dispose"]


@dataclass(slots=True)
class Plan:
    """A step that can be taken back."""

    rma: LoadedReturn
    log_id: int
    events: list[Event]
    moves: list[Move]
    transfers: list[Pay]


@command("returns.undo", UndoStep, permission=lambda wanted: UNDO_NEEDS[wanted.what])
def undo_step(batch: Batch[UndoStep]) -> None:
    """Undo the last receipt, inspection or disposition; raise what stands in the way."""
    returns = load_returns(item.input.document for item in batch.open)
    goods = Returning(batch, returns.values())
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            item.plan = _plan(batch, item, rma, goods)
            item.document, item.answer = rma.row.number, {"document": rma.row.number}
            item.emit("StepUndone", what=item.input.what)
    batch.log()
    record((item, item.plan.rma.row.pk, item.plan.events) for item in batch.open)
    moved = [StockEntry(i.log_id, i.on, i.document, i.plan.moves) for i in batch.open]
    post_stock(moved, recorded_at=batch.recorded_at)
    money = [MoneyEntry(i.log_id, i.on, i.document, i.plan.transfers) for i in batch.open]
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    batch.write_changes(ReturnPiece, SalePiece)


def last_step(rma: LoadedReturn, what: str) -> list[ReturnEvent]:
    """Return the events of the last step of a kind that was not taken back; raise TransitionNotAllowed."""
    events = list(ReturnEvent.objects.filter(rma_id=rma.row.pk, kind=what).order_by("pk"))
    undone = {event.mirrors_log_id for event in events}
    standing = [event.log_id for event in events if not event.mirrors_log_id and event.log_id not in undone]
    if not standing:
        raise TransitionNotAllowed(document=rma.row.number, current=rma.row.status, wanted=f"undo {what}")
    return [event for event in events if event.log_id == max(standing)]


def _plan(batch: Batch[UndoStep], item: Item[UndoStep], rma: LoadedReturn, goods: Returning) -> Plan:
    what = item.input.what
    events = last_step(rma, what)
    log_id = events[0].log_id
    pieces = {piece.pk: (line, piece) for line in rma.lines for piece in line.pieces}
    moves = moves_of_logs([log_id])[log_id]
    for event in events:
        if event.piece_id:
            line, piece = pieces[event.piece_id]
            _COUNT[what](batch, line, piece, event, goods)
    _check_counters(rma, what)
    mirrored = [move.mirror(log_id) for move in moves]
    _check_stock(batch, rma, mirrored)
    return Plan(
        rma, log_id, [_mirror(event) for event in events], mirrored,
        [pay.mirror(log_id) for pay in transfers_of_logs([log_id])[log_id]],
    )  # fmt: skip


def _mirror(event: ReturnEvent) -> Event:
    return Event(
        piece_id=event.piece_id,
        kind=event.kind,
        verdict=event.verdict,
        quantity_e4=event.quantity_e4,
        grade=event.grade,
        place_id=event.place_id,
        value_cents=event.value_cents,
        found_product_id=event.found_product_id,
        mirrors_log_id=event.log_id,
    )


def _unreceive(batch: Batch[Any], line: LoadedLine, piece: ReturnPiece, event: ReturnEvent, goods: Returning) -> None:
    quantity_e4 = event.quantity_e4
    if event.verdict == "missing":
        batch.change(piece, missing_e4=-min(quantity_e4, piece.missing_e4))
        return
    accepted = quantity_e4 if line.terms.inspection == "none" else 0
    batch.change(piece, received_e4=-quantity_e4, accepted_e4=-accepted)
    sold = goods.pieces.get(piece.sale_piece_id)
    if sold is not None:
        back = min(event.value_cents, sold.cost_back_cents)
        batch.change(sold, open_e4=quantity_e4, received_e4=-quantity_e4, cost_back_cents=-back)


def _uninspect(batch: Batch[Any], line: LoadedLine, piece: ReturnPiece, event: ReturnEvent, goods: Returning) -> None:
    batch.change(piece, **{f"{event.verdict}_e4": -event.quantity_e4})


def _undispose(batch: Batch[Any], line: LoadedLine, piece: ReturnPiece, event: ReturnEvent, goods: Returning) -> None:
    """Take the counters back in the order opposite to that in which `dispose` took them."""
    quantity_e4, rejected_left = event.quantity_e4, piece.rejected_disposed_e4
    if event.verdict == "send_back":
        accepted = min(quantity_e4, piece.accepted_sent_back_e4)
        rejected = quantity_e4 - accepted
        batch.change(
            piece,
            disposed_e4=-quantity_e4,
            sent_back_e4=-quantity_e4,
            accepted_sent_back_e4=-accepted,
            rejected_disposed_e4=-rejected,
        )
        sold = goods.pieces.get(piece.sale_piece_id)
        if sold is not None:
            batch.change(sold, sent_back_e4=-quantity_e4, cost_back_cents=event.value_cents)
    else:
        rejected = min(quantity_e4, rejected_left)
        batch.change(piece, disposed_e4=-quantity_e4, rejected_disposed_e4=-rejected)


_COUNT = {"receive": _unreceive, "inspect": _uninspect, "dispose": _undispose}


def _check_counters(rma: LoadedReturn, what: str) -> None:
    """Refuse when a later step stands on this one, or when its pieces were paid for (never for a disposition's sake)."""
    for line in rma.lines:
        for p in line.pieces:
            if p.received_e4 < p.accepted_e4 + p.rejected_e4 or p.disposed_e4 > p.accepted_e4 + p.rejected_e4:
                raise TransitionNotAllowed(document=rma.row.number, current="later steps", wanted=f"undo {what}")
            if p.accepted_left_e4 < 0 or p.rejected_left_e4 < 0 or p.accepted_e4 < 0:
                raise TransitionNotAllowed(document=rma.row.number, current="later steps", wanted=f"undo {what}")
        if what == "dispose" or line.terms.refund_when == "approved":
            continue
        if line.row.refunded_e4 > line.in_line_units("received_e4" if what == "receive" else "accepted_e4"):
            raise AlreadyRefunded(document=rma.row.number, step=what)


def _check_stock(batch: Batch[UndoStep], rma: LoadedReturn, mirrored: Sequence[Move]) -> None:
    """Refuse when the pieces are gone, or when their pool would be left with a negative value or value without pieces."""
    sheet = Sheet(batch.journal, batch.company.cost_method)
    physical = [move for move in mirrored if kind_of(move.source_id) in PHYSICAL]
    if not physical:
        return
    catalogue = Catalogue.of(piece.product for piece in rma.pieces)
    sheet.lock_stock((move.product_id for move in physical), (move.source_id for move in physical))
    sheet.lock_pools_of(physical)
    for move in physical:
        sku = catalogue.sku(move.product_id)
        sheet.require(sku, move.product_id, move.lot_id, move.source_id, move.quantity_e4)
        sheet.require_pool(sku, move)
        sheet.apply([replace(move)])
