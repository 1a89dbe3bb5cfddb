"""A return without a sale: what is taken back is stated with its price, and clearly marked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from backstock.core.commands import Done
from backstock.core.errors import QuantityRequired
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, company, may_or_refuse, page, status_of, tell
from backstock.desk.fields import Keyed, ScaledField, TextLine
from backstock.desk.line_editor import LineEditor, LineForm
from backstock.desk.returns.new import COMMON_REASONS, outcome_words
from backstock.desk.sales.forms import CustomerField
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return


class BlindLine(LineForm):
    """What comes back, at which price it is taken, and what it cost us."""

    price = ScaledField(label=gettext_lazy("Price paid back per unit"), digits=6)
    cost = ScaledField(label=gettext_lazy("Unit cost"), digits=6)
    lot = TextLine(label=gettext_lazy("Lot"), most=60)
    serials = TextLine(label=gettext_lazy("Serial numbers"), most=2000)
    reason = TextLine(label=gettext_lazy("Reason"), most=60)

    def wanted(self) -> RequestLine:
        """Return the line of the request."""
        data = self.cleaned_data
        serials = tuple(dict.fromkeys(data["serials"].replace(",", " ").replace("，", " ").split()))
        return RequestLine(
            sku=data["sku"], quantity_e4=data["quantity"], unit_price_e6=data["price"], unit_cost_e6=data["cost"],
            lot=data["lot"] or None, serials=serials, reason=data["reason"],
        )  # fmt: skip


class BlindForm(Keyed):
    """Who brings it, and what is known."""

    customer = CustomerField(required=True)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Why no sale can be found. It can be erased later."),
    )  # fmt: skip


@page("returns.view")
def return_blind(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Ask for a return that no sale is known for."""
    may_or_refuse(actor, "returns.request")
    data = request.POST if request.method == "POST" else None
    form, editor, status = BlindForm(data), LineEditor(BlindLine, data), 200
    context: dict[str, Any] = {
        "form": form,
        "editor": editor,
        "currency": company().currency,
        "reasons": COMMON_REASONS,
    }
    if data is not None:
        status = 200 if editor.wants_more else 422
        if form.is_valid() and editor.is_valid:
            try:
                done = _run(form, editor, actor)
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, outcome_words(done))
                return redirect("return_page", done.document)
    return render(request, "desk/returns/blind.html", context, status=status)


def _run(form: BlindForm, editor: LineEditor, actor: Actor) -> Done:
    lines = tuple(line.wanted() for line in editor.filled if isinstance(line, BlindLine))
    if not lines:
        raise QuantityRequired()
    data = form.cleaned_data
    asked = RequestReturn(customer=data["customer"], lines=lines, note=data["note"])
    return request_return(asked, actor=actor, key=data["key"])
