"""Counting with a phone or a hand scanner: each scan is written down at once, without a new page."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.models import Product
from backstock.catalog.queries import product_of_code
from backstock.core.amounts import E4
from backstock.core.errors import UnknownProduct
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, may_or_refuse, page, status_of, tell
from backstock.desk.fields import Keyed, QuantityField, TextLine
from backstock.desk.figures import quantity_text
from backstock.desk.warehouse.counts import loaded
from backstock.warehouse.commands.count_goods import count_goods

HOW = (
    ("add", gettext_lazy("Add to what was counted")),
    ("set", gettext_lazy("This is all there is")),
    ("recount", gettext_lazy("Count this line again from nothing")),
)


class Slip(Keyed):
    """One scan: a code of a product, a lot or a serial number, and how many."""

    code = TextLine(label=gettext_lazy("Scan or type a code"), most=100, required=True)
    quantity = QuantityField(label=gettext_lazy("Quantity"))
    lot = TextLine(label=gettext_lazy("Lot"), most=60)
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=HOW, initial="add")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"autofocus": True, "autocomplete": "off", "enterkeyhint": "send"}
        self.fields["quantity"].widget.attrs["placeholder"] = "1"


def line_of(slip: Slip) -> tuple[Product, dict[str, Any]]:
    """Return what a scan means as a line of the command; raise UnknownProduct."""
    said = slip.cleaned_data
    found = product_of_code(said["code"])
    if found is None:
        raise UnknownProduct(sku=said["code"])
    product, kind = found
    quantity_e4 = E4 if said["quantity"] is None else said["quantity"]
    line: dict[str, Any] = {"sku": product.sku, "quantity_e4": quantity_e4}
    if kind == "serial":
        line["serials"] = [said["code"]]
    elif kind == "lot" or said["lot"]:
        line["serials" if product.tracking == "serial" else "lot"] = (
            [said["lot"]] if product.tracking == "serial" else (said["lot"] or said["code"])
        )
    return product, line


@page("stock.view")
def count_scan(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Take one scan after the other; asked by htmx only the form comes back, with what was written down."""
    may_or_refuse(actor, "stock.count_goods")
    count, status = loaded(number), 200
    slip = Slip(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"count": count, "slip": slip}
    if request.method == "POST":
        status = 422
        if slip.is_valid():
            try:
                product, line = line_of(slip)
                raw = {"document": count.number, "lines": [line], "how": slip.cleaned_data["how"]}
                done = count_goods(count_goods.parse(raw), actor=actor, key=slip.cleaned_data["key"])
            except REFUSALS as error:
                context["slip_refusal"], status = tell(error), status_of(error)
            else:
                status = 200
                shown = {
                    "product": product.name or product.sku,
                    "quantity": quantity_text(int(done.answer["counted_e4"]), product.unit),
                }
                context["said"] = _("%(product)s: %(quantity)s counted") % shown
                context["slip"] = Slip(initial={"how": slip.cleaned_data["how"], "key": uuid.uuid4().hex})
    if request.headers.get("HX-Request"):
        return render(request, "desk/warehouse/slip.html", context)
    if "said" in context:
        return redirect("count_scan", count.number)
    return render(request, "desk/warehouse/scan.html", context, status=status)
