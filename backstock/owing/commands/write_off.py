"""Give up what will not be paid: one person asks, another decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.amounts import MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import TransitionNotAllowed, UnknownDocument
from backstock.core.numbers import document_id
from backstock.money.posting import Entry, post
from backstock.owing.errors import AllocationExceedsOpen, NothingOpen, SecondPersonRequired
from backstock.owing.items import Items, OpenItem, load_items
from backstock.owing.lifecycle import Status, decide
from backstock.owing.models import WriteOff
from backstock.owing.paying import Line, Money, Number, Settled, write_settled
from backstock.owing.postings import Terms

FIELDS = (
    "side", "partner", "target", "amount_cents", "currency", "currency_digits", "reason", "status", "asked_by_id", "asked_on",
)  # fmt: skip


@typed(frozen=True, kw_only=True, config=STRICT)
class AskWriteOff(Input):
    """What to give up of an open document; without an amount all of it."""

    PERSONAL: ClassVar = frozenset({"reason"})

    document: Number
    amount_cents: Annotated[int, Field(gt=0, le=MAX_CENTS)] | None = None
    reason: Annotated[str, Field(max_length=200)] = ""


@command("owing.write_off", AskWriteOff)
def ask_write_off(batch: Batch[AskWriteOff]) -> None:
    """Ask that open items be given up; nothing is posted yet."""
    items = load_items(batch.company, None, (), (item.input.document for item in batch.open))
    for item in batch.open:
        with batch.attempt(item):
            found = items.find(item.input.document)
            item.plan = found, _fits(found, item.input.amount_cents)
    ids = rows.insert_returning(WriteOff, FIELDS, [_row(batch, item) for item in batch.open])
    for item, pk in zip(batch.open, ids, strict=True):
        item.document = WriteOff(pk=pk).number
        item.answer = {"document": item.document, "amount_cents": item.plan[1]}
    batch.log()


def _fits(found: OpenItem, asked_cents: int | None) -> int:
    """Return how much is given up; raise when that is more than is open."""
    if found.open_cents <= 0:
        raise NothingOpen(document=found.number)
    cents = found.open_cents if asked_cents is None else asked_cents
    if cents > found.open_cents:
        raise AllocationExceedsOpen(
            document=found.number, asked_cents=cents, open_cents=found.open_cents, digits=found.digits
        )
    return cents


def _row(batch: Batch[AskWriteOff], item: Item[AskWriteOff]) -> tuple[object, ...]:
    found, cents = item.plan
    return (
        found.side, found.partner_id, found.number, cents, found.currency, found.digits, item.input.reason,
        str(Status.ASKED), batch.actor.user_id, item.on,
    )  # fmt: skip


@typed(frozen=True, kw_only=True, config=STRICT)
class DecideWriteOff(Input):
    """The write-off that was asked for, and whether it is granted."""

    document: Number
    approve: bool = True


@dataclass(slots=True)
class Plan:
    """A decision that was checked; a rejected one settles nothing."""

    row: WriteOff
    settled: list[Settled] = field(default_factory=list)


@command("owing.approve_write_off", DecideWriteOff)
def decide_write_off(batch: Batch[DecideWriteOff]) -> None:
    """Decide on write-offs: a granted one settles its document against bad debts, or other income for a supplier's."""
    ids = {pk for item in batch.open if (pk := document_id("WO", item.input.document)) is not None}
    targets = WriteOff.objects.filter(pk__in=ids).values_list("target", flat=True)
    items = load_items(batch.company, None, (), targets)
    found = WriteOff.objects.filter(pk__in=ids).order_by("pk").select_for_update()
    rows_by_number = {row.number: row for row in found}
    decided = set[int]()
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _decided(batch, item.input, rows_by_number, items, decided)
            item.document = item.plan.row.number
            item.answer = {"document": item.document, "approved": item.input.approve}
            decided.add(item.plan.row.pk)
    batch.log()
    _write(batch)


def _decided(
    batch: Batch[Any], wanted: DecideWriteOff, found: dict[str, WriteOff], items: Items, decided: set[int]
) -> Plan:
    row = found.get(wanted.document)
    if row is None:
        raise UnknownDocument(document=wanted.document)
    if row.status != Status.ASKED or row.pk in decided:
        raise TransitionNotAllowed(document=row.number, current=row.status, wanted="decided")
    if row.asked_by_id is not None and row.asked_by_id == batch.actor.user_id:
        raise SecondPersonRequired(document=row.number, actor=batch.actor.name)
    plan = Plan(row)
    if wanted.approve:
        item = items.find(row.target)
        _fits(item, row.amount_cents)
        item.settle(batch, row.amount_cents)
        plan.settled.append(Settled(Line("write_off", row.amount_cents, 0), item, row.amount_cents))
    return plan


def _write(batch: Batch[DecideWriteOff]) -> None:
    entries, done = [], list[tuple[Item[Any], Money]]()
    for item in batch.open:
        plan: Plan = item.plan
        for each in plan.settled:
            found = each.item
            terms = Terms(found.side, found.partner_id, found.currency, found.rate_e9, {})
            pay = terms.settle(terms.account_of("write_off"), each.cents, found.rate_e9)
            entries.append(Entry(item.log_id, item.on, item.document, [pay]))
            done.append((item, Money(item.document, "", terms, found.digits, [], plan.settled)))
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    write_settled(batch, done)
    for status, approve in ((Status.APPROVED, True), (Status.REJECTED, False)):
        days = {item.on for item in batch.open if item.input.approve is approve}
        for on in sorted(days):
            pks = [i.plan.row.pk for i in batch.open if i.input.approve is approve and i.on == on]
            decide(pks, status, batch.actor.user_id, on)
