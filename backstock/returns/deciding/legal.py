"""The clocks of the law, kept as rows behind the commands: for lists, alarms, and what was late in a period.

A command writes nothing for them. A job reads on in the log, and reckons the clocks of every return that something
happened to anew: start, proof, last day, and the day on which it was done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction

from backstock.core import rows
from backstock.core.models import CommandLog
from backstock.core.numbers import document_id
from backstock.core.sealing import horizon
from backstock.policies.law import CUSTOMERS, rule_of
from backstock.returns.deciding.deadlines import first_arrival, is_open, legal_dues
from backstock.returns.lifecycle import Status
from backstock.returns.loading import LoadedReturn, load_returns_by_id
from backstock.returns.models import LegalClock, LegalClocksKept, ParcelReturn, ReturnEvent, ReturnLine
from backstock.sales.models import SaleLine

CHUNK: Final = 500
# How long before the last day colleagues are told.
NEAR: Final = timedelta(days=2)
FIELDS: Final = (
    "rma", "law", "rule", "what", "article", "is_verified", "starts", "since_on", "evidence", "due_on", "done_on", "is_open",
    "waits", "told",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of a return beside its rows: parcels announced, and what the log says of its money."""

    announced_on: date | None
    parcel: str
    paid_on: date | None


def keep_clocks() -> int:
    """Reckon the clocks of returns to which something happened since the last time; return how many returns that were."""
    newest = CommandLog.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if newest <= (LegalClocksKept.objects.values_list("through_log_id", flat=True).first() or 0):
        return 0
    end, count = horizon(), 0
    while (step := _keep_some(end)) is not None:
        count += step
    return count


def _keep_some(end: int) -> int | None:
    with transaction.atomic():
        LegalClocksKept.objects.bulk_create([LegalClocksKept(id=1)], ignore_conflicts=True)
        state = LegalClocksKept.objects.select_for_update().get(id=1)
        if state.through_log_id >= end:
            return None
        since = CommandLog.objects.filter(pk__gt=state.through_log_id, pk__lte=end).order_by("pk")
        found = list(since.values_list("pk", "document")[:CHUNK])
        touched = _touched(document for _, document in found)
        reckon(touched)
        state.through_log_id = found[-1][0] if len(found) == CHUNK else end
        state.save(update_fields=["through_log_id"])
        return len(touched)


def _touched(documents: Iterable[str]) -> set[int]:
    """Return the returns, of those over which a law stands, that documents of the log are about."""
    named = set(documents)
    ids = {pk for document in named if (pk := document_id("R", document)) is not None}
    parcels = {pk for document in named if (pk := document_id("PK", document)) is not None}
    if parcels:
        ids |= set(ParcelReturn.objects.filter(parcel_id__in=parcels).values_list("rma_id", flat=True))
    if not ids:
        return set()
    lawful = set(ReturnLine.objects.filter(rma_id__in=ids, terms__has_key="law").values_list("rma_id", flat=True))
    # An edit may have taken the last right away.
    return lawful | set(LegalClock.objects.filter(rma_id__in=ids - lawful).values_list("rma_id", flat=True))


def reckon(rma_ids: Iterable[int]) -> None:
    """Write the clocks of returns as they stand now."""
    wanted = sorted(rma_ids)
    if not wanted:
        return
    returns = load_returns_by_id(wanted, lock=False)
    events: dict[int, list[ReturnEvent]] = {}
    for event in ReturnEvent.objects.filter(rma_id__in=wanted).order_by("pk"):
        events.setdefault(event.rma_id, []).append(event)
    proofs, delivered = _proofs(returns), _delivered(returns.values())
    kept = LegalClock.objects.filter(rma_id__in=wanted)
    told = {
        (rma, law, rule, due): n
        for rma, law, rule, due, n in kept.values_list("rma_id", "law", "rule", "due_on", "told")
    }
    found = [
        (*clock, told.get((clock[0], clock[1], clock[2], clock[9]), 0))
        for rma in returns.values()
        for clock in _clocks(rma, events.get(rma.row.pk, []), proofs[rma.row.pk], delivered)
    ]
    kept.delete()
    rows.insert(LegalClock, FIELDS, found)


def _clocks(
    rma: LoadedReturn, events: Sequence[ReturnEvent], proof: Proof, delivered: Mapping[int, date]
) -> list[tuple[Any, ...]]:
    """Return the rows of one return, without whether anybody was told."""
    found, row, arrival = list[tuple[Any, ...]](), rma.row, first_arrival(events)
    law = next((line.terms.law for line in rma.lines if line.terms.law), "")
    for line in rma.lines:
        rule, until = rule_of(line.terms), line.terms.legal_until
        known = {each[2] for each in found}
        signed = delivered.get(line.row.sale_line_id)
        if rule and until and signed and rule.code not in known:
            evidence = f"S{line.row.sale_id:06d}"
            last = date.fromisoformat(until)
            found.append(
                (row.pk, law, rule.code, "window", rule.article, rule.is_verified, "delivery", signed, evidence, last,
                 row.requested_on, False, False)
            )  # fmt: skip
    for due in legal_dues(rma, events, proof.announced_on):
        done, running = _done(rma, due.what, arrival, proof), is_open(rma, due.what)
        starts, evidence = str(due.rule.starts), row.number
        if starts == "arrival" and (arrival is None or due.since < arrival.business_on):
            starts, evidence = "proof", proof.parcel
        elif starts == "arrival" and arrival is not None:
            evidence = f"L{arrival.pk:06d}"
        found.append(
            (row.pk, law, due.rule.code, due.what, due.source, due.rule.is_verified, starts, due.since, evidence, due.on,
             done, running and done is None, due.waits)
        )  # fmt: skip
    return found


def _done(rma: LoadedReturn, what: str, arrival: ReturnEvent | None, proof: Proof) -> date | None:
    """Return the day on which what the law wants was done."""
    if what == "decide":
        return rma.row.decided_on if rma.row.status in (Status.APPROVED, Status.REJECTED, Status.CLOSED) else None
    if what == "send_back":
        return arrival.business_on if arrival else None
    if what in ("refund", "sanction"):
        return None if is_open(rma, what) else proof.paid_on
    return None


def _delivered(returns: Iterable[LoadedReturn]) -> dict[int, date]:
    ids = {line.row.sale_line_id for rma in returns for line in rma.lines} - {0}
    found = SaleLine.objects.filter(pk__in=ids).values_list("pk", "delivered_last_on")
    return {pk: day for pk, day in found if day}


def _proofs(returns: Mapping[int, LoadedReturn]) -> dict[int, Proof]:
    """Return what parcels and the log prove of returns."""
    parcels: dict[int, tuple[date, str]] = {}
    links = ParcelReturn.objects.filter(rma_id__in=list(returns)).select_related("parcel").order_by("pk")
    for link in links:
        day = link.parcel.announced_on
        # A number of the carrier proves that the goods are on their way; a mere word does not.
        if day and link.parcel.tracking_number and (link.rma_id not in parcels or day < parcels[link.rma_id][0]):
            parcels[link.rma_id] = (day, link.parcel.number)
    paid: dict[str, date | None] = {}
    numbers = [rma.row.number for rma in returns.values()]
    log = CommandLog.objects.filter(document__in=numbers).order_by("pk")
    for document, events, on in log.values_list("document", "events", "business_on"):
        for event in events:
            name = event.get("event")
            if name == "RefundPaid" or (name == "ReturnSettled" and not event.get("unpaid")):
                paid[document] = on
            elif name in ("SettlementUndone", "RefundFailed") or (name == "ReturnSettled" and event.get("unpaid")):
                paid[document] = None
    none: tuple[date | None, str] = (None, "")
    known = {pk: parcels.get(pk, none) for pk in returns}
    return {pk: Proof(known[pk][0], known[pk][1], paid.get(rma.row.number)) for pk, rma in returns.items()}


def near_or_late(today: date) -> list[LegalClock]:
    """Return the company's clocks of which somebody is to be told today: near their last day, or past it."""
    running = LegalClock.objects.filter(is_open=True, waits=False, due_on__lte=today + NEAR, told__lt=2)
    found = running.exclude(what__in=CUSTOMERS).select_related("rma").order_by("due_on", "pk")
    return [clock for clock in found[:1000] if clock.told < stage_on(clock, today)]


def stage_on(clock: LegalClock, today: date) -> int:
    """Return how near a clock is: 0 far, 1 near, 2 late."""
    if clock.due_on < today:
        return 2
    return 1 if clock.due_on <= today + NEAR else 0
