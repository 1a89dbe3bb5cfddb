"""Pages of carriers: which there are, and changing one or adding another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from backstock.carriers.commands.define import DefineCarrier, define_carrier
from backstock.carriers.known import Known
from backstock.carriers.queries import carriers_in_use, every_carrier
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, page, status_of, tell
from backstock.desk.fields import Keyed, TextLine
from backstock.desk.parts import Action, Empty
from backstock.desk.tables import Column, Table


def name_of(carrier: Known) -> str:
    """Return what a carrier is called in the reader's language."""
    return carrier.called(get_language() or "zh-hans")


def names_in_use() -> list[str]:
    """Return the names that new parcels are offered."""
    return [name_of(each) for each in carriers_in_use()]


@page("returns.view")
def carrier_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the carriers; who may changes them."""
    rows, may = every_carrier(), actor.may("carriers.define")
    table = Table[Known](
        name="carriers", path=reverse("carrier_list"), title=gettext_lazy("Carriers"), rows=lambda: rows,
        row_id=lambda row: row.code,
        columns=(
            Column(
                key="name", label=gettext_lazy("Name"), value=name_of,
                link=lambda row: reverse("carrier_change", args=[row.code]) if may else "",
            ),
            Column(
                key="state", label=gettext_lazy("State"), kind="badge",
                value=lambda row: _("retired") if row.is_retired else _("in use"),
                tone=lambda row: "neutral" if row.is_retired else "good",
            ),
            Column(key="prefixes", label=gettext_lazy("Waybills begin with"), value=lambda row: ", ".join(row.prefixes)),
            Column(key="url", label=gettext_lazy("Where parcels are followed"), value=lambda row: row.tracking_url),
        ),
        actions=(Action(label=gettext_lazy("Add a carrier"), href=reverse("carrier_new"), icon="plus"),) if may else (),
        empty=Empty(icon="truck", title=gettext_lazy("No carriers"), explanation=""),
    )  # fmt: skip
    return table.respond(request, "desk/list.html", {"heading": _("Carriers")})


class CarrierForm(Keyed):
    """A carrier as a whole."""

    name_zh = TextLine(label=gettext_lazy("Chinese name"), most=40)
    name_en = TextLine(label=gettext_lazy("English name"), most=40)
    prefixes = TextLine(
        label=gettext_lazy("Waybills begin with"), most=120,
        help_text=gettext_lazy("Capital letters and digits, several with a space: a waybill that is scanned names its carrier."),
    )  # fmt: skip
    tracking_url = TextLine(
        label=gettext_lazy("Where parcels are followed"), most=300,
        help_text=gettext_lazy("A web address with {number} where the waybill goes."),
    )  # fmt: skip
    retired = forms.BooleanField(label=gettext_lazy("Retired: not offered any more"), required=False)

    def wanted(self, code: str) -> DefineCarrier:
        data = self.cleaned_data
        words = {"zh-hans": data["name_zh"], "en": data["name_en"]}
        found = define_carrier.parse(
            {
                "code": code, "words": {language: name for language, name in words.items() if name},
                "tracking_url": data["tracking_url"], "prefixes": data["prefixes"].upper().replace(",", " ").split(),
                "retired": data["retired"],
            }
        )  # fmt: skip
        return found


class NewCarrierForm(CarrierForm):
    """A carrier that there is not yet: it needs a code."""

    code = TextLine(
        label=pgettext_lazy("row", "Code"), most=20, required=True,
        help_text=gettext_lazy("Small letters, digits and _. It never changes."),
    )  # fmt: skip
    field_order = ("code", "name_zh", "name_en")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if any(each.code == code for each in every_carrier()):
            raise forms.ValidationError(_("There is a carrier with this code already."))
        return code


def _start(carrier: Known) -> dict[str, Any]:
    return {
        "name_zh": carrier.words.get("zh-hans", ""), "name_en": carrier.words.get("en", ""),
        "prefixes": " ".join(carrier.prefixes), "tracking_url": carrier.tracking_url, "retired": carrier.is_retired,
    }  # fmt: skip


def _answer(request: HttpRequest, actor: Actor, form: CarrierForm, code: str, heading: str) -> HttpResponseBase:
    context, status = dict[str, Any](), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                wanted = form.wanted(code or form.cleaned_data["code"])
                define_carrier(wanted, actor=actor, key=form.cleaned_data["key"])
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, _("The carrier is kept."))
                return redirect("carrier_list")
    context |= {"form": form, "heading": heading, "back": reverse("carrier_list")}
    return render(request, "desk/dock/carrier.html", context, status=status)


@page("carriers.define")
def carrier_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Add a carrier."""
    form = NewCarrierForm(request.POST if request.method == "POST" else None)
    return _answer(request, actor, form, "", _("Add a carrier"))


@page("carriers.define")
def carrier_change(request: HttpRequest, actor: Actor, code: str) -> HttpResponseBase:
    """Change a carrier."""
    carrier = next((each for each in every_carrier() if each.code == code), None)
    if carrier is None:
        raise Http404
    form = CarrierForm(request.POST if request.method == "POST" else None, initial=_start(carrier))
    return _answer(request, actor, form, code, name_of(carrier))
