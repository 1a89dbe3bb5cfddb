"""A flow is changed by publishing another version; what changes is shown before."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backstock.core import clock
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.fields import TextLine
from backstock.desk.flows.forms import FlowForm, initial_of
from backstock.desk.flows.page import all_sentences, changes
from backstock.desk.flows.wording import flow_name
from backstock.flows.built_in import STRICTER
from backstock.flows.commands.publish import plain, publish_flow
from backstock.flows.engine import Flow
from backstock.flows.models import FlowVersion
from backstock.flows.queries import flows_on, versions_of
from backstock.policies.engine import leaves
from backstock.policies.queries import policy_on


class NewFlowForm(FlowForm):
    """A flow that there is not yet: it needs a code."""

    code = TextLine(
        label=pgettext_lazy("row", "Code"), most=40,
        help_text=gettext_lazy("Small letters, digits and _, for example: dear_goods; empty: a number. It never changes."),
    )  # fmt: skip

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]) or next_code()
        if not code.replace("_", "").isalnum() or not code.isascii() or code != code.lower():
            raise forms.ValidationError(_("Use small letters, digits and _ only."))
        if any(flow.code == code for flow in flows_on(clock.today(company().timezone))) or versions_of(code):
            raise forms.ValidationError(_("There is a flow with this code already."))
        return code


def next_code() -> str:
    """Return the code of a flow that nobody gave one: between showing and publishing it stays the same."""
    taken = set(FlowVersion.objects.filter(code__startswith="flow_").values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 2) if (code := f"flow_{n}") not in taken)


def known_flow(code: str) -> Flow:
    """Return a flow to change: as it holds today, or the newest version that does not hold yet."""
    for flow in flows_on(clock.today(company().timezone)):
        if flow.code == code:
            return flow
    versions = versions_of(code)
    if not versions:
        raise Http404
    return Flow(code, versions[0].pk, versions[0].terms)


def _reasons() -> list[tuple[str, str]]:
    """Return the reasons of today's policy."""
    said = words.reason_words()
    policy = policy_on(clock.today(company().timezone))
    return [(reason, words.word(said, reason)) for reason in leaves(policy.terms.get("reasons") or [])]


def _edit(request: HttpRequest, actor: Actor, flow: Flow, form: FlowForm) -> HttpResponseBase:
    own = company()
    context: dict[str, Any] = {
        "form": form, "code": flow.code, "name": flow_name(flow.code, flow.terms) if flow.code else "", "currency": own.currency,
    }  # fmt: skip
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            code = flow.code or form.cleaned_data["code"]
            try:
                raw = {"code": code, "terms": form.terms()}
                if form.cleaned_data["valid_from"]:
                    raw["valid_from"] = form.cleaned_data["valid_from"].isoformat()
                wanted = publish_flow.parse(raw)
                if request.POST.get("do") == "publish":
                    publish_flow(wanted, actor=actor, key=form.cleaned_data["key"])
                    messages.success(request, _("Published. It holds for returns that are requested from now on."))
                    return redirect("flow_page", code)
                currency, reasons = (own.currency, own.currency_digits), words.reason_words()
                before = all_sentences(flow.terms, currency, reasons) if flow.terms else []
                context["changes"], status = changes(before, all_sentences(plain(wanted.terms), currency, reasons)), 200
                context["previewed"] = True
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
    return render(request, "desk/flows/edit.html", context, status=status)


@page("flows.publish")
def flow_change(request: HttpRequest, actor: Actor, code: str) -> HttpResponseBase:
    """Change a flow."""
    flow = known_flow(code)
    return _edit(
        request,
        actor,
        flow,
        FlowForm(request.POST or None, initial=initial_of(flow.terms), digits=_digits(), reasons=_reasons()),
    )


@page("flows.publish")
def flow_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Make a flow; `?like=strict` begins with an example."""
    start = initial_of(STRICTER) if request.GET.get("like") == "strict" else {}
    return _edit(
        request, actor, Flow(""), NewFlowForm(request.POST or None, initial=start, digits=_digits(), reasons=_reasons())
    )


def _digits() -> int:
    return company().currency_digits
