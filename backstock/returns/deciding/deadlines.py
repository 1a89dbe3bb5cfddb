"""By when things are to be done for a return: what the law wants, what the flow wants, and what was agreed, in one list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from backstock.flows.engine import end_of
from backstock.policies.law import Due, Since, dues
from backstock.returns.deciding.clocks import clocks_of
from backstock.returns.lifecycle import Status
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import ReturnEvent

# What a law wants done → the step that does it.
STEP_OF: Final[Mapping[str, str]] = {
    "decide": "approve", "send_back": "receive", "refund": "settle", "sanction": "settle", "repair": "replace",
}  # fmt: skip
ORDER: Final = ("approve", "receive", "inspect", "dispose", "settle", "replace")


def legal_dues(rma: LoadedReturn, events: Iterable[ReturnEvent], proof_on: date | None = None) -> list[Due]:
    """Return the clocks that the law has set going, of each rule the first; arrival is that of the first goods."""
    if not any(line.terms.law for line in rma.lines):
        return []
    first = first_arrival(events)
    since = Since(requested_on=rma.row.requested_on, arrived_on=first.business_on if first else None, proof_on=proof_on)
    found: dict[str, Due] = {}
    for line in rma.lines:
        for due in dues(line.terms, since, rma.row.type, line.row.product.category):
            if due.rule.code not in found or due.on < found[due.rule.code].on:
                found[due.rule.code] = due
    return list(found.values())


def first_arrival(events: Iterable[ReturnEvent]) -> ReturnEvent | None:
    """Return the receipt with which the first goods came, as far as it was not taken back."""
    events = list(events)
    undone = {event.mirrors_log_id for event in events}
    arrivals = [
        event
        for event in events
        if event.kind == "receive"
        and event.verdict in ("received", "damaged")
        and not event.mirrors_log_id
        and event.log_id not in undone
    ]
    return min(arrivals, key=lambda event: event.business_on, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """Until when a step is to be done, and who says so: an article of the law, the flow, or what was agreed."""

    step: str
    until: datetime
    by: Literal["law", "flow", "policy"]
    # The article, and whether it may wait until goods or a proof of dispatch are here.
    source: str = ""
    waits: bool = False
    # Whether it is the first of its step, which binds.
    binds: bool = True


def deadlines(rma: LoadedReturn, events: Iterable[ReturnEvent], zone: str) -> list[Deadline]:
    """Return what is to be done for a return by when, step by step, of each step the first deadline first."""
    found = [
        Deadline(step=STEP_OF[due.what], until=end_of(due.on, zone), by="law", source=due.source, waits=due.waits)
        for due in legal_dues(rma, events)
        if is_open(rma, due.what)
    ]
    if rma.row.lapses_on and rma.row.status == Status.APPROVED and is_open(rma, "send_back"):
        found.append(Deadline(step="receive", until=end_of(rma.row.lapses_on, zone), by="policy"))
    lawful = {(each.step, each.until) for each in found}
    # A clock that runs on the very second of the law's is the law's.
    found += [
        Deadline(step=step, until=until, by="flow")
        for step, until in clocks_of(rma.row.pk).items()
        if (step, until) not in lawful
    ]
    return _ordered(found)


def is_open(rma: LoadedReturn, what: str) -> bool:
    """Tell whether what the law wants is still to be done."""
    if rma.row.status == Status.REQUESTED:
        return True
    if rma.row.status == Status.CLOSED and what in ("refund", "sanction"):
        # Whoever closes a return whose goods are here does not end what is owed for them.
        return any(
            line.row.refunded_e4 + line.row.replaced_e4
            < line.counted(lambda piece: piece.received_e4 - piece.rejected_e4 - piece.accepted_sent_back_e4)
            for line in rma.lines
        )
    if rma.row.status != Status.APPROVED or what == "decide":
        return False
    if what == "send_back":
        return rma.row.type != "refund_only" and any(piece.to_receive_e4 for piece in rma.pieces)
    if what == "repair":
        return any(piece.received_e4 > piece.sent_back_e4 for piece in rma.pieces)
    return any(
        line.row.refunded_e4 < line.counted(lambda piece: piece.authorized_e4 - piece.rejected_e4) for line in rma.lines
    )


def _ordered(found: Sequence[Deadline]) -> list[Deadline]:
    ordered = sorted(found, key=lambda each: (ORDER.index(each.step), each.until))
    first = {each.step: each for each in reversed(ordered)}
    return [each if each is first[each.step] else replace(each, binds=False) for each in ordered]
