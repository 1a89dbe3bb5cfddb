"""Beside the process: a paper that the flow asks for cannot be had; an approver says why it is not needed."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import TransitionNotAllowed
from backstock.returns.deciding.errors import NotAsked
from backstock.returns.deciding.papers import dossiers
from backstock.returns.lifecycle import Status
from backstock.returns.loading import load_returns, return_of
from backstock.returns.models import WaivedPaper


@typed(frozen=True, kw_only=True, config=STRICT)
class WaivePaper(Input):
    """Which paper of which return, and why it is not needed; the reason is free text and stays out of the log."""

    PERSONAL: ClassVar = frozenset({"reason"})

    document: str
    paper: Annotated[str, Field(min_length=1, max_length=60)]
    reason: Annotated[str, Field(min_length=1, max_length=200)]


@command("returns.waive_paper", WaivePaper)
def waive_paper(batch: Batch[WaivePaper]) -> None:
    """Let a return be closed without a paper."""
    returns = load_returns(item.input.document for item in batch.open)
    found = dossiers(returns.values())
    waived: set[tuple[int, str]] = set()
    for item in batch.open:
        with batch.attempt(item):
            rma, paper = return_of(returns, item.input.document), item.input.paper
            if rma.row.status not in (Status.REQUESTED, Status.APPROVED):
                raise TransitionNotAllowed(document=rma.row.number, current=rma.row.status, wanted="waived")
            dossier = found.get(rma.row.pk)
            if dossier is None or paper not in dossier.missing or (rma.row.pk, paper) in waived:
                raise NotAsked(document=rma.row.number, paper=paper)
            waived.add((rma.row.pk, paper))
            item.plan = rma.row.pk
            item.document, item.answer = rma.row.number, {"document": rma.row.number, "paper": paper}
            item.emit("PaperWaived", paper=paper)
    batch.log()
    rows.insert(
        WaivedPaper,
        ("rma_id", "log_id", "paper", "reason", "user_id", "business_on", "recorded_at"),
        [
            (i.plan, i.log_id, i.input.paper, i.input.reason, batch.actor.user_id or 0, i.on, batch.recorded_at)
            for i in batch.open
        ],
    )
