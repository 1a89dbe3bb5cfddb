"""A page with every component on it, to look at and to test."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstock.desk.fields import AmountField, TextLine
from backstock.desk.line_editor import LineEditor, LineForm
from backstock.desk.parts import Action, Empty, Happening, Progress, Refusal, Text, Tone
from backstock.desk.tables import Bulk, Column, Filter, Table

STATES: dict[str, tuple[Text, Tone]] = {
    "requested": (gettext_lazy("Requested"), "info"),
    "received": (gettext_lazy("Received"), "warning"),
    "refunded": (gettext_lazy("Refunded"), "good"),
    "rejected": (gettext_lazy("Rejected"), "bad"),
}
CUSTOMERS = ("杭州晨光百货", "Harbour Trading Ltd", "深圳南山数码", "Lin & Daughters", "成都锦里茶行")


@dataclass(frozen=True)
class Sample:
    """A made-up return."""

    number: str
    customer: str
    state: str
    asked_on: date
    pieces_e4: int
    amount_cents: int


def samples() -> Sequence[Sample]:
    states = list(STATES)
    return [
        Sample(
            f"R-{1000 + n}", CUSTOMERS[n % 5], states[n % 4], date(2026, 11, 20) - timedelta(days=n),
            (n % 7 + 1) * 10_000 + (n % 2) * 5_000, (n * 73_771) % 990_000 + 1_999,
        )
        for n in range(64)
    ]  # fmt: skip


def find(rows: Sequence[Sample], text: str) -> Sequence[Sample]:
    return [row for row in rows if text.lower() in f"{row.number} {row.customer}".lower()]


TABLE = Table[Sample](
    name="samples",
    path="/kit/",
    title=gettext_lazy("Sample returns"),
    rows=samples,
    search=find,
    search_hint=gettext_lazy("Number or customer"),
    row_id=lambda row: row.number,
    columns=(
        Column(key="number", label=gettext_lazy("Number"), value=lambda row: row.number, sort="number", link=lambda row: f"#{row.number}"),
        Column(key="customer", label=gettext_lazy("Customer"), value=lambda row: row.customer, sort="customer"),
        Column(
            key="state", label=gettext_lazy("State"), kind="badge", sort="state",
            value=lambda row: str(STATES[row.state][0]), tone=lambda row: STATES[row.state][1],
        ),
        Column(key="asked", label=gettext_lazy("Requested on"), kind="day", value=lambda row: row.asked_on, sort="asked_on"),
        Column(key="pieces", label=gettext_lazy("Quantity"), kind="quantity", value=lambda row: row.pieces_e4, sort="pieces", unit=lambda row: "kg"),
        Column(key="amount", label=gettext_lazy("Amount"), kind="money", value=lambda row: row.amount_cents, sort="amount"),
    ),
    filters=(
        Filter(
            key="state", label=gettext_lazy("State"), choices=[(key, label) for key, (label, _tone) in STATES.items()],
            apply=lambda rows, value: [row for row in rows if row.state == value],
        ),
    ),
    bulk=Bulk(url="/kit/bulk/", actions=(("approve", gettext_lazy("Approve"), "check"), ("print", gettext_lazy("Print labels"), "printer"))),
    actions=(Action(label=gettext_lazy("New return"), href="#new", icon="plus"),),
    default_sort="-asked",
    page_size=10,
    empty=Empty(title=gettext_lazy("No returns yet"), explanation=gettext_lazy("They will be listed here.")),
)  # fmt: skip


class KitForm(forms.Form):
    """One field of each kind."""

    order = forms.CharField(
        label=gettext_lazy("Order number"), help_text=gettext_lazy("As printed on the delivery note."), max_length=20
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[
            ("", gettext_lazy("Choose…")),
            ("broken", gettext_lazy("Broken")),
            ("unwanted", gettext_lazy("No longer wanted")),
        ],
    )
    quantity = forms.DecimalField(label=gettext_lazy("Quantity"), min_value=0, decimal_places=4)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    keep = forms.BooleanField(label=gettext_lazy("The customer keeps the goods"), required=False)


class KitLine(LineForm):
    """A row of a document with a price."""

    price = AmountField(label=gettext_lazy("Price"))
    serials = TextLine(label=gettext_lazy("Serial numbers"))


def context(request: HttpRequest) -> dict[str, Any]:
    now = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
    return {
        "form": KitForm(),
        "editor": LineEditor(KitLine),
        "task": progress(request),
        "tones": (("neutral", _("Draft")), *((tone, label) for label, tone in STATES.values())),
        "happenings": [
            Happening(at=now, title=_("Refund paid"), who="Chen Li", detail="¥199.00", icon="cash", tone="good"),
            Happening(at=now - timedelta(hours=3), title=_("Inspected: grade A"), who="Wang Fang", icon="clipboard-check", tone="info"),
            Happening(at=now - timedelta(days=1), title=_("Parcel received"), who="Zhao Lei", icon="package-import"),
        ],
        "refused": Refusal(
            code="over_return",
            sentence=_("Only 2 of this product can still come back from this order."),
            advice=_("Lower the quantity, or look for another order of the same customer."),
            facts={_("Shipped"): 5, _("Received"): 3, _("Requested"): 4},
        ),
        "nothing": Empty(
            title=_("No suppliers yet"),
            explanation=_("A supplier is whom you buy from and send goods back to."),
            steps=(_("Add one by hand, or import a list."), _("Purchases then choose from it.")),
            icon="truck", action=Action(label=_("Add a supplier"), href="#", icon="plus"),
        ),
        "option": option(),
    }  # fmt: skip


def option() -> dict[str, Any]:
    return {
        "legend": {},
        "xAxis": {"type": "category", "data": [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]},
        "yAxis": {"type": "value"},
        "series": [
            {"name": _("Refunded"), "type": "bar", "data": [129900, 84500, 231000, 99000, 156700, 312000, 280000]},
            {
                "name": _("Restocked"),
                "type": "line",
                "smooth": True,
                "data": [90000, 61000, 180000, 70000, 110000, 240000, 215000],
            },
        ],
    }


def progress(request: HttpRequest) -> Progress:
    started = request.session.get("kit_task")
    done = 0 if started is None else min(200, int((time.time() - started) * 25))
    state: Any = "waiting" if started is None else "done" if done == 200 else "running"
    return Progress(
        name="kit-task", label=_("Importing 200 returns"), url="/kit/task/", done=done, total=200, state=state,
        note=_("You may leave this page; the work goes on."),
    )  # fmt: skip


@login_required
def kit(request: HttpRequest) -> HttpResponseBase:
    return TABLE.respond(request, "desk/kit.html", context(request))


@login_required
@require_POST
def form(request: HttpRequest) -> HttpResponse:
    """Show the page again with what was typed and what is wrong with it."""
    sent = KitForm(request.POST)
    if sent.is_valid():
        messages.success(request, _("Saved."))
        return redirect("kit")
    answer = TABLE.respond(request, "desk/kit.html", {**context(request), "form": sent})
    answer.status_code = 422
    return answer  # type: ignore[return-value]


@login_required
@require_POST
def lines(request: HttpRequest) -> HttpResponseBase:
    """Say what the rows were read as, or show them again with what is wrong."""
    editor = LineEditor(KitLine, request.POST)
    if editor.is_valid:
        said = ", ".join(f"{line.cleaned_data['sku']} × {line.cleaned_data['quantity']}" for line in editor.filled)
        messages.success(request, said or _("Nothing was typed."))
        return redirect("kit")
    answer = TABLE.respond(request, "desk/kit.html", {**context(request), "editor": editor})
    answer.status_code = 200 if editor.wants_more else 422
    return answer


@login_required
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    picked = request.POST.getlist("row")
    messages.info(
        request, _("%(action)s: %(rows)s") % {"action": request.POST.get("action", ""), "rows": ", ".join(picked)}
    )
    return redirect("kit")


@login_required
def task(request: HttpRequest) -> HttpResponse:
    """Start the sample task (POST) or tell how far it is."""
    if request.method == "POST":
        request.session["kit_task"] = time.time()
        return redirect("kit")
    return render(request, "desk/components/progress.html", {"progress": progress(request)})
