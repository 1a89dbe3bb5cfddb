"""Quotas of customers: agreed, ended, and how much of each is used."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.models import Category
from backstock.catalog.tree import price_levels
from backstock.core import clock
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, company, may_or_refuse, page, status_of, tell
from backstock.desk.catalog.listing import category_choices, language
from backstock.desk.fields import AmountField, Keyed, ScaledField, chosen
from backstock.desk.figures import money_text
from backstock.desk.parts import Empty
from backstock.desk.sales.forms import CustomerField
from backstock.desk.tables import Column, Table
from backstock.partners.models import Partner
from backstock.returns.commands.quota import AgreeQuota, EndQuota, agree_quota, end_quota
from backstock.returns.models import Quota
from backstock.returns.recall.quotas import Counted, begins_on, counted_lines, lines_of, quotas_of, uses_of

PERIODS = {"month": gettext_lazy("a month"), "quarter": gettext_lazy("a quarter"), "year": gettext_lazy("a year")}
MOST = 100


class QuotaForm(Keyed):
    """For whom, over what, how much."""

    customer = CustomerField(required=False)
    level = forms.ChoiceField(label=gettext_lazy("Or all customers of the level"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Only goods of the category"), required=False)
    period = forms.ChoiceField(label=gettext_lazy("Period"), choices=[*PERIODS.items()], initial="year")
    percent = ScaledField(label=gettext_lazy("Percent of what was bought"), digits=4)
    amount = AmountField(label=gettext_lazy("Or an amount"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [(each.code, each.called(language())) for each in price_levels()]
        for name, choices in (("level", levels), ("category", category_choices())):
            self.fields[name].choices = chosen(choices, "–")  # type: ignore[attr-defined]

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
            "title": " · ".join(filter(None, (_("In %(period)s") % {"period": PERIODS[use.quota.period]}, use.quota.category))),
            "allowed": money_text(use.allowed_cents, own.currency, own.currency_digits),
            "percent": use.percent, "url": reverse("quota_lines", args=[use.quota.pk, customer.pk]),
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
    own, names = company(), {each.code: each.called(language()) for each in Category.objects.all()}
    quotas = [
        {
            "row": row,
            "category": names.get(row.category, row.category),
            "period": PERIODS[row.period],
            "much": money_text(row.amount_cents, own.currency, own.currency_digits)
            if row.amount_cents is not None
            else f"{(row.percent_e6 or 0) / 10_000:g} %",
        }
        for row in Quota.objects.filter(ended_on=None).select_related("customer").order_by("-pk")[:MOST]
    ]
    return render(request, "desk/returns/quotas.html", {**context, "form": form, "quotas": quotas}, status=status)


@page("returns.view")
def quota_lines(request: HttpRequest, actor: Actor, pk: int, customer: int) -> HttpResponseBase:
    """Show what of a quota a customer used up, return by return: the figure on the customer's page is their sum."""
    partner, own = get_object_or_404(Partner, pk=customer), company()
    quota = next((each for each in quotas_of(partner) if each.pk == pk), None)
    if quota is None:
        raise Http404
    today = clock.today(own.timezone)
    since = begins_on(quota.period, today)
    found = lines_of(quota, since, counted_lines(partner, since, today))
    used = money_text(sum(each.base_cents for each in found), own.currency, own.currency_digits)
    said = {"customer": partner, "since": since.isoformat(), "used": used}
    heading = _("%(customer)s since %(since)s: %(used)s came back or may come") % said
    table = Table[Counted](
        name="quota-lines", title=_("What used the quota up"), path=request.path, rows=lambda: found,
        row_id=lambda each: f"{each.rma.number}-{each.line.row.position}",
        columns=(
            Column(
                key="number", label=_("Number"), value=lambda each: each.rma.number,
                link=lambda each: reverse("return_page", args=[each.rma.number]),
            ),
            Column(key="on", label=_("Requested on"), kind="day", value=lambda each: each.rma.requested_on),
            Column(key="sku", label=_("Product"), value=lambda each: each.line.row.product.sku),
            Column(key="name", label=_("Name"), value=lambda each: each.line.row.product.name),
            Column(key="quantity", label=_("Quantity"), kind="quantity", value=lambda each: each.quantity_e4),
            Column(key="worth", label=_("Sold for"), kind="money", value=lambda each: each.base_cents,
                   currency=lambda each: (own.currency, own.currency_digits)),
        ),
        empty=Empty(title=_("Nothing came back in this period"), explanation=_("All of the quota is left."), icon="receipt-refund"),
    )  # fmt: skip
    return table.respond(request, "desk/list.html", {"heading": heading})
