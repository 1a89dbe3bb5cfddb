"""Beside the process: how much a customer may send back is agreed, or ended."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.core import rows
from backstock.core.amounts import E6, MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidInput, UnknownDocument
from backstock.partners.queries import known, partner_ids
from backstock.returns.models import Quota


@typed(frozen=True, kw_only=True, config=STRICT)
class AgreeQuota(Input):
    """For whom, over which goods and period, and how much: a share of what was bought then, or an amount."""

    customer: Code | None = None
    level: Annotated[str, Field(max_length=60)] = ""
    category: Annotated[str, Field(max_length=60)] = ""
    period: Literal["month", "quarter", "year"] = "year"
    percent_e6: Annotated[int, Field(ge=0, le=E6)] | None = None
    amount_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)] | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class EndQuota(Input):
    """Which agreement ends."""

    quota: Annotated[int, Field(gt=0, lt=2**62)]


@command("returns.agree_quota", AgreeQuota)
def agree_quota(batch: Batch[AgreeQuota]) -> None:
    """Agree quotas."""
    customers = partner_ids(item.input.customer for item in batch.open if item.input.customer)
    for item in batch.open:
        with batch.attempt(item):
            wanted = item.input
            if bool(wanted.customer) == bool(wanted.level):
                raise InvalidInput(field="customer", problem="one customer, or a level of customers")
            if (wanted.percent_e6 is None) == (wanted.amount_cents is None):
                raise InvalidInput(field="percent_e6", problem="a share of the purchases, or an amount")
            item.plan = known(customers, wanted.customer) if wanted.customer else None
    fields = ("customer_id", "level", "category", "period", "percent_e6", "amount_cents", "ended_on")
    heads = [
        (i.plan, i.input.level, i.input.category, i.input.period, i.input.percent_e6, i.input.amount_cents, None)
        for i in batch.open
    ]
    made = rows.insert_returning(Quota, fields, heads) if heads else []
    for item, pk in zip(batch.open, made, strict=True):
        item.answer = {"quota": pk}
        item.emit("QuotaAgreed")
    batch.log()


@command("returns.end_quota", EndQuota)
def end_quota(batch: Batch[EndQuota]) -> None:
    """End quotas."""
    there = (
        Quota.objects.select_for_update().filter(pk__in={i.input.quota for i in batch.open}, ended_on=None).in_bulk()
    )
    for item in batch.open:
        with batch.attempt(item):
            if item.input.quota not in there:
                raise UnknownDocument(document=str(item.input.quota))
            item.answer = {"quota": item.input.quota}
            item.emit("QuotaEnded")
    batch.log()
    for item in batch.open:
        there[item.input.quota].ended_on = item.on
    Quota.objects.bulk_update([there[item.input.quota] for item in batch.open], ["ended_on"])
