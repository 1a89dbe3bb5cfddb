"""Beside the process: a return is withdrawn before goods arrive, or closed when nothing more will come."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import TransitionNotAllowed
from backstock.returns.after.reserving import keep_reserved
from backstock.returns.after.swapping import require_ours
from backstock.returns.commands.approve import release_open
from backstock.returns.deciding.papers import check_complete, dossiers
from backstock.returns.lifecycle import Status, advance, check, store
from backstock.returns.loading import load_returns, return_of
from backstock.sales.models import SalePiece


@typed(frozen=True, kw_only=True, config=STRICT)
class CancelReturn(Input):
    """Which return, and why."""

    document: str
    reason: Annotated[str, Field(max_length=200)] = ""


@typed(frozen=True, kw_only=True, config=STRICT)
class CloseReturn(Input):
    """Which return, and why nothing more will come."""

    document: str
    reason: Annotated[str, Field(max_length=200)] = ""


@command("returns.cancel", CancelReturn)
def cancel_return(batch: Batch[CancelReturn]) -> None:
    """Withdraw returns of which nothing has arrived."""
    _end(batch, Status.CANCELLED, "ReturnCancelled")


@command("returns.close", CloseReturn)
def close_return(batch: Batch[CloseReturn]) -> None:
    """Close returns; what was authorised and never came, missing pieces included, becomes returnable again."""
    _end(batch, Status.CLOSED, "ReturnClosed")


def _end[T: (CancelReturn, CloseReturn)](batch: Batch[T], to: Status, event: str) -> None:
    returns = load_returns(item.input.document for item in batch.open)
    found = dossiers(returns.values()) if to is Status.CLOSED else {}
    moved = []
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            check(rma.row, to)
            if to is Status.CANCELLED and any(piece.received_e4 for piece in rma.pieces):
                raise TransitionNotAllowed(document=rma.row.number, current="received", wanted=str(to))
            if to is Status.CANCELLED:
                for line in rma.lines:
                    require_ours(rma, line)
            check_complete(rma, found)
            if not (to is Status.CLOSED and rma.row.type == "refund_only"):
                release_open(batch, rma)
            advance(rma.row, to)
            item.document, item.answer = rma.row.number, {"document": rma.row.number, "status": str(to)}
            item.emit(event, reason=item.input.reason)
            moved.append(rma.row)
    batch.log()
    store(moved)
    batch.write_changes(SalePiece)
    keep_reserved(returns.values())
