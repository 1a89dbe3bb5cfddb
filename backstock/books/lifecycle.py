"""The states of a red invoice; the only place that writes its `status` after it was asked for.

What is asked for and not answered within 72 hours lapses (国家税务总局公告2024年第11号, as quoted in the research notes); that
follows from the clock and is stored nowhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from backstock.books.models import RedInvoice
from backstock.core.commands import Batch
from backstock.core.errors import TransitionNotAllowed

LAPSES_AFTER: Final = timedelta(hours=72)


class Status(StrEnum):
    """Asked of the other side, ready to be issued, issued, or withdrawn."""

    ASKED = "asked"
    READY = "ready"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


TRANSITIONS: Final[dict[Status, frozenset[Status]]] = {
    Status.ASKED: frozenset({Status.READY, Status.WITHDRAWN}),
    Status.READY: frozenset({Status.ISSUED, Status.WITHDRAWN}),
    Status.ISSUED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}


def lapsed(red: RedInvoice, now: datetime) -> bool:
    """Tell whether nobody answered in time."""
    return red.status == Status.ASKED and now > red.asked_at + LAPSES_AFTER


def counts(red: RedInvoice, now: datetime) -> bool:
    """Tell whether a red invoice takes something of its blue one."""
    return red.status != Status.WITHDRAWN and not lapsed(red, now)


def enter(batch: Batch[Any], red: RedInvoice, wanted: Status) -> None:
    """Take a red invoice to another state in memory; a refusal of the item takes it back."""
    before = red.status
    if wanted not in TRANSITIONS[Status(before)]:
        raise TransitionNotAllowed(document=red.document, current=before, wanted=str(wanted))
    red.status = str(wanted)
    batch.journal.append(lambda: setattr(red, "status", before))


def write(reds: list[RedInvoice]) -> None:
    """Store the states of red invoices and what came with them, in one statement."""
    RedInvoice.objects.bulk_update(reds, ["status", "confirmation", "number", "issued_on"])
