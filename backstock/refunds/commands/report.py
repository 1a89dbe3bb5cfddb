"""After a gateway was asked: what it said, written down by the worker. It is what gateways say, never what people do."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.refunds.lifecycle import Status
from backstock.refunds.reporting import load_refunds, step, write_steps

Code = Annotated[str, Field(max_length=100, pattern=r"^[\w.:|*@/-]*$")]


@typed(frozen=True, kw_only=True, config=STRICT)
class ReportRefund(Input):
    """A refund by number and its state at the gateway; `reference` and `problem` are the gateway's codes."""

    refund: Annotated[str, Field(max_length=40)]
    status: Literal["sent", "paid", "failed", "unknown"]
    reference: Code = ""
    problem: Code = ""


@command("refunds.report", ReportRefund)
def report_refund(batch: Batch[ReportRefund]) -> None:
    """Bring refunds to the state in which their gateway has them; what is known already changes nothing."""
    loaded = load_refunds(item.input.refund for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            said, refund = item.input, loaded.refund(item.input.refund)
            step(batch, item, refund, Status(said.status), said.reference, said.problem)
    batch.log()
    write_steps(batch, loaded.rates)
