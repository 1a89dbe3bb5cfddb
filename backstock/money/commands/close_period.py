"""Close the books through a day: nothing is posted on it or before it afterwards, by anybody."""

from __future__ import annotations

from datetime import date

from pydantic.dataclasses import dataclass as typed

from backstock.core import clock
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import PeriodClosed
from backstock.core.models import Company
from backstock.money.errors import PeriodNotOver


@typed(frozen=True, kw_only=True, config=STRICT)
class ClosePeriod(Input):
    """The last day that takes no more postings."""

    through: date


@command("money.close_period", ClosePeriod, closing=True)
def close_period(batch: Batch[ClosePeriod]) -> None:
    """Move the end of the closed period forward: never back, never past today."""
    today, closed = clock.today(batch.company.timezone), batch.company.closed_through
    for item in batch.open:
        with batch.attempt(item):
            through = item.input.through
            if through > today:
                raise PeriodNotOver(through=through.isoformat(), today=today.isoformat())
            if closed is not None and through <= closed:
                raise PeriodClosed(on=through.isoformat(), closed_through=closed.isoformat())
            closed = through
            item.document, item.answer = "company", {"closed_through": through.isoformat()}
    batch.log()
    if batch.open:
        Company.objects.update(closed_through=closed)
