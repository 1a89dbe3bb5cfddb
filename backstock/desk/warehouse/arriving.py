"""What is on the way is confirmed at its warehouse: how many arrived, came back, were lost; made for a phone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, may_or_refuse, page, status_of, tell
from backstock.desk.fields import Keyed, QuantityField
from backstock.desk.warehouse.papers import Goods
from backstock.desk.warehouse.transfers import loaded
from backstock.warehouse.commands.arrive import arrive_transfer
from backstock.warehouse.models import TransferLine

HOW = (
    ("arrived", gettext_lazy("Arrived")),
    ("returned", gettext_lazy("Came back")),
    ("lost", gettext_lazy("Lost, write it off")),
)


class LineOnTheWay(forms.Form):
    """What became of one line."""

    line = forms.IntegerField(widget=forms.HiddenInput)
    quantity = QuantityField(label=gettext_lazy("Quantity"))
    found = forms.ChoiceField(label=gettext_lazy("What became of it"), choices=HOW)

    title = hint = ""


def forms_of(lines: list[TransferLine], data: QueryDict | None) -> BaseFormSet[LineOnTheWay]:
    """Make one small form per line that is on the way."""
    initial = [
        {"line": line.pk, "quantity": line.on_the_way_e4, "found": "arrived"} for line in lines if line.on_the_way_e4
    ]
    made: BaseFormSet[LineOnTheWay] = formset_factory(LineOnTheWay, extra=0)(data, initial=initial, prefix="lines")
    goods = Goods((line.product_id, line.lot_id) for line in lines)
    known = {str(line.pk): line for line in lines}
    for form in made:
        line = known.get(str(form["line"].value()))
        if line is not None:
            form.title = goods.name(line.product_id)
            form.hint = f"{goods.code(line.product_id, line.lot_id, line.grade)} · {goods.quantity(line.product_id, line.on_the_way_e4)}"
    return made


def wanted(made: BaseFormSet[LineOnTheWay], lines: list[TransferLine]) -> list[dict[str, Any]]:
    """Return what was said as lines of the command."""
    goods = Goods((line.product_id, line.lot_id) for line in lines)
    known = {line.pk: line for line in lines}
    said = []
    for form in made:
        line, quantity_e4 = known.get(form.cleaned_data["line"]), form.cleaned_data["quantity"]
        if line is None or not quantity_e4:
            continue
        product, code = goods.products[line.product_id], goods.lots.get(line.lot_id)
        which = {"serials": [code]} if product.tracking == "serial" and code else {"lot": code}
        said.append({"sku": product.sku, "quantity_e4": quantity_e4, "found": form.cleaned_data["found"], **which})
    return said


@page("stock.view")
def transfer_arrive(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show what is on the way, or book what became of it."""
    may_or_refuse(actor, "stock.arrive")
    row, lines = loaded(number)
    data = request.POST if request.method == "POST" else None
    head, made = Keyed(data), forms_of(lines, data)
    context: dict[str, Any] = {"transfer": row, "head": head, "lines": made}
    status = 200
    if data is not None:
        status = 422
        if head.is_valid() and made.is_valid():
            said = wanted(made, lines)
            if not said:
                context["nothing"] = _("Say how many of at least one line.")
            else:
                try:
                    given = arrive_transfer.parse({"document": row.number, "lines": said})
                    arrive_transfer(given, actor=actor, key=head.cleaned_data["key"])
                except REFUSALS as error:
                    context["refusal"], status = tell(error), status_of(error)
                else:
                    return redirect("transfer_page", row.number)
    return render(request, "desk/warehouse/arrive.html", context, status=status)
