"""Goods that a receipt found beside the expected ones go back to the sender at once; else they are taken in (`take_in`)."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.returns.commands.take_in import open_findings
from backstock.returns.dock.errors import FindingAnswered
from backstock.returns.loading import load_returns, return_of
from backstock.returns.models import FindingAnswer


@typed(frozen=True, kw_only=True, config=STRICT)
class SendFindingBack(Input):
    """Which finding of which return went back to the customer without ever being booked."""

    document: str
    finding: Annotated[int, Field(gt=0, lt=2**62)]


@command("returns.send_finding_back", SendFindingBack)
def send_finding_back(batch: Batch[SendFindingBack]) -> None:
    """Write down that goods nobody wanted went straight back; no ledger ever had them."""
    returns = load_returns(item.input.document for item in batch.open)
    findings = open_findings(item.input.finding for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            event = findings.get(item.input.finding)
            if event is None or event.rma_id != rma.row.pk:
                raise FindingAnswered(document=rma.row.number, answer="?")
            del findings[event.pk]
            batch.journal.append(partial(findings.__setitem__, event.pk, event))
            item.document, item.answer = rma.row.number, {"document": rma.row.number}
            item.emit("FindingSentBack")
    batch.log()
    answers = [(item.input.finding, "sent_back", "", item.log_id) for item in batch.open]
    rows.insert(FindingAnswer, ("event_id", "answer", "document", "log_id"), answers)
