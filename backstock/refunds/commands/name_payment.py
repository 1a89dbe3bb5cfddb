"""Before money goes back through a gateway: how the gateway knows the payment. Without a name it is the sale's number."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.refunds.lifecycle import Status
from backstock.refunds.models import NamedPayment, Payout
from backstock.sales.loading import load_sales, sale_of


@typed(frozen=True, kw_only=True, config=STRICT)
class NamePayment(Input):
    """A sale, a means of payment, and what the gateway (or we towards it) called the payment."""

    sale: Annotated[str, Field(max_length=40)]
    tender: Annotated[str, Field(min_length=1, max_length=30)]
    reference: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\w.:|*@/-]+$")]


@command("refunds.name_payment", NamePayment)
def name_payment(batch: Batch[NamePayment]) -> None:
    """Remember the names of payments; refunds that were not sent yet go by them."""
    sales = load_sales(item.input.sale for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            row = sale_of(sales, item.input.sale).row
            item.plan = (row.pk, item.input.tender, item.input.reference)
            item.document, item.answer = row.number, {"document": row.number}
    batch.log()
    named = {(sale_id, tender): name for sale_id, tender, name in (item.plan for item in batch.open)}
    NamedPayment.objects.bulk_create(
        [NamedPayment(sale_id=sale_id, tender=tender, reference=name) for (sale_id, tender), name in named.items()],
        update_conflicts=True, unique_fields=["sale_id", "tender"], update_fields=["reference"],
    )  # fmt: skip
    waiting = Payout.objects.filter(
        refund__sale_id__in={sale_id for sale_id, _ in named}, refund__status__in=[Status.GRANTED, Status.FAILED]
    ).select_related("refund")
    changed = [each for each in waiting if (each.refund.sale_id, each.tender) in named]
    for each in changed:
        each.payment = named[each.refund.sale_id, each.tender]
    Payout.objects.bulk_update(changed, ["payment"])
