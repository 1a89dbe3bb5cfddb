"""At the end of a day: the gateway's statement beside our refunds and our ledger; every difference is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.amounts import MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import InvalidInput
from backstock.core.inputs import BusinessDay
from backstock.refunds.models import Difference, Statement, StatementRow
from backstock.refunds.ours import Books, load_books
from backstock.refunds.reconciliation import Found, Ours, Theirs, compare, match
from backstock.refunds.statements import MOST_ROWS

Name = Annotated[str, Field(max_length=100)]


@typed(frozen=True, kw_only=True, config=STRICT)
class StatementLine:
    """One refund on the statement; `position` is its row in the file."""

    position: Annotated[int, Field(ge=1, le=1_000_000)]
    key: Name
    reference: Name = ""
    amount_cents: Annotated[int, Field(gt=0, le=MAX_CENTS)]
    outcome: Literal["paid", "failed", "pending"] = "paid"
    happened_on: BusinessDay


@typed(frozen=True, kw_only=True, config=STRICT)
class Reconcile(Input):
    """A means of payment, a day, and the refunds on its statement."""

    # They stand in a table of their own; a bank's words may name people.
    PERSONAL: ClassVar = frozenset({"lines"})

    tender: Annotated[str, Field(min_length=1, max_length=30)]
    day: BusinessDay
    lines: Annotated[tuple[StatementLine, ...], Field(max_length=MOST_ROWS)]


@dataclass(slots=True)
class Plan:
    """A statement that was compared."""

    theirs: list[Theirs]
    ours: list[Ours]
    matched: dict[int, Ours]
    found: list[Found]


@command("refunds.reconcile", Reconcile)
def reconcile(batch: Batch[Reconcile]) -> None:
    """Compare statements; one of the same day that was imported before is replaced."""
    books = {item.index: load_books(item.input.tender, item.input.day, theirs_of(item.input)) for item in batch.open}
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _plan(item, books[item.index])
            item.document = f"{item.input.tender} {item.input.day.isoformat()}"[:60]
            item.answer = {"differences": len(item.plan.found), "lines": len(item.plan.theirs)}
            item.emit("StatementReconciled", differences=len(item.plan.found))
    batch.log()
    for tender, day, log_id in [(item.input.tender, item.input.day, item.log_id) for item in batch.open]:
        Statement.objects.filter(tender=tender, day=day, replaced_log_id=0).update(replaced_log_id=log_id)
    _write(batch)


def theirs_of(wanted: Reconcile) -> list[Theirs]:
    """Return the lines of a statement as they are compared."""
    return [
        Theirs(
            position=line.position, key=line.key, reference=line.reference, amount_cents=line.amount_cents,
            outcome=line.outcome, happened_on=line.happened_on,
        )
        for line in wanted.lines
    ]  # fmt: skip


def _plan(item: Item[Reconcile], books: Books) -> Plan:
    theirs = theirs_of(item.input)
    if len({line.position for line in theirs}) < len(theirs):
        raise InvalidInput(field="lines", problem="a position stands twice")
    found = compare(item.input.day, theirs, books.ours, books.elsewhere)
    return Plan(theirs, books.ours, match(theirs, books.ours), found)


def _write(batch: Batch[Reconcile]) -> None:
    """Write statements, their rows and what differs."""
    items = batch.open
    fields = (
        "tender", "day", "currency", "currency_digits", "log_id", "theirs_count", "theirs_cents", "ours_count", "ours_cents",
    )  # fmt: skip
    own = batch.company
    heads = [
        (
            item.input.tender, item.input.day, own.currency, own.currency_digits, item.log_id,
            *_sums(item.plan, item.input.day),
        )
        for item in items
    ]  # fmt: skip
    ids = rows.insert_returning(Statement, fields, heads)
    line_rows, found_rows = list[Sequence[object]](), list[Sequence[object]]()
    for item, pk in zip(items, ids, strict=True):
        plan: Plan = item.plan
        line_rows += [
            (
                pk, x.position, x.key, x.reference, x.amount_cents, x.outcome, x.happened_on,
                plan.matched[x.position].refund_id if x.position in plan.matched else 0,
            )
            for x in plan.theirs
        ]  # fmt: skip
        found_rows += [
            (pk, x.kind, x.refund_id, x.position, x.ours_cents, x.theirs_cents, x.ours, x.theirs) for x in plan.found
        ]
    row_fields = ("statement", "position", "key", "reference", "amount_cents", "outcome", "happened_on", "refund_id")
    rows.insert(StatementRow, row_fields, line_rows)
    found_fields = ("statement", "kind", "refund_id", "position", "ours_cents", "theirs_cents", "ours", "theirs")
    rows.insert(Difference, found_fields, found_rows)


def _sums(plan: Plan, day: date) -> tuple[int, int, int, int]:
    theirs = [line.amount_cents for line in plan.theirs if line.outcome == "paid"]
    ours = [each.amount_cents for each in plan.ours if each.status == "paid" and each.paid_on == day]
    return len(theirs), sum(theirs), len(ours), sum(ours)
