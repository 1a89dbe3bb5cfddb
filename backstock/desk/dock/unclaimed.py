"""Pages of goods without an owner: the list, taking one in, one with its candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.queries import lot_codes, matching_products, products_by_id
from backstock.core.numbers import document_id
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, page, status_of, tell
from backstock.desk.dock.goods import goods_words, history, reasoned, state_of
from backstock.desk.evidence.photos import Photos
from backstock.desk.evidence.section import shown as evidence_shown
from backstock.desk.fields import Keyed, TextLine, chosen
from backstock.desk.figures import quantity_text
from backstock.desk.line_editor import LineEditor, LineForm
from backstock.desk.parts import Action, Empty, Tone
from backstock.desk.tables import Column, Filter, Table
from backstock.evidence.queries import evidence_of
from backstock.returns.commands.take_in import TakeIn, take_in
from backstock.returns.dock.candidates import candidates_for, sales_for
from backstock.returns.dock.unclaimed import LoadedUnclaimed, load_unclaimed, unclaimed_of
from backstock.returns.models import Return, ReturnEvent, Unclaimed, UnclaimedEvent, UnclaimedLine
from backstock.warehouse.queries import warehouse_names, warehouses_in_use


@dataclass(frozen=True, slots=True)
class Row:
    """One parcel of the list."""

    head: Unclaimed
    goods: str
    state: str
    tone: Tone


def prepare(rows: Sequence[Unclaimed]) -> list[Row]:
    """Read the goods of a page of parcels at once."""
    lines: dict[int, list[UnclaimedLine]] = {row.pk: [] for row in rows}
    found = UnclaimedLine.objects.filter(unclaimed_id__in=lines).select_related("product").order_by("pk")
    for line in found:
        lines[line.unclaimed_id].append(line)
    return [Row(row, goods_words(lines[row.pk]), *state_of(lines[row.pk])) for row in rows]


def search(rows: QuerySet[Unclaimed], text: str) -> QuerySet[Unclaimed]:
    """Find by number, waybill or product."""
    if (pk := document_id("UN", text)) is not None:
        return rows.filter(pk=pk)
    same = rows.filter(tracking_number=text)
    return same if same.exists() else rows.filter(lines__product_id__in=matching_products(text)).distinct()


def narrowed(rows: QuerySet[Unclaimed], value: str) -> QuerySet[Unclaimed]:
    """Keep what waits, or what is settled."""
    waiting = Exists(UnclaimedLine.objects.filter(unclaimed=OuterRef("pk"), here_e4__gt=0))
    return rows.filter(waiting) if value == "waiting" else rows.exclude(waiting)


TABLE = Table[Row](
    name="unclaimed",
    path="/returns/unclaimed/",
    title=gettext_lazy("Goods without an owner"),
    rows=Unclaimed.objects.all,
    prepare=prepare,
    search=search,
    search_hint=gettext_lazy("Number, waybill or product"),
    row_id=lambda row: row.head.number,
    columns=(
        Column(
            key="number", label=gettext_lazy("Number"), value=lambda row: row.head.number, sort="pk",
            link=lambda row: reverse("unclaimed_page", args=[row.head.number]),
        ),
        Column(key="state", label=gettext_lazy("State"), kind="badge", value=lambda row: row.state, tone=lambda row: row.tone),
        Column(key="goods", label=gettext_lazy("Products"), value=lambda row: row.goods),
        Column(key="waybill", label=gettext_lazy("Waybill"), value=lambda row: row.head.tracking_number),
        Column(key="arrived", label=gettext_lazy("Arrived on"), kind="day", value=lambda row: row.head.arrived_on, sort="arrived_on"),
    ),
    filters=(
        Filter(
            key="state", label=gettext_lazy("State"), apply=narrowed,
            choices=[("waiting", gettext_lazy("Waits for its owner")), ("settled", gettext_lazy("Settled"))],
        ),
    ),
    default_sort="-number",
    empty=Empty(
        icon="package",
        title=gettext_lazy("No goods without an owner"),
        explanation=gettext_lazy(
            "A parcel that nobody knows the sender of is taken in first: it lies in quarantine, worth nothing, until its return is found."
        ),
    ),
)  # fmt: skip


@page("returns.view")
def unclaimed_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List goods without an owner."""
    table = TABLE
    if actor.may("returns.take_in"):
        new = Action(label=gettext_lazy("Take in a parcel"), href=reverse("unclaimed_new"), icon="plus")
        table = replace(table, actions=(new,), empty=replace(table.empty, action=new))
    return table.respond(request, "desk/list.html", {"heading": _("Goods without an owner")})


class Label(Keyed):
    """What the label and the scale say."""

    tracking_number = TextLine(label=gettext_lazy("Waybill"), most=60)
    carrier = TextLine(label=gettext_lazy("Carrier"), most=40)
    weight_grams = forms.IntegerField(
        label=gettext_lazy("Weight in grams"), required=False, min_value=1, max_value=2_000_000
    )
    sender_name = TextLine(
        label=gettext_lazy("Sender's name"), most=100, help_text=gettext_lazy("As it stands there, stars and all.")
    )
    sender_phone = TextLine(label=gettext_lazy("Sender's phone"), most=40)
    route = TextLine(label=gettext_lazy("Where it comes from"))
    warehouse = forms.ChoiceField(label=gettext_lazy("Warehouse"), required=False)
    note = TextLine(label=gettext_lazy("Note"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["warehouse"]
        choices.choices = chosen(
            [(each.code, str(each)) for each in warehouses_in_use()], gettext_lazy("The first one")
        )


class CameLine(LineForm):
    """Goods of the parcel, with the codes on them."""

    lot = TextLine(label=gettext_lazy("Lot"), most=60)
    serials = TextLine(label=gettext_lazy("Serial numbers"), most=6000)

    def which(self) -> dict[str, Any]:
        """Return the row as the command takes it."""
        data = self.cleaned_data
        serials = data["serials"].replace(",", " ").replace("，", " ").split()
        return {"sku": data["sku"], "quantity_e4": data["quantity"], "lot": data["lot"] or None, "serials": serials}


@page("returns.take_in")
def unclaimed_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Take a parcel in, with photos from the camera."""
    post = request.POST if request.method == "POST" else None
    finding = request.GET.get("finding", "")
    start = {"tracking_number": request.GET.get("tracking", "")[:60]}
    label = Label(post, initial=start)
    editor = LineEditor(CameLine, post, _goods_known(request), rows=2)
    photos, context, status = Photos(request, actor), dict[str, Any](), 200
    if post is not None and not editor.wants_more:
        status = 422
        if label.is_valid() & editor.is_valid and not photos.problems:
            said = {name: value for name, value in label.cleaned_data.items() if value not in ("", None)}
            key = said.pop("key")
            raw = said | {"lines": [each.which() for each in editor.filled if isinstance(each, CameLine)]}
            try:
                if finding.isdigit():
                    raw["finding"] = int(finding)
                wanted: TakeIn = take_in.parse(raw)
                done = take_in(wanted, actor=actor, key=key)
                photos.attach(done.document, actor, key, step="receive", whose="ours")
                messages.success(request, _("%(number)s: taken in. Look whose it may be.") % {"number": done.document})
                return redirect("unclaimed_page", done.document)
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
    context |= {"form": label, "editor": editor, "photos": photos}
    return render(request, "desk/dock/unclaimed_new.html", context, status=status)


def _goods_known(request: HttpRequest) -> list[dict[str, Any]]:
    """Start with the goods that are known: of a finding, or of a code that was scanned."""
    finding, sku = request.GET.get("finding", ""), request.GET.get("sku", "")[:60]
    if finding.isdigit() and (event := ReturnEvent.objects.filter(pk=int(finding)).first()) is not None:
        product = products_by_id([event.found_product_id]).get(event.found_product_id)
        return [{"sku": product.sku, "quantity": event.quantity_e4}] if product else []
    return [{"sku": sku, "quantity": 10_000}] if sku else []


def loaded(number: str) -> LoadedUnclaimed:
    """Return a parcel without an owner; raise UnknownDocument."""
    return unclaimed_of(load_unclaimed([number], lock=False), number)


def facts_of(parcel: LoadedUnclaimed) -> list[tuple[Any, str]]:
    """Say what is known of a parcel."""
    row = parcel.row
    weight = f"{row.weight_grams} g" if row.weight_grams else ""
    return [
        (_("Arrived on"), row.arrived_on.isoformat()), (_("Warehouse"), warehouse_names().get(row.warehouse_id, "")),
        (_("Waybill"), row.tracking_number), (_("Carrier"), row.carrier), (_("Weight"), weight),
        (_("Sender's name"), row.sender_name), (_("Sender's phone"), row.sender_phone), (_("Where it comes from"), row.route),
    ]  # fmt: skip


@page("returns.view")
def unclaimed_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show one parcel: its goods, whose it may be and why, what happened to it."""
    parcel = loaded(number)
    row, codes = parcel.row, lot_codes(line.lot_id for line in parcel.lines)
    state, tone = state_of(parcel.lines)
    here = any(line.here_e4 for line in parcel.lines)
    candidates = candidates_for(parcel) if here else []
    events = list(UnclaimedEvent.objects.filter(unclaimed_id=row.pk).order_by("pk"))
    goods = [
        (line, codes.get(line.lot_id, line.seen_code), quantity_text(line.quantity_e4, line.product.unit),
         quantity_text(line.here_e4, line.product.unit) if line.here_e4 else "")
        for line in parcel.lines
    ]  # fmt: skip
    context = {
        "row": row, "state": state, "tone": tone, "here": here, "goods": goods, "facts": [fact for fact in facts_of(parcel) if fact[1]],
        "found_in": Return(pk=row.found_in_id).number if row.found_in_id else "",
        "candidates": [reasoned(each) for each in candidates],
        "sales": sales_for(parcel, candidates) if here else [],
        "history": history(parcel, events),
        "photos": evidence_shown(evidence_of(row.number), {}),
        "may": {name: actor.may(f"returns.{name}") for name in ("match_unclaimed", "place_unclaimed", "value_unclaimed", "undo_unclaimed", "erase_unclaimed", "request")},
    }  # fmt: skip
    return render(request, "desk/dock/unclaimed.html", context)
