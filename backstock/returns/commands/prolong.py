"""Beside the process: an authorisation that would lapse is prolonged by somebody who may approve."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidInput, TransitionNotAllowed
from backstock.core.inputs import BusinessDay
from backstock.returns.lifecycle import Status, require
from backstock.returns.loading import load_returns, return_of
from backstock.returns.models import Return


@typed(frozen=True, kw_only=True, config=STRICT)
class ProlongReturn(Input):
    """Which return, the last day on which its goods may arrive now, and why."""

    document: str
    until: BusinessDay
    reason: Annotated[str, Field(max_length=200)] = ""


@command("returns.prolong", ProlongReturn)
def prolong_return(batch: Batch[ProlongReturn]) -> None:
    """Set another last day for goods that were authorised and have not come; an earlier one takes a later one back."""
    returns = load_returns(item.input.document for item in batch.open)
    moved = []
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            require(rma.row, Status.APPROVED, "prolonged")
            # What has lapsed is returnable again: it is asked for anew.
            if rma.row.lapses_on is None or not any(piece.to_receive_e4 for piece in rma.pieces):
                raise TransitionNotAllowed(document=rma.row.number, current=rma.row.status, wanted="prolonged")
            if item.input.until < item.on:
                raise InvalidInput(field="until", problem="a day that is over; name today or a later one")
            before = rma.row.lapses_on
            rma.row.lapses_on = item.input.until
            batch.journal.append(partial(setattr, rma.row, "lapses_on", before))
            item.document = rma.row.number
            item.answer = {"document": rma.row.number, "lapses_on": item.input.until.isoformat()}
            item.emit("AuthorizationProlonged", before=before.isoformat(), after=item.input.until.isoformat())
            moved.append(rma.row)
    batch.log()
    if moved:
        Return.objects.bulk_update(moved, ["lapses_on"])
