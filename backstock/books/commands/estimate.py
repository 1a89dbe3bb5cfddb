"""The refund liability and the right to returned goods (应付退货款 / 应收退货成本) are brought to what is expected at a period end."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.books.errors import AccountsMissing, NothingToEstimate
from backstock.books.expecting import Expected, cohorts, estimate_pays, expected, standing_estimate
from backstock.books.models import Estimate, EstimateLine
from backstock.core import clock, rows
from backstock.core.amounts import E6
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import PeriodClosed
from backstock.core.spans import LAST_DAY
from backstock.money.accounts import LIABILITY
from backstock.money.errors import PeriodNotOver
from backstock.money.posting import Entry, post
from backstock.money.queries import has_accounts

FIELDS = ("through", "log_id", "mature_months", "liability_cents", "asset_cents")
LINE_FIELDS = (
    "estimate_id", "month", "category", "sold_cents", "cost_cents", "returned_cents", "own_rate_e6", "rate_e6", "reason",
    "liability_cents", "asset_cents",
)  # fmt: skip


@typed(frozen=True, kw_only=True, config=STRICT)
class Override:
    """Another rate for the sales of one month in one category, and why."""

    PERSONAL: ClassVar = frozenset({"reason"})
    month: Annotated[date, Field(le=LAST_DAY)]
    category: Annotated[str, Field(max_length=60)] = ""
    rate_e6: Annotated[int, Field(ge=0, le=E6)]
    reason: Annotated[str, Field(min_length=1, max_length=200)]


@typed(frozen=True, kw_only=True, config=STRICT)
class EstimateReturns(Input):
    """The last day of the period, after how many months returns are over, and rates that somebody knows better."""

    through: Annotated[date, Field(le=LAST_DAY)]
    mature_months: Annotated[int, Field(ge=1, le=24)] = 3
    overrides: Annotated[tuple[Override, ...], Field(max_length=500)] = ()


@command("books.estimate_returns", EstimateReturns, alone=True)
def estimate_returns(batch: Batch[EstimateReturns]) -> None:
    """Post what the estimate changed since the one before; raise AccountsMissing, NothingToEstimate."""
    today, closed = clock.today(batch.company.timezone), batch.company.closed_through
    before, known = standing_estimate(), has_accounts(LIABILITY)
    stands = (before.through, before.liability_cents, before.asset_cents) if before else (date.min, 0, 0)
    for item in batch.open:
        with batch.attempt(item):
            wanted = item.input
            if not known:
                raise AccountsMissing(chart="small")
            if wanted.through > today:
                raise PeriodNotOver(through=f"{wanted.through}", today=f"{today}")
            if closed is not None and wanted.through <= closed:
                raise PeriodClosed(on=f"{wanted.through}", closed_through=f"{closed}")
            lines = _lines(wanted)
            now = sum(each.liability_cents for each in lines), sum(each.asset_cents for each in lines)
            if wanted.through < stands[0] or now == stands[1:]:
                raise NothingToEstimate(through=f"{wanted.through}")
            item.plan, item.on = (lines, now, (now[0] - stands[1], now[1] - stands[2])), wanted.through
            stands = (wanted.through, *now)
    values = [(i.on, 0, i.input.mature_months, *i.plan[1]) for i in batch.open]
    ids = rows.insert_returning(Estimate, FIELDS, values) if values else []
    for item, pk in zip(batch.open, ids, strict=True):
        item.document = Estimate(pk=pk).number
        liability, asset = item.plan[1]
        item.answer = {"document": item.document, "liability_cents": liability, "asset_cents": asset}
    batch.log()
    made = [Estimate(pk=pk, log_id=item.log_id) for item, pk in zip(batch.open, ids, strict=True) if pk]
    Estimate.objects.bulk_update(made, ["log_id"])
    rows.insert(EstimateLine, LINE_FIELDS, [
        (pk, each.month, each.category, each.cohort.sold_cents, each.cohort.cost_cents, each.cohort.returned_cents,
         each.own_rate_e6, each.rate_e6, each.reason, each.liability_cents, each.asset_cents)
        for item, pk in zip(batch.open, ids, strict=True) for each in item.plan[0]
    ])  # fmt: skip
    entries = [Entry(item.log_id, item.on, item.document, estimate_pays(*item.plan[2])) for item in batch.open]
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)


def _lines(wanted: EstimateReturns) -> list[Expected]:
    overrides = {(each.month.replace(day=1), each.category): (each.rate_e6, each.reason) for each in wanted.overrides}
    found = cohorts(wanted.through, wanted.mature_months)
    return expected(found, wanted.through, wanted.mature_months, overrides)
