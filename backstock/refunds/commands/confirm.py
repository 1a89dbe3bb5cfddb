"""Where no gateway answers: a person says that a refund was paid, or that the money came back."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.refunds.commands.report import Code
from backstock.refunds.errors import GatewayDecides
from backstock.refunds.gateways.routes import gateway_of
from backstock.refunds.granting import recall
from backstock.refunds.lifecycle import Status
from backstock.refunds.models import Payout
from backstock.refunds.reporting import load_refunds, step, write_steps


@typed(frozen=True, kw_only=True, config=STRICT)
class ConfirmRefund(Input):
    """A refund by number, what became of it, and the bank's number of the transfer."""

    refund: Annotated[str, Field(max_length=40)]
    status: Literal["sent", "paid", "failed"]
    reference: Code = ""


@command("refunds.confirm", ConfirmRefund)
def confirm_refund(batch: Batch[ConfirmRefund]) -> None:
    """Write down what people did by hand; refused where a gateway pays: it alone knows."""
    loaded = load_refunds(item.input.refund for item in batch.open)
    by_gateway = set(
        Payout.objects.filter(refund__in=list(loaded.refunds.values())).values_list("refund_id", flat=True)
    )
    for item in batch.open:
        with batch.attempt(item):
            said, refund = item.input, loaded.refund(item.input.refund)
            # Where a gateway was given up, people are the only ones left who know.
            if refund.pk in by_gateway and gateway_of(refund.tender) is not None:
                raise GatewayDecides(document=refund.number, tender=refund.tender)
            step(batch, item, refund, Status(said.status), said.reference, "")
    batch.log()
    write_steps(batch, loaded.rates)
    recall([refund for refund in loaded.refunds.values() if refund.pk in by_gateway])
