"""Beside the process: colleagues are told that a clock of the law is near its last day, or past it; a job does this."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import MAX_ITEMS, STRICT, Batch, Input, command
from backstock.core.permissions import SYSTEM
from backstock.returns.deciding.errors import NothingToTell
from backstock.returns.deciding.legal import keep_clocks, near_or_late, stage_on
from backstock.returns.loading import load_returns, return_of
from backstock.returns.models import LegalClock

EVENTS: Final = {1: "LegalClockNear", 2: "LegalClockLate"}


@typed(frozen=True, kw_only=True, config=STRICT)
class WarnClock(Input):
    """Which return, and which rule of the law sets the clock."""

    document: str
    rule: Annotated[str, Field(max_length=40)]


@command("returns.warn_clock", WarnClock)
def warn_clock(batch: Batch[WarnClock]) -> None:
    """Tell of clocks that run out, once when they are near and once when they are late."""
    returns = load_returns(item.input.document for item in batch.open)
    clocks = {
        (clock.rma_id, clock.rule): clock
        for clock in LegalClock.objects.filter(rma_id__in=[rma.row.pk for rma in returns.values()], is_open=True)
    }
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            clock = clocks.get((rma.row.pk, item.input.rule))
            stage = stage_on(clock, item.on) if clock and not clock.waits else 0
            if clock is None or stage <= clock.told:
                raise NothingToTell(document=rma.row.number, rule=item.input.rule)
            batch.change(clock, told=stage - clock.told)
            item.document, item.answer = (
                rma.row.number,
                {"document": rma.row.number, "due_on": clock.due_on.isoformat()},
            )
            item.emit(EVENTS[stage], what=clock.what, due_on=clock.due_on.isoformat(), article=clock.article)
    batch.log()
    batch.write_changes(LegalClock)


def warn_due(today: date) -> int:
    """Reckon the clocks, and tell of those that run out; return of how many."""
    keep_clocks()
    found = [WarnClock(document=clock.rma.number, rule=clock.rule, on=today) for clock in near_or_late(today)]
    for start in range(0, len(found), MAX_ITEMS):
        warn_clock.batch(found[start : start + MAX_ITEMS], actor=SYSTEM, mode="each")
    return len(found)
