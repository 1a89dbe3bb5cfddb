"""What becomes of a quote; the only place that writes `status`."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from backstock.core.errors import TransitionNotAllowed
from backstock.sales.models import Quote


class Status(StrEnum):
    """What was decided; that an open quote has lapsed follows from its last day and is not stored."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


TRANSITIONS: Final[dict[Status, frozenset[Status]]] = {
    Status.OPEN: frozenset({Status.CONFIRMED, Status.WITHDRAWN}),
    Status.CONFIRMED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}


def advance(quote: Quote, to: Status, journal: list[Callable[[], None]]) -> None:
    """Move a quote in memory, revocably, or refuse."""
    if to not in TRANSITIONS[Status(quote.status)]:
        raise TransitionNotAllowed(document=quote.number, current=quote.status, wanted=str(to))
    before = quote.status
    journal.append(lambda: setattr(quote, "status", before))
    quote.status = to


def store(quotes: list[Quote], *fields: str) -> None:
    """Write the states of quotes that have advanced, in one statement."""
    if quotes:
        Quote.objects.bulk_update(quotes, ["status", *fields])
