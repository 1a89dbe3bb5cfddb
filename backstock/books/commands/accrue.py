"""The cut-off of a period is posted on its last day, and taken back on the first day of the next one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.books.accruing import Proposed, accrual_pay, proposed
from backstock.books.errors import NothingToAccrue
from backstock.books.models import Accrual, AccrualLine
from backstock.core import clock, rows
from backstock.core.commands import MAX_ITEMS, STRICT, Batch, Input, command
from backstock.core.errors import PeriodClosed, TransitionNotAllowed, UnknownDocument
from backstock.core.numbers import document_id, row_id
from backstock.core.permissions import SYSTEM
from backstock.core.spans import LAST_DAY
from backstock.money.errors import PeriodNotOver
from backstock.money.posting import Entry, post
from backstock.money.queries import transfers_of_logs

Document = Annotated[str, Field(min_length=1, max_length=40)]
LINE_FIELDS = ("accrual_id", "through", "rma_id", "line_id", "side", "quantity_e4", "amount_cents")


@typed(frozen=True, kw_only=True, config=STRICT)
class Accrue(Input):
    """The last day of the period, and the returns that were ticked; without any, all that are proposed."""

    through: Annotated[date, Field(le=LAST_DAY)]
    documents: Annotated[tuple[Document, ...], Field(max_length=5000)] = ()


@typed(frozen=True, kw_only=True, config=STRICT)
class ReverseAccrual(Input):
    """The accrual (YT…) that is taken back on the day after its period."""

    document: Document


@command("books.accrue", Accrue, alone=True)
def accrue(batch: Batch[Accrue]) -> None:
    """Post what a period end accrues, dated its last day; a follower takes it back on the next one."""
    today, closed = clock.today(batch.company.timezone), batch.company.closed_through
    offered: dict[date, list[Proposed]] = {}
    for item in batch.open:
        with batch.attempt(item):
            through = item.input.through
            if through > today:
                raise PeriodNotOver(through=f"{through}", today=f"{today}")
            if closed is not None and through <= closed:
                raise PeriodClosed(on=f"{through}", closed_through=f"{closed}")
            if through not in offered:
                offered[through] = proposed(through)
            item.plan = _ticked(item.input, offered[through])
            offered[through] = [each for each in offered[through] if each not in item.plan]
            item.on = through
    ids = rows.insert_returning(Accrual, ("through", "log_id", "reversed_log_id"), [(i.on, 0, 0) for i in batch.open])
    for item, pk in zip(batch.open, ids, strict=True):
        item.document = Accrual(pk=pk).number
        item.answer = {"document": item.document, "lines": len(item.plan), "through": f"{item.on}"}
        item.emit("Accrued")
    batch.log()
    made = [Accrual(pk=pk, log_id=i.log_id) for i, pk in zip(batch.open, ids, strict=True) if pk]
    Accrual.objects.bulk_update(made, ["log_id"])
    values = [
        (pk, item.on, each.rma_id, each.line_id, each.side, each.quantity_e4, each.amount_cents)
        for item, pk in zip(batch.open, ids, strict=True) for each in item.plan
    ]  # fmt: skip
    rows.insert(AccrualLine, LINE_FIELDS, values)
    entries = [
        Entry(i.log_id, i.on, i.document, [accrual_pay(each.side, each.amount_cents, each.line_id) for each in i.plan])
        for i in batch.open
    ]
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)


def _ticked(wanted: Accrue, offered: list[Proposed]) -> list[Proposed]:
    found = [each for each in offered if not wanted.documents or each.document in wanted.documents]
    missing = set(wanted.documents) - {each.document for each in found}
    if missing or not found:
        raise NothingToAccrue(document=min(missing, default="–"), through=f"{wanted.through}")
    return found


@command("books.reverse_accrual", ReverseAccrual, alone=True)
def reverse_accrual(batch: Batch[ReverseAccrual]) -> None:
    """Post the opposite of accruals on the day after their period; each is taken back once."""
    wanted = {pk for item in batch.open if (pk := document_id("YT", item.input.document)) is not None}
    there = {each.number: each for each in Accrual.objects.filter(pk__in=wanted)}
    past = transfers_of_logs(each.log_id for each in there.values())
    closed, done = batch.company.closed_through, set[str]()
    for item in batch.open:
        with batch.attempt(item):
            number = item.input.document
            accrual = there.get(number)
            if accrual is None:
                raise UnknownDocument(document=number)
            if accrual.reversed_log_id or number in done:
                raise TransitionNotAllowed(document=number, current="reversed", wanted="reversed")
            item.on = accrual.through + timedelta(days=1)
            if closed is not None and item.on <= closed:
                raise PeriodClosed(on=f"{item.on}", closed_through=f"{closed}")
            done.add(number)
            item.plan, item.document, item.answer = accrual, number, {"document": number, "on": f"{item.on}"}
    batch.log()
    entries = []
    for item in batch.open:
        item.plan.reversed_log_id = item.log_id
        pays = [pay.mirror(item.plan.log_id) for pay in past[item.plan.log_id]]
        entries.append(Entry(item.log_id, item.on, item.document, pays))
    Accrual.objects.bulk_update([item.plan for item in batch.open], ["reversed_log_id"])
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)


def reverse_due(today: date) -> int:
    """Take back what a killed follower left standing; return how many."""
    left = Accrual.objects.filter(reversed_log_id=0, through__lt=today).order_by("pk")
    found = [ReverseAccrual(document=each.number) for each in left[:MAX_ITEMS]]
    if found:
        reverse_accrual.batch(found, actor=SYSTEM, mode="each")
    return len(found)


def accrual_posted(event: Mapping[str, Any]) -> None:
    """Take an accrual back on the first day of the next period; told after it was posted."""
    number = str(event["document"])
    if Accrual.objects.filter(pk=row_id("YT", number), reversed_log_id=0).exists():
        reverse_accrual.batch([ReverseAccrual(document=number)], actor=SYSTEM, mode="each")
