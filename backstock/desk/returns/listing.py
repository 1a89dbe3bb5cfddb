"""The list of returns: find, filter, sort, export, and approve many at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstock.core.commands import Refused
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import may_or_refuse, page, tell
from backstock.desk.figures import quantity_text
from backstock.desk.parts import Action, Empty, Refusal
from backstock.desk.returns.due import late_filter, until_column
from backstock.desk.returns.steps import BUTTONS, FORWARD, next_words
from backstock.desk.tables import Bulk, Column, Filter, Table
from backstock.returns.commands.approve import ApproveReturn, approve_return
from backstock.returns.deciding.clocks import until_of, untils_of
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import Return
from backstock.returns.queries import (
    find_returns,
    in_progress,
    legal_actions,
    open_returns,
    progress,
    sale_lines_of,
    waiting_for,
    with_lines,
    worth_cents,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One return of the list, with everything that its columns read."""

    rma: LoadedReturn
    status: str
    worth_cents: int
    words: Mapping[str, str]
    until: datetime | None

    @property
    def head(self) -> Return:
        return self.rma.row


def prepare(rows: Sequence[Return]) -> list[Row]:
    """Read the lines of a page of returns, and what they were sold at, for all of them at once."""
    returns = with_lines(rows)
    sold, reasons = sale_lines_of(returns), words.reason_words()
    # A queue has read until when its own steps wait.
    known = bool(rows) and hasattr(rows[0], "until")
    untils = {row.pk: until_of(row) for row in rows} if known else untils_of([row.pk for row in rows])
    return [Row(rma, progress(rma), worth_cents(rma, sold), reasons, untils[rma.row.pk]) for rma in returns]


def items(row: Row) -> str:
    """Name the first products with their quantities, and how many lines there are beside them."""
    lines = row.rma.lines
    said = [
        f"{line.row.product.name or line.row.product.sku} × {quantity_text(line.in_line_units('requested_e4'))}"
        for line in lines[:2]
    ]
    more = [_("%(count)s more") % {"count": len(lines) - 2}] if len(lines) > 2 else []
    return ", ".join([*said, *more])


def reasons(row: Row) -> str:
    found = dict.fromkeys(line.row.reason for line in row.rma.lines if line.row.reason)
    return ", ".join(words.word(row.words, reason) for reason in found)


def waits_for(row: Row) -> str:
    return next_words(legal_actions(row.rma), row.head.type == "refund_only")


def customer(row: Row) -> str:
    return row.head.customer.name or row.head.customer.code


def day(row: Row) -> date:
    return row.head.requested_on


TABLE = Table[Row](
    name="returns",
    path="/returns/",
    title=gettext_lazy("Returns"),
    rows=open_returns,
    prepare=prepare,
    search=find_returns,
    search_hint=gettext_lazy("Number, sale, customer, phone, product, serial"),
    row_id=lambda row: row.head.number,
    columns=(
        Column(
            key="number", label=gettext_lazy("Number"), value=lambda row: row.head.number, sort="pk",
            link=lambda row: reverse("return_page", args=[row.head.number]),
        ),
        Column(
            key="status", label=gettext_lazy("State"), kind="badge", sort="status",
            value=lambda row: words.word(words.STATUSES, row.status), tone=lambda row: words.tone(words.STATUSES, row.status),
        ),
        Column(key="next", label=gettext_lazy("Next"), kind="label", value=waits_for),
        Column(key="customer", label=gettext_lazy("Customer"), value=customer, sort="customer__name"),
        Column(key="items", label=gettext_lazy("Products"), value=items),
        Column(key="reason", label=gettext_lazy("Reason"), value=reasons),
        Column(
            key="worth", label=gettext_lazy("Sold for"), kind="money", value=lambda row: row.worth_cents,
            currency=lambda row: (row.head.currency, row.head.currency_digits),
        ),
        Column(key="type", label=gettext_lazy("Type"), value=lambda row: words.word(words.TYPES, row.head.type), sort="type"),
        Column(key="requested", label=gettext_lazy("Requested on"), kind="day", value=day, sort="requested_on"),
    ),
    filters=(
        Filter(
            key="todo", label=gettext_lazy("Waits for"), apply=waiting_for,
            choices=[(name, label) for name, _step, label, _icon, _danger in BUTTONS if name in FORWARD],
        ),
        Filter(
            key="status", label=gettext_lazy("State"), apply=in_progress,
            choices=[(status, label) for status, (label, _tone) in words.STATUSES.items()],
        ),
        Filter(
            key="type", label=gettext_lazy("Type"), choices=[*words.TYPES.items()],
            apply=lambda rows, value: rows.filter(type=value),
        ),
    ),
    default_sort="-number",
    empty=Empty(
        icon="receipt-refund",
        title=gettext_lazy("No returns yet"),
        explanation=gettext_lazy(
            "A return appears here as soon as a customer asks for one, on the phone, in a chat or in the portal."
        ),
        steps=(
            gettext_lazy("Find the sale by its order number, the customer or a serial number."),
            gettext_lazy("Say what comes back, how many and why; the policy answers at once."),
            gettext_lazy("Goods, money and papers then follow by themselves."),
        ),
    ),
)  # fmt: skip


def table_for(actor: Actor) -> Table[Row]:
    """Return the list with what this reader may do."""
    columns = (*TABLE.columns[:3], until_column(), *TABLE.columns[3:])
    found = replace(TABLE, columns=columns, filters=(*TABLE.filters, late_filter()))
    if actor.may("returns.request"):
        new = Action(label=gettext_lazy("New return"), href=reverse("return_new"), icon="plus")
        found = replace(found, actions=(new,), empty=replace(found.empty, action=new))
    approve = ("approve", gettext_lazy("Approve"), "check")
    offered = ((approve,) if actor.may("returns.approve") else ()) + (
        ("print", gettext_lazy("Print papers"), "printer"),
    )
    return replace(found, bulk=Bulk(url=reverse("return_bulk"), actions=offered))


@page("returns.view")
def return_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the returns."""
    return table_for(actor).respond(request, "desk/list.html", {"heading": _("Returns"), "key": uuid.uuid4().hex})


@dataclass(frozen=True, kw_only=True)
class OutcomeView:
    """What became of one picked return."""

    number: str
    refusal: Refusal | None


@require_POST
@page("returns.view")
def return_bulk(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Approve the picked returns that can be approved and say what became of each, or print their papers."""
    numbers = list(dict.fromkeys(request.POST.getlist("row")))[:1000]
    if request.POST.get("action") == "print":
        return redirect(f"{reverse('paper_choice')}?{urlencode({'row': numbers}, doseq=True)}")
    may_or_refuse(actor, "returns.approve")
    if request.POST.get("action") != "approve" or not numbers:
        return redirect("return_list")
    key = request.POST.get("key", "")[:100] or uuid.uuid4().hex
    done = approve_return.batch(
        [ApproveReturn(document=number) for number in numbers],
        actor=actor,
        keys=[f"{key}:{number}"[:200] for number in numbers],
        mode="each",
    )
    outcomes = [
        OutcomeView(number=number, refusal=tell(each.error) if isinstance(each, Refused) else None)
        for number, each in zip(numbers, done, strict=True)
    ]
    refused = sum(outcome.refusal is not None for outcome in outcomes)
    context = {
        "title": _("Approve"), "outcomes": outcomes, "done": _("approved"), "page": "return_page", "list": "return_list",
        "heading": _("%(approved)s approved, %(refused)s refused")
        % {"approved": len(outcomes) - refused, "refused": refused},
    }  # fmt: skip
    return render(request, "desk/components/outcomes.html", context)
