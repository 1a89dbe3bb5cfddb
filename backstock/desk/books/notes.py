"""Credit notes with their gapless numbers: which have one, and giving numbers to those up to a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.books.commands.post_credit_notes import PostCreditNotes, post_credit_notes
from backstock.books.models import NoteNumber
from backstock.books.notes import note_numbers, unnumbered_notes
from backstock.core import clock
from backstock.core.commands import Done
from backstock.core.currencies import digits_of
from backstock.core.numbers import document_id
from backstock.core.permissions import Actor
from backstock.desk.access import company, may_or_refuse, page
from backstock.desk.fields import Keyed
from backstock.desk.owing.asking import data_of, submitted
from backstock.desk.parts import Action, Empty
from backstock.desk.tables import Column, Filter, Table
from backstock.partners.models import Partner
from backstock.partners.queries import partners_by_id
from backstock.refunds.models import CreditNote
from backstock.returns.models import Return


class NumberForm(Keyed):
    """The last day of the batch."""

    through = forms.DateField(
        label=gettext_lazy("Number through"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Credit notes of that year up to this day get the next numbers without a gap. A number is never changed."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One credit note of the list."""

    note: CreditNote
    customer: Partner | None
    number: str

    @property
    def gross_cents(self) -> int:
        """What the note gives back, or takes back where it is the opposite of another."""
        return self.note.goods_cents + self.note.tax_cents + self.note.shipping_cents


def _prepared(rows: Sequence[Any]) -> list[Row]:
    partners = partners_by_id({note.customer_id for note in rows})
    numbers = note_numbers(note.pk for note in rows)
    return [Row(note, partners.get(note.customer_id), numbers.get(note.pk, "")) for note in rows]


def _find(rows: QuerySet[CreditNote], text: str) -> QuerySet[CreditNote]:
    if (note := document_id("C", text)) is not None:
        return rows.filter(pk=note)
    year, _dash, number = text.partition("-")
    if year.isascii() and year.isdigit() and number.isascii() and number.isdigit() and len(text) < 20:
        return rows.filter(pk__in=NoteNumber.objects.filter(year=int(year), number=int(number)).values("note_id"))
    return rows.filter(rma_id=document_id("R", text) or 0)


def _numbered(rows: QuerySet[CreditNote], value: str) -> QuerySet[CreditNote]:
    known = NoteNumber.objects.values("note_id")
    return rows.filter(pk__in=known) if value == "yes" else rows.exclude(pk__in=known)


TABLE = Table[Row](
    name="credit-notes", path="/books/notes/", title=gettext_lazy("Credit notes"), prepare=_prepared,
    rows=lambda: CreditNote.objects.order_by("-pk"), row_id=lambda row: row.note.number, search=_find,
    search_hint=gettext_lazy("Number of the credit note or of the return"),
    filters=(
        Filter(
            key="numbered", label=gettext_lazy("Number in the year"), apply=_numbered,
            choices=[("no", gettext_lazy("Waits for its number")), ("yes", gettext_lazy("Numbered"))],
        ),
    ),
    columns=(
        Column(key="number", label=gettext_lazy("Credit note"), value=lambda row: row.note.number, sort="pk"),
        Column(key="fiscal", label=gettext_lazy("Number in the year"), value=lambda row: row.number or "–"),
        Column(key="day", label=gettext_lazy("Day"), kind="day", value=lambda row: row.note.issued_on, sort="issued_on"),
        Column(
            key="return", label=gettext_lazy("Return"), value=lambda row: Return(pk=row.note.rma_id).number,
            link=lambda row: reverse("return_page", args=[Return(pk=row.note.rma_id).number]),
        ),
        Column(key="customer", label=gettext_lazy("Customer"), value=lambda row: str(row.customer or "")),
        Column(
            key="gross", label=gettext_lazy("Given back"), kind="money", value=lambda row: row.gross_cents,
            currency=lambda row: (row.note.currency, digits_of(row.note.currency)),
        ),
    ),
    actions=(Action(label=gettext_lazy("Give numbers"), href="/books/notes/number/", icon="checklist"),),
    default_sort="-number",
    empty=Empty(
        icon="receipt-refund", title=gettext_lazy("No credit notes"),
        explanation=gettext_lazy("Each settlement of a return writes one; here they get the numbers that the tax office wants without a gap."),
    ),
)  # fmt: skip


@page("books.view")
def note_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List credit notes and their numbers."""
    return TABLE.respond(request, "desk/list.html", {"heading": _("Credit notes")})


@page("books.view")
def note_number(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Give numbers to the credit notes of a year up to a day."""
    may_or_refuse(actor, "books.post_credit_notes")
    today = clock.today(company().timezone)
    form = NumberForm(data_of(request), initial={"through": today})
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":

        def run(data: dict[str, Any]) -> Done:
            return post_credit_notes(PostCreditNotes(through=data["through"]), actor=actor, key=data["key"])

        done, context, status = submitted(form, run)
        if done:
            said = _("%(posted)s credit notes got their numbers; the last one of %(year)s is %(last)s.")
            facts = {"posted": done.answer["posted"], "year": done.answer["year"], "last": done.answer["last_number"]}
            messages.success(request, said % facts)
            return redirect("note_list")
    context |= {"form": form, "waiting": unnumbered_notes(today), "day": today}
    return render(request, "desk/books/number.html", context, status=status)
