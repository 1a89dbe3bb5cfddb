"""Quotas of customers: agreed, ended, and how much of each is used."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from backstock.core import clock
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, company, may_or_refuse, page, status_of, tell
from backstock.desk.fields import AmountField, Keyed, ScaledField, TextLine
from backstock.desk.figures import money_text
from backstock.desk.sales.forms import CustomerField
from backstock.partners.models import Partner
from backstock.returns.commands.quota import AgreeQuota, EndQuota, agree_quota, end_quota
from backstock.returns.models import Quota
from backstock.returns.recall.quotas import uses_of

PERIODS = {"month": gettext_lazy("a month"), "quarter": gettext_lazy("a quarter"), "year": gettext_lazy("a year")}
MOST = 100


class QuotaForm(Keyed):
    """For whom, over what, how much."""

    customer = CustomerField(required=False)
    level = TextLine(label=gettext_lazy("Or all customers of the level"), most=60)
    category = TextLine(label=gettext_lazy("Only goods of the category"), most=60)
    period = forms.ChoiceField(label=gettext_lazy("Period"), choices=[*PERIODS.items()], initial="year")
    percent = ScaledField(label=gettext_lazy("Percent of what was bought"), digits=4)
    amount = AmountField(label=gettext_lazy("Or an amount"))

    def wanted(self) -> AgreeQuota:
        """Return the input of the command."""
        data = self.cleaned_data
        return AgreeQuota(
            customer=data["customer"] or None, level=data["level"], category=data["category"], period=data["period"],
            percent_e6=data["percent"], amount_cents=data["amount"],
        )  # fmt: skip


def shown_uses(customer: Partner) -> list[dict[str, Any]]:
    """Say what a customer may send back, what is used and what is left."""
    own = company()
    return [
        {
            "quota": use.quota, "period": PERIODS[use.quota.period],
            "allowed": money_text(use.allowed_cents, own.currency, own.currency_digits),
            "used": money_text(use.used_cents, own.currency, own.currency_digits),
            "left": money_text(use.left_cents, own.currency, own.currency_digits), "over": use.left_cents < 0,
        }
        for use in uses_of(customer, clock.today(own.timezone))
    ]  # fmt: skip


@page("returns.view")
def quota_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the quotas, agree one, or end one."""
    may_or_refuse(actor, "returns.agree_quota")
    posted = request.method == "POST" and "end" not in request.POST
    form, context, status = QuotaForm(request.POST if posted else None), dict[str, Any](), 200
    try:
        if request.method == "POST" and not posted:
            text = request.POST["end"]
            end_quota(EndQuota(quota=int(text) if text.isascii() and text.isdigit() else 0), actor=actor)
            return redirect("quota_list")
        if posted:
            status = 422
            if form.is_valid():
                agree_quota(form.wanted(), actor=actor, key=form.cleaned_data["key"])
                return redirect("quota_list")
    except REFUSALS as error:
        context["refusal"], status = tell(error), status_of(error)
    own = company()
    quotas = [
        {
            "row": row,
            "period": PERIODS[row.period],
            "much": money_text(row.amount_cents, own.currency, own.currency_digits)
            if row.amount_cents is not None
            else f"{(row.percent_e6 or 0) / 10_000:g} %",
        }
        for row in Quota.objects.filter(ended_on=None).select_related("customer").order_by("-pk")[:MOST]
    ]
    return render(request, "desk/returns/quotas.html", {**context, "form": form, "quotas": quotas}, status=status)
