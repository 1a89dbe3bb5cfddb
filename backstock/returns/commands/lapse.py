"""Beside the process: an authorisation lapses when goods did not come in time; a job runs this every day."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import F
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import MAX_ITEMS, STRICT, Batch, Input, command
from backstock.core.errors import TransitionNotAllowed
from backstock.core.permissions import SYSTEM
from backstock.returns.after.reserving import keep_reserved
from backstock.returns.commands.approve import release_open
from backstock.returns.lifecycle import Status, require
from backstock.returns.loading import load_returns, return_of
from backstock.returns.models import Return, ReturnPiece
from backstock.sales.models import SalePiece

# Refund only expects no goods, so nothing of it can be late.
WAITING_FOR_GOODS: Final = ("return_refund", "exchange", "replacement", "repair", "rejected_delivery")


@typed(frozen=True, kw_only=True, config=STRICT)
class LapseReturn(Input):
    """Which return; the day is after its last one."""

    document: str


@command("returns.lapse", LapseReturn)
def lapse_return(batch: Batch[LapseReturn]) -> None:
    """Let authorisations lapse: what did not come becomes returnable again, what came stays as it is."""
    returns = load_returns(item.input.document for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            require(rma.row, Status.APPROVED, "lapsed")
            if rma.row.lapses_on is None or item.on <= rma.row.lapses_on:
                raise TransitionNotAllowed(document=rma.row.number, current=rma.row.status, wanted="lapsed")
            release_open(batch, rma)
            for piece in rma.pieces:
                batch.change(piece, authorized_e4=-piece.to_receive_e4)
            item.document, item.answer = rma.row.number, {"document": rma.row.number}
            item.emit("AuthorizationLapsed")
    batch.log()
    batch.write_changes(ReturnPiece, SalePiece)
    keep_reserved(returns.values())


def lapse_due(today: date) -> int:
    """Let every authorisation lapse whose last day is over and that still waits for goods; return how many."""
    due = Return.objects.filter(status=Status.APPROVED, lapses_on__lt=today, type__in=WAITING_FOR_GOODS)
    waiting = ReturnPiece.objects.filter(line__rma__in=due).filter(authorized_e4__gt=F("received_e4"))
    ids = sorted(set(waiting.values_list("line__rma_id", flat=True)))
    for start in range(0, len(ids), MAX_ITEMS):
        chunk = [LapseReturn(document=Return(pk=pk).number, on=today) for pk in ids[start : start + MAX_ITEMS]]
        lapse_return.batch(chunk, actor=SYSTEM, mode="each")
    return len(ids)
