"""红字发票: which credit notes still need a red invoice, and the page of one with its next steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstock.books.commands.red_invoices import ask_red, confirm_red, issue_red, record_blue, withdraw_red
from backstock.books.lifecycle import LAPSES_AFTER
from backstock.books.models import BlueInvoice, RedInvoice
from backstock.books.reds import note_sums, shares_of, standing, state_of
from backstock.core import clock
from backstock.core.commands import Command
from backstock.core.currencies import digits_of
from backstock.core.errors import UnknownDocument
from backstock.core.numbers import document_id
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.fields import Keyed
from backstock.desk.figures import money_text
from backstock.desk.parts import Empty
from backstock.desk.tables import Column, Filter, Table
from backstock.partners.models import Partner
from backstock.partners.queries import partners_by_id
from backstock.refunds.models import CreditNote
from backstock.returns.models import Return
from backstock.sales.models import Invoice, Sale

STATES = {
    "asked": gettext_lazy("Waits for the other side"), "ready": gettext_lazy("May be issued"),
    "issued": gettext_lazy("Issued"), "withdrawn": gettext_lazy("Withdrawn"),
    "lapsed": gettext_lazy("Lapsed after 72 hours"),
}  # fmt: skip
REASONS = {"returned": gettext_lazy("Goods returned"), "allowance": gettext_lazy("Price allowance")}
# What a form of the page sends, by its command: the fields that are taken.
STEPS: dict[str, tuple[Command[Any], tuple[str, ...]]] = {
    "record": (record_blue, ("invoice", "number", "issued_on", "used")),
    "ask": (ask_red, ("document", "blue", "started_by", "confirmation")),
    "confirm": (confirm_red, ("document",)),
    "issue": (issue_red, ("document", "number", "issued_on")),
    "withdraw": (withdraw_red, ("document",)),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One credit note of the list."""

    note: CreditNote
    customer: Partner | None
    rma: str
    issued_cents: int

    @property
    def gross_cents(self) -> int:
        """What the note gives back."""
        return self.note.goods_cents + self.note.tax_cents + self.note.shipping_cents


def _notes() -> QuerySet[CreditNote]:
    undone = CreditNote.objects.filter(mirrors_log_id=OuterRef("log_id"))
    issued = RedInvoice.objects.filter(note_id=OuterRef("pk"), status="issued").order_by().values("note_id")
    summed = issued.annotate(sum=Sum(F("net_cents") + F("tax_cents"))).values("sum")
    found = CreditNote.objects.filter(mirrors_log_id=0).exclude(Exists(undone))
    return found.annotate(issued_cents=Coalesce(Subquery(summed), 0)).order_by("-pk")


def _open(rows: Any, value: str) -> Any:
    whole = F("goods_cents") + F("tax_cents") + F("shipping_cents")
    return rows.filter(issued_cents__lt=whole) if value == "open" else rows.filter(issued_cents__gte=whole)


def _find(rows: QuerySet[CreditNote], text: str) -> QuerySet[CreditNote]:
    note, rma = document_id("C", text), document_id("R", text)
    return rows.filter(pk=note) if note else rows.filter(rma_id=rma or 0)


def _prepared(rows: Sequence[Any]) -> list[Row]:
    partners = partners_by_id({note.customer_id for note in rows})
    return [Row(n, partners.get(n.customer_id), Return(pk=n.rma_id).number, n.issued_cents) for n in rows]


TABLE = Table[Row](
    name="red-invoices",
    path="/books/red/",
    title=gettext_lazy("Red invoices"),
    rows=_notes,
    prepare=_prepared,
    row_id=lambda row: row.note.number,
    search=_find,
    search_hint=gettext_lazy("Number of the credit note or of the return"),
    filters=(
        Filter(
            key="state", label=gettext_lazy("Red invoice"), apply=_open,
            choices=[("open", gettext_lazy("Still to issue")), ("done", gettext_lazy("Issued"))],
        ),
    ),
    columns=(
        Column(
            key="number", label=gettext_lazy("Credit note"), value=lambda row: row.note.number, sort="pk",
            link=lambda row: reverse("red_page", args=[row.note.number]),
        ),
        Column(key="day", label=gettext_lazy("Day"), kind="day", value=lambda row: row.note.issued_on, sort="issued_on"),
        Column(
            key="return", label=gettext_lazy("Return"), value=lambda row: row.rma,
            link=lambda row: reverse("return_page", args=[row.rma]),
        ),
        Column(key="customer", label=gettext_lazy("Customer"), value=lambda row: str(row.customer or "")),
        Column(
            key="gross", label=gettext_lazy("Given back"), kind="money", value=lambda row: row.gross_cents,
            currency=lambda row: (row.note.currency, digits_of(row.note.currency)),
        ),
        Column(
            key="issued", label=gettext_lazy("Red, issued"), kind="money", value=lambda row: row.issued_cents,
            currency=lambda row: (row.note.currency, digits_of(row.note.currency)),
        ),
    ),
    default_sort="-number",
    empty=Empty(
        icon="receipt-refund",
        title=gettext_lazy("No credit notes"),
        explanation=gettext_lazy("A return that gives money off a bill with a tax invoice needs a red one against it; it is followed up here."),
    ),
)  # fmt: skip


@page("books.view")
def red_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List credit notes and how far their red invoices have come."""
    return TABLE.respond(request, "desk/list.html", {"heading": _("Red invoices")})


def _note(number: str) -> CreditNote:
    found = standing([document_id("C", number) or 0])
    if not found:
        raise UnknownDocument(document=number[:60])
    return next(iter(found.values()))


@page("books.view")
def red_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show a credit note with its blue and red invoices."""
    return _shown(request, actor, _note(number), {})


def _shown(
    request: HttpRequest, actor: Actor, note: CreditNote, more: dict[str, Any], status: int = 200
) -> HttpResponseBase:
    sums = note_sums([note])
    sales = {sale.pk: sale for sale in Sale.objects.filter(pk__in=[sale_id for _note_id, sale_id in sums])}
    blues = {blue.invoice_id: blue for blue in BlueInvoice.objects.filter(sale_id__in=sales)}
    shares = shares_of([note.number], blues.values())
    reds, now = list(RedInvoice.objects.filter(note_id=note.pk).select_related("blue").order_by("pk")), clock.now()
    digits = next((sale.currency_digits for sale in sales.values()), 2)

    def money(cents: int) -> str:
        return money_text(cents, note.currency, digits)

    bills = Invoice.objects.filter(sale_id__in=sales, net_cents__gte=0).order_by("pk")
    context = {
        "note": note, "rma": Return(pk=note.rma_id).number,
        "gross": money(note.goods_cents + note.tax_cents + note.shipping_cents),
        "bills": [
            {
                "number": bill.number, "sale": sales[bill.sale_id].number, "blue": blues.get(bill.pk),
                "amount": money(bill.net_cents + bill.shipping_cents + bill.tax_cents),
                "left": money(_left(shares.get((note.number, blues[bill.pk].pk)))) if bill.pk in blues else "",
                "may_ask": bill.pk in blues and _left(shares.get((note.number, blues[bill.pk].pk))) > 0,
            }
            for bill in bills
        ],
        "reds": [
            {
                "red": red, "state": state_of(red, now), "said": STATES[state_of(red, now)], "reason": REASONS[red.reason],
                "amount": money(red.net_cents + red.tax_cents), "until": red.asked_at + LAPSES_AFTER,
            }
            for red in reds
        ],
        "may": actor.may("books.ask_red"), "form": Keyed(), "today": clock.today(company().timezone),
    }  # fmt: skip
    return render(request, "desk/books/red.html", context | more, status=status)


def _left(share: Any) -> int:
    if share is None:
        return 0
    net, tax = (
        min(share.net_left_cents, share.blue_net_left_cents),
        min(share.tax_left_cents, share.blue_tax_left_cents),
    )
    return int(net + tax)


@require_POST
@page("books.view")
def red_do(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Record a blue invoice, or take a red one a step on."""
    note = _note(number)
    command, names = STEPS.get(request.POST.get("do", ""), STEPS["ask"])
    raw: dict[str, Any] = {name: request.POST[name][:100] for name in names if request.POST.get(name)}
    if "used" in raw:
        raw["used"] = raw["used"] == "yes"
    try:
        command(command.parse(raw), actor=actor, key=request.POST.get("key", "")[:80] or None)
    except REFUSALS as error:
        return _shown(request, actor, note, {"refusal": tell(error), "typed": raw}, status_of(error))
    return redirect("red_page", note.number)
