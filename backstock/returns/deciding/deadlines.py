"""By when the law wants things done for a return, read from its terms and its events."""

from __future__ import annotations

from collections.abc import Iterable

from backstock.policies.law import Due, dues
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import ReturnEvent


def legal_dues(rma: LoadedReturn, events: Iterable[ReturnEvent]) -> list[Due]:
    """Return the clocks that the law has set going; the first goods that arrived start those that count from arrival."""
    law = next((line.terms.law for line in rma.lines if line.terms.law), None)
    events = list(events)
    undone = {event.mirrors_log_id for event in events}
    arrivals = [
        event.business_on
        for event in events
        if event.kind == "receive"
        and event.verdict in ("received", "damaged")
        and not event.mirrors_log_id
        and event.log_id not in undone
    ]
    return dues(law, rma.row.requested_on, min(arrivals, default=None))
