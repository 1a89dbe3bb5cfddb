"""Pages of parcels on their way back: the list, announcing one, logging one that has arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backstock.carriers.known import of_waybill
from backstock.carriers.queries import carriers_in_use
from backstock.core.commands import Command, Done
from backstock.core.numbers import document_id
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, may_or_refuse, page, status_of, tell
from backstock.desk.dock.carriers import name_of, names_in_use
from backstock.desk.evidence.photos import Photos
from backstock.desk.fields import Keyed, TextLine, chosen
from backstock.desk.parts import Action, Empty, Text, Tone
from backstock.desk.tables import Column, Filter, Table
from backstock.returns.commands.announce_parcel import announce_parcel, log_parcel
from backstock.returns.dock.parcels import returns_in
from backstock.returns.dock.scanning import customers_of
from backstock.returns.models import Parcel, Return
from backstock.warehouse.queries import warehouses_in_use

STATES: dict[str, tuple[Text, Tone]] = {
    "announced": (pgettext_lazy("parcel", "On its way"), "info"),
    "arrived": (gettext_lazy("Here, not opened"), "warning"),
    "opened": (gettext_lazy("Opened"), "good"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One parcel of the list."""

    head: Parcel
    returns: str
    customers: str


def prepare(rows: Sequence[Parcel]) -> list[Row]:
    """Read the returns of a page of parcels at once."""
    links = returns_in(row.pk for row in rows)
    people = customers_of(pk for ids in links.values() for pk in ids)
    return [
        Row(
            row,
            ", ".join(Return(pk=pk).number for pk in links.get(row.pk, ())),
            ", ".join(dict.fromkeys(people.get(pk, "") for pk in links.get(row.pk, ()))),
        )
        for row in rows
    ]


def search(rows: QuerySet[Parcel], text: str) -> QuerySet[Parcel]:
    """Find by number, waybill or return."""
    if (pk := document_id("PK", text)) is not None:
        return rows.filter(pk=pk)
    if (pk := document_id("R", text)) is not None:
        return rows.filter(links__rma_id=pk)
    return rows.filter(tracking_number=text)


def in_state(rows: QuerySet[Parcel], state: str) -> QuerySet[Parcel]:
    """Keep parcels that have come so far."""
    if state == "announced":
        return rows.filter(arrived_on=None)
    return rows.filter(arrived_on__isnull=False, opened_on__isnull=state == "arrived")


def weight(row: Row) -> str:
    """Say what the scale says, and what was stated where that differs."""
    parts = [f"{grams} g" for grams in dict.fromkeys((row.head.weight_grams, row.head.stated_grams)) if grams]
    return " / ".join(parts)


TABLE = Table[Row](
    name="parcels",
    path="/returns/parcels/",
    title=gettext_lazy("Parcels"),
    rows=Parcel.objects.all,
    prepare=prepare,
    search=search,
    search_hint=gettext_lazy("Waybill, parcel or return"),
    row_id=lambda row: row.head.number,
    columns=(
        Column(
            key="waybill", label=gettext_lazy("Waybill"), value=lambda row: row.head.tracking_number or row.head.number,
            link=lambda row: reverse("parcel_page", args=[row.head.number]),
        ),
        Column(key="number", label=gettext_lazy("Number"), value=lambda row: row.head.number, sort="pk"),
        Column(
            key="state", label=gettext_lazy("State"), kind="badge", value=lambda row: words.word(STATES, row.head.state),
            tone=lambda row: words.tone(STATES, row.head.state),
        ),
        Column(
            key="returns", label=gettext_lazy("Returns"), value=lambda row: row.returns,
            link=lambda row: reverse("return_page", args=[row.returns.partition(",")[0]]) if row.returns else "",
        ),
        Column(key="customers", label=gettext_lazy("Customer"), value=lambda row: row.customers),
        Column(key="carrier", label=gettext_lazy("Carrier"), value=lambda row: row.head.carrier),
        Column(key="weight", label=gettext_lazy("Weight"), value=weight),
        Column(key="announced", label=gettext_lazy("Announced on"), kind="day", value=lambda row: row.head.announced_on, sort="announced_on"),
        Column(key="arrived", label=gettext_lazy("Arrived on"), kind="day", value=lambda row: row.head.arrived_on, sort="arrived_on"),
    ),
    filters=(
        Filter(
            key="state", label=gettext_lazy("State"), apply=in_state, choices=[(state, label) for state, (label, _tone) in STATES.items()]
        ),
    ),
    default_sort="-number",
    empty=Empty(
        icon="truck-return",
        title=gettext_lazy("No parcels yet"),
        explanation=gettext_lazy("A waybill that a customer tells us is expected from then on; scanned at the dock it opens its returns."),
    ),
)  # fmt: skip


@page("returns.view")
def parcel_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the parcels."""
    offered = [
        Action(label=gettext_lazy("A parcel has arrived"), href=reverse("parcel_log"), icon="package-import"),
        Action(label=gettext_lazy("Announce a parcel"), href=reverse("parcel_announce"), icon="truck-return"),
    ]
    may = (actor.may("returns.log_parcel"), actor.may("returns.announce_parcel"))
    actions = tuple(action for action, yes in zip(offered, may, strict=True) if yes)
    return replace(TABLE, actions=actions).respond(request, "desk/list.html", {"heading": _("Parcels")})


class ParcelForm(Keyed):
    """What is known of a parcel."""

    tracking_number = TextLine(label=gettext_lazy("Waybill"), most=60, required=True)
    carrier = TextLine(
        label=gettext_lazy("Carrier"),
        most=40,
        help_text=gettext_lazy("Empty: as the waybill says, where it can be told."),
    )
    documents = TextLine(label=gettext_lazy("Returns"), help_text=gettext_lazy("Numbers of one return or several."))
    grams = forms.IntegerField(label=gettext_lazy("Weight in grams"), required=False, min_value=1, max_value=2_000_000)

    def raw(self, tracking: str, grams: str) -> dict[str, Any]:
        """Return the input, with waybill and weight by the names that the command has for them."""
        data = self.cleaned_data
        known = None if data["carrier"] else of_waybill(carriers_in_use(), data["tracking_number"])
        carrier = name_of(known) if known else data["carrier"]
        numbers = data["documents"].upper().replace(",", " ").replace("，", " ").split()
        found = {tracking: data["tracking_number"], "carrier": carrier, "documents": numbers}
        return (
            found
            | ({grams: data["grams"]} if data["grams"] else {})
            | ({"warehouse": data["warehouse"]} if data.get("warehouse") else {})
        )


class Arrival(ParcelForm):
    """A parcel that is here."""

    warehouse = forms.ChoiceField(label=gettext_lazy("Warehouse"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["warehouse"]
        choices.choices = chosen(
            [(each.code, str(each)) for each in warehouses_in_use()], gettext_lazy("The first one")
        )


def _answer(
    request: HttpRequest,
    actor: Actor,
    form: ParcelForm,
    command: Command[Any],
    names: tuple[str, str],
    shown: dict[str, Any],
) -> HttpResponseBase:
    photos, status = Photos(request, actor), 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and not photos.problems:
            key = form.cleaned_data["key"]
            try:
                done: Done = command(command.parse(form.raw(*names)), actor=actor, key=key)
                photos.attach(done.document, actor, key, step="receive", whose="ours")
            except REFUSALS as error:
                shown["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, _("%(number)s: written down.") % {"number": done.document})
                return redirect("parcel_page", done.document)
    form.fields["carrier"].widget.attrs |= {"list": "carriers", "autocomplete": "off"}
    context = {"form": form, "photos": photos, "back": reverse("parcel_list"), "carriers": names_in_use()} | shown
    return render(request, "desk/dock/parcel.html", context, status=status)


@page("returns.view")
def parcel_announce(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Expect a parcel for returns."""
    may_or_refuse(actor, "returns.announce_parcel")
    form = ParcelForm(
        request.POST if request.method == "POST" else None, initial={"documents": request.GET.get("return", "")[:40]}
    )
    lead = _(
        "The waybill that the customer tells us. Several parcels of one return and several returns in one parcel are fine."
    )
    shown = {"heading": _("Announce a parcel"), "lead": lead}
    return _answer(request, actor, form, announce_parcel, ("tracking_number", "stated_grams"), shown)


@page("returns.view")
def parcel_log(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Write down a parcel that stands at the dock."""
    may_or_refuse(actor, "returns.log_parcel")
    start = {name: request.GET.get(name, "")[:60] for name in ("tracking_number", "carrier", "documents")}
    start["tracking_number"] = start["tracking_number"] or request.GET.get("tracking", "")[:60]
    form = Arrival(request.POST if request.method == "POST" else None, initial=start)
    lead = _("Weigh it, and photograph it when it is damaged. Its returns can be opened now or later, by scan.")
    shown = {"heading": _("A parcel has arrived"), "lead": lead}
    return _answer(request, actor, form, log_parcel, ("parcel", "weight_grams"), shown)
