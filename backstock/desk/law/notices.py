"""What a buyer confirmed at the purchase, or was not told: noted on the sale, line by line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, page, status_of, tell
from backstock.desk.fields import Keyed
from backstock.desk.law.packs import book_today
from backstock.desk.law.wording import language, says
from backstock.policies.law import PACKS, Rule, pack_of
from backstock.returns.commands.note_purchase import NotePurchase, note_purchase
from backstock.returns.deciding.notices import UNINFORMED, notices_of
from backstock.sales.loading import LoadedSale
from backstock.sales.queries import loaded_sale


def exceptions(law: str) -> list[Rule]:
    """Return the exceptions of a law; without one, those of every law."""
    laws = [law] if law in PACKS else list(PACKS)
    found = {rule.code: rule for code in laws if (pack := pack_of(code)) for rule in pack.of_kind("exception")}
    return list(found.values())


class NoticeForm(Keyed):
    """One note: over which line, and what."""

    line = forms.TypedChoiceField(label=gettext_lazy("Line"), coerce=int, empty_value=None, required=False)
    code = forms.ChoiceField(label=gettext_lazy("What was confirmed or missed"))
    confirmed_on = forms.DateField(
        label=gettext_lazy("Confirmed on"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Empty: with the order. What was confirmed later takes no right away."),
    )  # fmt: skip

    def __init__(self, *args: Any, sale: LoadedSale, law: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [(each.row.position, each.row.product.name or each.row.product.sku) for each in sale.lines]
        self.fields["line"].choices = [("", _("All of the sale")), *lines]  # type: ignore[attr-defined]
        said = [(rule.code, f"{says(rule)} ({rule.article})") for rule in exceptions(law)]
        self.fields["code"].choices = [*said, (UNINFORMED, _("The buyer was not told of the right to withdraw"))]  # type: ignore[attr-defined]


def noted(sale: LoadedSale) -> list[dict[str, Any]]:
    """Say what stands of a sale."""
    names = {each.row.pk: (each.row.position, each.row.product.name or each.row.product.sku) for each in sale.lines}
    known = {rule.code: rule.called(language()) for rule in exceptions("")}
    known[UNINFORMED] = _("The buyer was not told of the right to withdraw")
    return [
        {
            "line": names.get(line_id, (0, ""))[0], "code": code, "says": known.get(code, code),
            "name": names.get(line_id, (0, _("All of the sale")))[1],
        }
        for (_sale, line_id), codes in notices_of([sale.row.pk]).items()
        for code in sorted(codes)
    ]  # fmt: skip


@page("returns.note_purchase")
def sale_notices(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show what is noted of a sale, note something, or take it back."""
    sale = loaded_sale(number)
    law = book_today().market(sale.row.channel).law
    taking = request.method == "POST" and "take_back" in request.POST
    form = NoticeForm(request.POST if request.method == "POST" and not taking else None, sale=sale, law=law)
    context, status = dict[str, Any](), 200
    try:
        if taking:
            line, _colon, code = request.POST["take_back"].partition(":")
            position = int(line) if line.isascii() and line.isdigit() and len(line) < 9 else 0
            note_purchase(NotePurchase(sale=number, line=position or None, code=code[:40], holds=False), actor=actor)
            return redirect("sale_notices", number)
        if request.method == "POST":
            status = 422
            if form.is_valid():
                data = form.cleaned_data
                wanted = NotePurchase(
                    sale=number, line=data["line"], code=data["code"], confirmed_on=data["confirmed_on"]
                )
                note_purchase(wanted, actor=actor, key=data["key"])
                return redirect("sale_notices", number)
    except REFUSALS as error:
        context["refusal"], status = tell(error), status_of(error)
    context |= {"form": form, "number": number, "noted": noted(sale), "back": reverse("sale_page", args=[number])}
    return render(request, "desk/law/notices.html", context, status=status)
