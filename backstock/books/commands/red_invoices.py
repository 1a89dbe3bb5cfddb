"""红字发票, step by step: the blue invoice is recorded, a red one asked for, confirmed where that is needed, issued."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.books import lifecycle
from backstock.books.errors import BlueInvoiceMissing, ConfirmationLapsed, RedExceedsBlue
from backstock.books.lifecycle import Status
from backstock.books.models import BlueInvoice, RedInvoice
from backstock.books.reds import NoteShare, shares_of
from backstock.core import clock, rows
from backstock.core.amounts import MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import DuplicateCode, InvalidAmount, UnknownDocument
from backstock.core.numbers import document_id
from backstock.sales.models import Invoice

Number = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,20}$")]
Document = Annotated[str, Field(max_length=40)]
Cents = Annotated[int, Field(ge=0, le=MAX_CENTS)]


@typed(frozen=True, kw_only=True, config=STRICT)
class RecordBlue(Input):
    """The tax invoice for a bill of ours: its number and day; `used`: the buyer has confirmed its use or booked it."""

    invoice: Document
    number: Number
    issued_on: date
    used: bool = False


@typed(frozen=True, kw_only=True, config=STRICT)
class AskRed(Input):
    """For which credit note, against which blue invoice, how much (else all that is left), and who starts it."""

    document: Document
    blue: Number
    net_cents: Cents | None = None
    tax_cents: Cents | None = None
    started_by: Literal["seller", "buyer"] = "seller"
    confirmation: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{0,60}$")] = ""


@typed(frozen=True, kw_only=True, config=STRICT)
class OneRed(Input):
    """Which red invoice."""

    document: Document


@typed(frozen=True, kw_only=True, config=STRICT)
class IssueRed(OneRed):
    """Its number at the tax office, and the day on which it was issued."""

    number: Number
    issued_on: date


@dataclass(slots=True)
class Plan:
    """A red invoice that may be asked for."""

    blue: BlueInvoice
    share: NoteShare
    net_cents: int
    tax_cents: int


@command("books.record_blue", RecordBlue)
def record_blue(batch: Batch[RecordBlue]) -> None:
    """Record blue invoices, or correct whether they are used."""
    ids = {i.input.invoice: document_id("I", i.input.invoice) for i in batch.open}
    bills = {bill.number: bill for bill in Invoice.objects.filter(pk__in=[pk for pk in ids.values() if pk])}
    known = {blue.number: blue for blue in BlueInvoice.objects.filter(number__in=[i.input.number for i in batch.open])}
    taken = {b.invoice_id: b for b in BlueInvoice.objects.filter(invoice_id__in=[bill.pk for bill in bills.values()])}
    for item in batch.open:
        with batch.attempt(item):
            bill = bills.get(item.input.invoice)
            if bill is None:
                raise UnknownDocument(document=item.input.invoice[:60])
            before = taken.get(bill.pk)
            other = known.get(item.input.number)
            if (before and before.number != item.input.number) or (other and other.invoice_id != bill.pk):
                raise DuplicateCode(field="number", value=item.input.number)
            fresh = BlueInvoice(
                pk=before.pk if before else None, invoice_id=bill.pk, sale_id=bill.sale_id, number=item.input.number,
                issued_on=item.input.issued_on, net_cents=bill.net_cents + bill.shipping_cents, tax_cents=bill.tax_cents,
                used=item.input.used,
            )  # fmt: skip
            taken[bill.pk] = known[item.input.number] = item.plan = fresh
            item.document, item.answer = bill.number, {"document": bill.number, "number": item.input.number}
    batch.log()
    made = {item.plan.invoice_id: item.plan for item in batch.open}
    fields = ("invoice_id", "sale_id", "number", "issued_on", "net_cents", "tax_cents", "used")
    rows.insert(BlueInvoice, fields, [tuple(getattr(b, f) for f in fields) for b in made.values() if b.pk is None])
    BlueInvoice.objects.bulk_update([blue for blue in made.values() if blue.pk], ["issued_on", "used"])


@command("books.ask_red", AskRed)
def ask_red(batch: Batch[AskRed]) -> None:
    """Ask for red invoices; where the blue one is not used yet nobody has to confirm (own knowledge, unverified)."""
    wanted = BlueInvoice.objects.select_for_update().filter(number__in=[item.input.blue for item in batch.open])
    blues = {blue.number: blue for blue in wanted.order_by("pk")}
    shares, now = shares_of((item.input.document for item in batch.open), blues.values()), clock.now()
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _asked(batch, item, blues, shares)
            item.answer = {"document": item.input.document}
    fields = (
        "blue", "note_id", "reason", "net_cents", "tax_cents", "status", "started_by", "confirmation", "asked_at", "number",
        "issued_on",
    )  # fmt: skip
    values = [
        (
            i.plan.blue.pk, i.plan.share.note_id, i.plan.share.reason, i.plan.net_cents, i.plan.tax_cents,
            str(Status.ASKED if i.plan.blue.used else Status.READY), i.input.started_by, i.input.confirmation, now, "", None,
        )
        for i in batch.open
    ]  # fmt: skip
    ids = rows.insert_returning(RedInvoice, fields, values) if values else []
    for item, pk in zip(batch.open, ids, strict=True):
        item.document = RedInvoice(pk=pk).document
        item.answer = {"document": item.document, "status": "asked" if item.plan.blue.used else "ready"}
    batch.log()


def _asked(
    batch: Batch[AskRed], item: Item[AskRed], blues: dict[str, BlueInvoice], shares: dict[tuple[str, int], NoteShare]
) -> Plan:
    wanted = item.input
    blue = blues.get(wanted.blue)
    share = shares.get((wanted.document, blue.pk)) if blue else None
    if blue is None or share is None:
        raise BlueInvoiceMissing(document=wanted.document[:60], number=wanted.blue)
    left = min(share.net_left_cents, share.blue_net_left_cents), min(share.tax_left_cents, share.blue_tax_left_cents)
    asked = (
        left[0] if wanted.net_cents is None else wanted.net_cents,
        left[1] if wanted.tax_cents is None else wanted.tax_cents,
    )
    if asked[0] > left[0] or asked[1] > left[1] or not any(left):
        raise RedExceedsBlue(
            document=wanted.document, asked_cents=sum(asked), left_cents=sum(left), digits=share.digits
        )
    if not any(asked):
        raise InvalidAmount(field="net_cents", amount="0")
    share.take(*asked)
    batch.journal.append(lambda: share.take(-asked[0], -asked[1]))
    return Plan(blue, share, *asked)


@command("books.confirm_red", OneRed)
def confirm_red(batch: Batch[OneRed]) -> None:
    """Both sides have confirmed: red invoices may be issued."""
    _step(batch, Status.READY)


@command("books.issue_red", IssueRed)
def issue_red(batch: Batch[IssueRed]) -> None:
    """Write down that red invoices were issued, with their numbers."""
    numbers = [item.input.number for item in batch.open]
    taken = set(RedInvoice.objects.filter(number__in=numbers).values_list("number", flat=True))
    _step(batch, Status.ISSUED, taken)


@command("books.withdraw_red", OneRed)
def withdraw_red(batch: Batch[OneRed]) -> None:
    """Withdraw red invoices that were not issued: what they took of the blue one is free again."""
    _step(batch, Status.WITHDRAWN)


def _step[T: OneRed](batch: Batch[T], wanted: Status, taken: set[str] | None = None) -> None:
    ids = {item.input.document: document_id("HZ", item.input.document) for item in batch.open}
    found = RedInvoice.objects.select_for_update().filter(pk__in=[pk for pk in ids.values() if pk]).order_by("pk")
    reds, now = {red.document: red for red in found}, clock.now()
    for item in batch.open:
        with batch.attempt(item):
            red = reds.get(item.input.document)
            if red is None:
                raise UnknownDocument(document=item.input.document[:60])
            if wanted == Status.READY and lifecycle.lapsed(red, now):
                raise ConfirmationLapsed(document=red.document, asked_at=f"{red.asked_at:%Y-%m-%d %H:%M} UTC")
            given = item.input
            if isinstance(given, IssueRed) and taken is not None:
                if given.number in taken:
                    raise DuplicateCode(field="number", value=given.number)
                lifecycle.enter(batch, red, wanted)
                taken.add(given.number)
                red.number, red.issued_on = given.number, given.issued_on
            else:
                lifecycle.enter(batch, red, wanted)
            item.plan, item.document, item.answer = red, red.document, {"document": red.document, "status": str(wanted)}
    batch.log()
    lifecycle.write(_of(batch.open))


def _of[T: OneRed](items: Iterable[Item[T]]) -> list[RedInvoice]:
    return list({item.plan.pk: item.plan for item in items}.values())
