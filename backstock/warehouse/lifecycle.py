"""The states of a stock count; the only place that writes `status`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

from backstock.core.errors import TransitionNotAllowed
from backstock.warehouse.models import StockCount


class Status(StrEnum):
    """Whether people still count; how far they are is read from the lines."""

    COUNTING = "counting"
    POSTED = "posted"
    CANCELLED = "cancelled"


TRANSITIONS: Final[dict[Status, frozenset[Status]]] = {
    Status.COUNTING: frozenset({Status.POSTED, Status.CANCELLED}),
    Status.POSTED: frozenset(),
    Status.CANCELLED: frozenset(),
}


def require_counting(count: StockCount, wanted: str) -> None:
    """Refuse a step on a count that has ended."""
    if count.status != Status.COUNTING:
        raise TransitionNotAllowed(document=count.number, current=count.status, wanted=wanted)


def end(count: StockCount, to: Status, on: date) -> tuple[str, date | None]:
    """End a count in memory, or refuse; return what it was before."""
    if to not in TRANSITIONS[Status(count.status)]:
        raise TransitionNotAllowed(document=count.number, current=count.status, wanted=str(to))
    before = count.status, count.ended_on
    count.status, count.ended_on = to, on
    return before


def put_back(count: StockCount, before: tuple[str, date | None]) -> None:
    """Take an end back that was only decided."""
    count.status, count.ended_on = before


def store(counts: Iterable[StockCount]) -> None:
    """Write the states of counts that have ended, in one statement."""
    StockCount.objects.bulk_update(list(counts), ["status", "ended_on"])
