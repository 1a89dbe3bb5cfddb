"""应付退货款 / 应收退货成本: what sales up to a day are expected to give back, by month and category, and posting it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.books.commands.estimate import EstimateReturns, Override, estimate_returns
from backstock.books.expecting import Expected, cohorts, expected, standing_estimate
from backstock.core import clock
from backstock.core.amounts import E6, decimal_text
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.catalog.listing import category_choices
from backstock.desk.fields import Keyed, ScaledField, TextLine
from backstock.desk.figures import day_text, money_text
from backstock.money.accounts import LIABILITY
from backstock.money.queries import has_accounts


class PeriodForm(forms.Form):
    """The last day of the period, and after how many months returns are over."""

    through = forms.DateField(
        label=gettext_lazy("Last day of the period"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    mature_months = forms.IntegerField(
        label=gettext_lazy("Months after which returns are over"), min_value=1, max_value=24,
        help_text=gettext_lazy("Sales older than this say which share comes back in the end; of the younger ones that share is expected."),
    )  # fmt: skip


class RateForm(Keyed):
    """A rate that somebody knows better, for each month and category that is still open."""

    def __init__(self, data: Any, lines: Sequence[Expected]) -> None:
        super().__init__(data)
        for n, line in enumerate(lines):
            label = f"{line.month:%Y-%m} {line.category}"
            self.fields[f"rate_{n}"] = ScaledField(label=_("Other rate, %%: %(what)s") % {"what": label}, digits=4)
            self.fields[f"reason_{n}"] = TextLine(label=_("Why: %(what)s") % {"what": label}, most=200)
        self.lines = lines

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for n, _line in enumerate(self.lines):
            rate, reason = cleaned.get(f"rate_{n}"), cleaned.get(f"reason_{n}")
            if rate is not None and rate > E6:
                self.add_error(f"rate_{n}", _("Between 0 and 100."))
            if rate is not None and not reason:
                self.add_error(f"reason_{n}", _("Say why."))
        return cleaned

    def overrides(self) -> tuple[Override, ...]:
        """Return the rates that were typed."""
        return tuple(
            Override(month=line.month, category=line.category, rate_e6=rate, reason=self.cleaned_data[f"reason_{n}"])
            for n, line in enumerate(self.lines)
            if (rate := self.cleaned_data.get(f"rate_{n}")) is not None
        )


@page("books.view")
def estimate(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show the cohorts with their rates, and post what the estimate changed since the one before."""
    own = company()
    today = clock.today(own.timezone)
    last = standing_estimate()
    start = {"through": today.replace(day=1) - timedelta(days=1), "mature_months": last.mature_months if last else 3}
    asked = PeriodForm({name: request.GET.get(name) or value for name, value in start.items()})
    context: dict[str, Any] = {
        "asked": asked,
        "may": actor.may("books.estimate_returns"),
        "known": has_accounts(LIABILITY),
    }
    status = 200
    if asked.is_valid():
        through, mature = asked.cleaned_data["through"], asked.cleaned_data["mature_months"]
        lines = expected(cohorts(through, mature), through, mature, {})
        form = RateForm(request.POST if request.method == "POST" else None, lines)
        if request.method == "POST":
            status = 422
            if form.is_valid():
                try:
                    return _post(request, actor, form, through, mature)
                except REFUSALS as error:
                    context["refusal"], status = tell(error), status_of(error)
        context |= _shown(form, lines, (own.currency, own.currency_digits), through)
    standing = (
        [money_text(cents, own.currency, own.currency_digits) for cents in (last.liability_cents, last.asset_cents)]
        if last
        else []
    )
    context |= {"last": last, "standing": standing, "last_day": day_text(last.through) if last else ""}
    return render(request, "desk/books/estimate.html", context, status=status)


def _post(request: HttpRequest, actor: Actor, form: RateForm, through: date, mature: int) -> HttpResponseBase:
    wanted = EstimateReturns(through=through, mature_months=mature, overrides=form.overrides())
    done = estimate_returns(wanted, actor=actor, key=form.cleaned_data["key"])
    messages.success(request, _("%(number)s is booked.") % {"number": done.document})
    return redirect("estimate_page")


def _shown(form: RateForm, lines: Sequence[Expected], currency: tuple[str, int], through: date) -> Mapping[str, Any]:
    names = {code: name.strip() for code, name in category_choices()}
    rows = [
        {
            "month": f"{line.month:%Y-%m}", "category": names.get(line.category, line.category) or "–",
            "rate": f"{decimal_text(line.own_rate_e6, 4)} %", "field": form[f"rate_{n}"], "reason": form[f"reason_{n}"],
            "money": [
                money_text(cents, *currency)
                for cents in (line.cohort.sold_cents, line.cohort.returned_cents, line.liability_cents, line.asset_cents)
            ],
        }
        for n, line in enumerate(lines)
    ]  # fmt: skip
    sums = sum(line.liability_cents for line in lines), sum(line.asset_cents for line in lines)
    totals = [money_text(cents, *currency) for cents in sums]
    return {"form": form, "rows": rows, "totals": totals, "through": day_text(through)}
