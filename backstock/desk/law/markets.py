"""Which law holds where: the company's own, and per channel or country another one; days off; reasons that mean faulty goods."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core import clock
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.fields import Keyed, PickField, TextLine
from backstock.desk.law.packs import book_today
from backstock.desk.law.wording import law_name
from backstock.policies.commands.publish_law import publish_law
from backstock.policies.engine import leaves
from backstock.policies.law import PACKS, QUALITY_REASONS, LawBook, pack_of
from backstock.policies.queries import policy_on


def laws() -> list[tuple[str, str]]:
    return [("none", _("no law")), *((code, law_name(code)) for code in PACKS)]


class HomeForm(Keyed):
    """The company's own law, and which reasons mean that the goods are at fault."""

    law = forms.ChoiceField(
        label=gettext_lazy("Law of the company"),
        help_text=gettext_lazy(
            "Of sales whose market is not named below; the channel “online” is a sale at a distance."
        ),
    )
    quality_reasons = PickField(
        label=gettext_lazy("Reasons that mean faulty goods"),
        help_text=gettext_lazy("Who names one of them has the rights about quality: longer, and at the seller's cost."),
    )

    def __init__(self, *args: Any, book: LawBook, **kwargs: Any) -> None:
        start = {"law": book.law, "quality_reasons": list(book.quality_reasons)}
        super().__init__(*args, initial=start, **kwargs)
        self.fields["law"].choices = laws()  # type: ignore[attr-defined]
        said = words.reason_words()
        policy = policy_on(clock.today(company().timezone))
        known = [*leaves(policy.terms.get("reasons") or [])] or QUALITY_REASONS
        # The company's own reasons, and those it named when it had others; not what ships for who names none.
        codes = dict.fromkeys([*known, *book.terms.get("quality_reasons", ())])
        self.fields["quality_reasons"].choices = [(code, words.word(said, code)) for code in codes]  # type: ignore[attr-defined]
        self.shipped = set(QUALITY_REASONS) & set(codes)


class MarketForm(forms.Form):
    """One market; an empty row is none."""

    channel = TextLine(label=gettext_lazy("Channel"), most=20)
    country = TextLine(label=gettext_lazy("Country, two letters"), most=2)
    law = forms.ChoiceField(label=gettext_lazy("Law"))
    distance = forms.BooleanField(label=gettext_lazy("At a distance"), required=False, initial=True)
    posted = forms.BooleanField(label=gettext_lazy("Our terms are posted there"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["law"].choices = laws()  # type: ignore[attr-defined]

    def market(self) -> dict[str, Any] | None:
        data = self.cleaned_data
        if not (data.get("channel") or data.get("country")):
            return None
        return {**data, "country": data["country"].upper()}


def _terms(book: LawBook, form: HomeForm, rows: BaseFormSet[MarketForm]) -> dict[str, Any]:
    data, reasons = form.cleaned_data, form.cleaned_data["quality_reasons"]
    markets = [market for row in rows if (market := row.market()) is not None]
    terms: dict[str, Any] = {**book.terms, "law": data["law"], "markets": markets, "quality_reasons": reasons}
    if set(reasons) == form.shipped:
        del terms["quality_reasons"]
    return terms


@page("policies.publish_law")
def law_markets(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show and publish which law holds where."""
    book, data, status = book_today(), request.POST or None, 200
    made = formset_factory(MarketForm, extra=2, max_num=200)
    form, rows = HomeForm(data, book=book), made(data, initial=list(book.terms.get("markets", ())), prefix="markets")
    context: dict[str, Any] = {}
    if request.method == "POST":
        status = 422
        if form.is_valid() and rows.is_valid():
            try:
                wanted = publish_law.parse({"terms": _terms(book, form, rows)})
                publish_law(wanted, actor=actor, key=form.cleaned_data["key"])
                messages.success(request, _("It holds for returns that are asked for from today on."))
                return redirect("law_markets")
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
    used = {book.law, *(market["law"] for market in book.terms.get("markets", ()))}
    packs = [(code, pack_of(code, book.facts(code))) for code in PACKS]
    context |= {
        "form": form, "rows": rows,
        "packs": [
            {
                "href": reverse("law_pack", args=[code]), "name": law_name(code), "used": code in used,
                "rules": len(pack.rules), "unchecked": sum(not rule.is_verified for rule in pack.rules),
            }
            for code, pack in packs
            if pack
        ],
    }  # fmt: skip
    return render(request, "desk/law/markets.html", context, status=status)
