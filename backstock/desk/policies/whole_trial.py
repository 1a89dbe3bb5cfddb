"""A draft or version tried on any part of the past: figures, groups and every changed case, to look at and to take along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backstock.core import clock
from backstock.core.amounts import E6, MAX_CENTS
from backstock.core.permissions import Actor
from backstock.desk.access import company, page
from backstock.desk.fields import ScaledField, TextLine, chosen
from backstock.desk.figures import money_text
from backstock.desk.parts import Empty
from backstock.desk.policies.names import Names, book_on, names_for
from backstock.desk.policies.naming import terms_of_code, version_name
from backstock.desk.policies.trial import MOST_LINES, figures, panel, verdict_text
from backstock.desk.tables import Column, Table
from backstock.policies.models import PolicyDraft, PolicyVersion
from backstock.policies.queries import policy_on
from backstock.simulation.past import Scope
from backstock.simulation.trial import Assumption, Changed, Trial, run_trial

FACTS = ("category", "reason", "channel", "type")


def codes_offered() -> list[tuple[str, str]]:
    """Offer what may be tried: open drafts, then versions."""
    drafts = PolicyDraft.objects.filter(closed_at=None).order_by("-pk")[:50]
    versions = PolicyVersion.objects.order_by("-valid_from", "-pk").values_list("pk", flat=True)[:100]
    return [
        *((each.number, each.name or each.number) for each in drafts),
        *((f"v{pk}", version_name(pk)) for pk in versions),
        ("v0", version_name(0)),
    ]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), required=False)


class TrialForm(forms.Form):
    """What is tried against what, on which lines, and what is assumed."""

    b = forms.ChoiceField(label=gettext_lazy("Try this policy"))
    a = forms.ChoiceField(label=gettext_lazy("beside"))
    since = _day(gettext_lazy("Returns asked for since"))
    through = _day(pgettext_lazy("day", "through"))
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    type = forms.ChoiceField(label=gettext_lazy("Type of return"), required=False)
    customer = TextLine(label=gettext_lazy("Customer (code)"), most=60)
    away = ScaledField(label=gettext_lazy("Assumed: of stricter cases so many are not asked for, %"), digits=4)
    freight = ScaledField(label=gettext_lazy("Assumed: what one way back costs us"), digits=2)

    def __init__(self, data: Mapping[str, Any], names: Names, codes: list[tuple[str, str]]) -> None:
        super().__init__(data)
        for name in ("a", "b"):
            self.fields[name].choices = codes  # type: ignore[attr-defined]
        for fact in FACTS:
            self.fields[fact].choices = chosen(names.offered(fact), _("all"))  # type: ignore[attr-defined]
        self.fields["freight"].digits = names.currency[1]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not 0 <= (cleaned.get("away") or 0) <= E6:
            self.add_error("away", _("Between 0 and 100."))
        if not 0 <= (cleaned.get("freight") or 0) <= MAX_CENTS:
            self.add_error("freight", _("Not below zero."))
        return cleaned

    def scope(self, today: date) -> Scope:
        """Return which lines are tried."""
        said = self.cleaned_data
        since = said["since"] or today - timedelta(days=365)
        return Scope(
            since=since, through=said["through"] or today, customer=said["customer"].strip(),
            **{fact: said[fact] for fact in FACTS},
        )  # fmt: skip

    def assumption(self) -> Assumption:
        """Return what is assumed; nothing where nothing was typed."""
        said = self.cleaned_data
        return Assumption(stays_away_e6=said["away"] or 0, freight_cents=said["freight"] or 0)


@page("policies.save_draft", "policies.publish")
def policy_trial(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Try a policy on the past: ?b=PD000001&a=v3&since=2026-01-01&category=food."""
    today = clock.today(company().timezone)
    now = policy_on(today)
    codes = codes_offered()
    sent = {name: request.GET.get(name, "") for name in TrialForm.base_fields if request.GET.get(name)}
    asked = {"a": f"v{now.version_id}", "b": codes[0][0], **sent}
    (old, before), (new, after) = terms_of_code(asked["a"]), terms_of_code(asked["b"])
    book = book_on(today)
    names = names_for(after, before, now.terms, book=book)
    form = TrialForm(asked, names, codes)
    context: dict[str, Any] = {"form": form, "old": old, "new": new, "heading": _("Try it on the past")}
    if not form.is_valid():
        table = _table([], names, new, old, [])
        return table.respond(request, "desk/policies/whole_trial.html", context)
    trial = run_trial(before, after, book, form.scope(today), MOST_LINES)
    what = form.assumption()
    assumed = trial.assumed(what) if what.stays_away_e6 else None
    context |= {
        "trial": panel(trial, names), "figures": figures(trial.all, names, assumed), "assumed": assumed, "chart": _chart(trial, names, old, new),
        "freight": _freight(trial, what, names), "currency": names.currency[0], "digits": names.currency[1],
    }  # fmt: skip
    return _table(trial.changed, names, new, old, list(sent.items())).respond(
        request, "desk/policies/whole_trial.html", context
    )


def _freight(trial: Trial, what: Assumption, names: Names) -> list[str]:
    if not what.freight_cents:
        return []
    sums = trial.all.now, trial.all.draft
    return [money_text(each.freight_lines * what.freight_cents, *names.currency) for each in sums]


def _chart(trial: Trial, names: Names, old: str, new: str) -> dict[str, Any]:
    """Draw refunds by category under both policies, the most changed first."""
    pairs = sorted(trial.by_category.items(), key=lambda each: (-each[1].changed, -each[1].lines))[:12]
    series = [
        {"type": "bar", "name": name, "data": [getattr(pair, field).refund_cents for _code, pair in pairs]}
        for name, field in ((old, "now"), (new, "draft"))
    ]
    labels = [names.of("category", code) or "–" for code, _pair in pairs]
    return {"legend": {}, "xAxis": {"type": "category", "data": labels}, "yAxis": {"type": "value"}, "series": series}


def _table(
    changed: list[Changed], names: Names, new: str, old: str, kept: list[tuple[str, str]]
) -> Table[Changed]:  # fmt: skip
    def worth(each: Changed, which: str) -> int:
        verdict = each.now if which == "now" else each.draft
        return verdict.refund_cents(each.line.worth_cents)

    return Table[Changed](
        name="changed", title=gettext_lazy("Changed cases"), rows=lambda: changed, row_id=lambda each: f"{each.line.number}-{each.line.sku}",
        columns=(
            Column(key="number", label=gettext_lazy("Return"), value=lambda each: each.line.number, sort="number", link=lambda each: reverse("return_page", args=[each.line.number])),
            Column(key="on", label=gettext_lazy("Day"), kind="day", value=lambda each: each.line.on, sort="on"),
            Column(key="customer", label=gettext_lazy("Customer"), value=lambda each: each.line.customer, sort="customer"),
            Column(key="sku", label=gettext_lazy("Product"), value=lambda each: each.line.sku, sort="sku"),
            Column(key="reason", label=gettext_lazy("Reason"), value=lambda each: names.of("reason", each.line.reason) or "–", sort="reason"),
            Column(key="worth", label=gettext_lazy("Amount"), kind="money", value=lambda each: each.line.worth_cents, sort="worth"),
            Column(key="old", label=old, value=lambda each: verdict_text(each, "now", names)),
            Column(key="new", label=new, value=lambda each: verdict_text(each, "draft", names)),
            Column(key="more", label=gettext_lazy("Difference"), kind="money", value=lambda each: worth(each, "draft") - worth(each, "now"), sort="more"),
        ),
        currency=names.currency, kept=kept,
        empty=Empty(title=gettext_lazy("Nothing would be different"), explanation=gettext_lazy("Both policies decide these returns alike.")),
    )  # fmt: skip
