"""By when things are to be done for a return: what the law wants, what the flow wants, and what was agreed, in one list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from backstock.flows.engine import end_of
from backstock.policies.law import Due, dues
from backstock.returns.deciding.clocks import clocks_of
from backstock.returns.lifecycle import Status
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import ReturnEvent

# What a law wants done → the step that does it.
STEP_OF: Final[Mapping[str, str]] = {"decide": "approve", "send_back": "receive", "refund": "settle"}
ORDER: Final = ("approve", "receive", "inspect", "dispose", "settle", "replace")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """Until when a step is to be done, and who says so: an article of the law, the flow, or what was agreed."""

    step: str
    until: datetime
    by: Literal["law", "flow", "policy"]
    # The article.
    source: str = ""
    # Whether it is the first of its step, which binds.
    binds: bool = True


def deadlines(rma: LoadedReturn, events: Iterable[ReturnEvent], zone: str) -> list[Deadline]:
    """Return what is to be done for a return by when, step by step, of each step the first deadline first."""
    found = [
        Deadline(step=STEP_OF[due.what], until=end_of(due.on, zone), by="law", source=due.source)
        for due in legal_dues(rma, events)
        if _is_open(rma, due.what)
    ]
    if rma.row.lapses_on and rma.row.status == Status.APPROVED and _is_open(rma, "send_back"):
        found.append(Deadline(step="receive", until=end_of(rma.row.lapses_on, zone), by="policy"))
    lawful = {(each.step, each.until) for each in found}
    # A clock that runs on the very second of the law's is the law's.
    found += [
        Deadline(step=step, until=until, by="flow")
        for step, until in clocks_of(rma.row.pk).items()
        if (step, until) not in lawful
    ]
    return _ordered(found)


def _is_open(rma: LoadedReturn, what: str) -> bool:
    """Tell whether what the law wants is still to be done."""
    if rma.row.status == Status.REQUESTED:
        return True
    if rma.row.status != Status.APPROVED or what == "decide":
        return False
    if what == "send_back":
        return rma.row.type != "refund_only" and any(piece.to_receive_e4 for piece in rma.pieces)
    return any(
        line.row.refunded_e4 < line.counted(lambda piece: piece.authorized_e4 - piece.rejected_e4) for line in rma.lines
    )


def _ordered(found: Sequence[Deadline]) -> list[Deadline]:
    ordered = sorted(found, key=lambda each: (ORDER.index(each.step), each.until))
    first = {each.step: each for each in reversed(ordered)}
    return [
        each
        if each is first[each.step]
        else Deadline(step=each.step, until=each.until, by=each.by, source=each.source, binds=False)
        for each in ordered
    ]
