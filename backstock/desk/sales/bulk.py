"""What is done with several orders of the list at once: pick, ship all that is left, bill."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstock.catalog.queries import products_by_id
from backstock.core.commands import Refused
from backstock.core.permissions import Actor
from backstock.desk.access import may_or_refuse, page, tell
from backstock.desk.parts import Refusal, Text
from backstock.desk.tables import Bulk
from backstock.sales.commands.invoice import InvoiceSale, invoice_sale
from backstock.sales.commands.pick import MakePick, make_pick
from backstock.sales.commands.ship import Ship, ShipLine, ship
from backstock.sales.loading import load_sales

MOST = 200


@dataclass(frozen=True, kw_only=True)
class Way:
    """Something that may be done with several orders, each by itself."""

    permission: str
    label: Text
    icon: str
    command: Any = None
    inputs: Callable[[Sequence[str]], Sequence[Any]] = list


@dataclass(frozen=True, kw_only=True)
class OutcomeView:
    """What became of one order."""

    number: str
    refusal: Refusal | None


def _parcels(numbers: Sequence[str]) -> list[Ship]:
    """Ask for one parcel per order with everything that is left; what the shop hands over is signed for."""
    sales = load_sales(numbers, lock=False)
    products = products_by_id({line.row.product_id for sale in sales.values() for line in sale.lines})
    found = []
    for number in numbers:
        lines = sales[number].lines if number in sales else []
        left = tuple(
            ShipLine(sku=products[line.row.product_id].sku, line=line.row.position, quantity_e4=line.to_ship_e4)
            for line in lines
            if line.to_ship_e4
        )
        found.append(Ship(sale=number, lines=left, signed=number in sales and sales[number].row.channel == "shop"))
    return found


WAYS = {
    "pick": Way(permission="sales.pick", label=gettext_lazy("Pick"), icon="list-check"),
    "ship": Way(
        permission="sales.ship", label=gettext_lazy("Ship all"), icon="truck-delivery", command=ship, inputs=_parcels
    ),
    "invoice": Way(
        permission="sales.invoice", label=gettext_lazy("Bill"), icon="file-invoice", command=invoice_sale,
        inputs=lambda numbers: [InvoiceSale(sale=number) for number in numbers],
    ),
}  # fmt: skip


def bulk_for(actor: Actor) -> Bulk | None:
    """Return what an actor may do with several orders."""
    may = tuple((name, way.label, way.icon) for name, way in WAYS.items() if actor.may(way.permission))
    return Bulk(url="/sales/bulk/", actions=may) if may else None


@page("sales.view")
@require_POST
def sales_bulk(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Do one thing with the chosen orders; several are picked with one list, the rest is done for each by itself."""
    way = WAYS.get(request.POST.get("action", ""))
    if way is None:
        raise Http404
    may_or_refuse(actor, way.permission)
    numbers = list(dict.fromkeys(request.POST.getlist("row")))[:MOST]
    if not numbers:
        messages.warning(request, _("Choose at least one order."))
        return redirect("sale_list")
    if way.command is None:
        done = make_pick(MakePick(sales=tuple(numbers)), actor=actor)
        messages.success(request, _("%(number)s: to be picked.") % {"number": done.document})
        return redirect("pick_page", done.document)
    key = request.POST.get("key", "")[:100] or uuid.uuid4().hex
    keys = [f"{key}:{way.permission}:{number}"[:200] for number in numbers]
    outcomes = [
        OutcomeView(number=number, refusal=tell(each.error) if isinstance(each, Refused) else None)
        for number, each in zip(
            numbers, way.command.batch(way.inputs(numbers), actor=actor, keys=keys, mode="each"), strict=True
        )
    ]
    refused = sum(each.refusal is not None for each in outcomes)
    counts = _("%(done)s done, %(refused)s refused") % {"done": len(outcomes) - refused, "refused": refused}
    context = {
        "title": way.label, "heading": f"{way.label}: {counts}", "outcomes": outcomes, "done": _("Done"),
        "page": "sale_page", "list": "sale_list",
    }  # fmt: skip
    return render(request, "desk/components/outcomes.html", context)
