"""On the page of a return: which flow it follows, until when what is due, who has approved, and which papers are missing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.models import Company, User
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.fields import Keyed, TextLine
from backstock.desk.figures import day_text
from backstock.desk.flows.wording import REPAIR_STEPS, STEPS, flow_name, sentences
from backstock.desk.returns.section import Section
from backstock.flows.built_in import BUILT_IN
from backstock.flows.engine import levels_needed
from backstock.flows.models import FlowVersion
from backstock.returns.commands.waive_paper import WaivePaper, waive_paper
from backstock.returns.deciding.approving import approvals_of
from backstock.returns.deciding.flowing import worth_base_cents
from backstock.returns.deciding.papers import Dossier, dossiers
from backstock.returns.loading import LoadedReturn
from backstock.returns.queries import loaded_return


def make(rma: LoadedReturn, actor: Actor) -> Section | None:
    """Make the card; a return from before there were flows has none."""
    if not rma.row.flow_code:
        return None
    asks, steps = rma.row.flow, REPAIR_STEPS if rma.row.type == "repair" else STEPS
    # Amounts of a flow are in the company's currency; where it names none the company need not be read.
    own = company() if asks.get("levels") or asks.get("four_eyes") else Company()
    dossier = dossiers([rma]).get(rma.row.pk)
    shown = {
        "name": name_of_flow(rma),
        "code": rma.row.flow_code,
        "may_read": actor.may("flows.publish"),
        "levels": levels(rma),
        "papers": papers(dossier) if dossier else [],
        "may_waive": actor.may("returns.waive_paper") and rma.row.status in ("requested", "approved"),
        "said": sentences(asks, (own.currency, own.currency_digits), steps),
    }
    return Section(template="desk/returns/flow.html", shown=shown)


def name_of_flow(rma: LoadedReturn) -> str:
    """Return what the version that the return started with is called."""
    row = rma.row
    if not row.flow_version_id:
        return flow_name(row.flow_code, BUILT_IN[row.flow_code].terms if row.flow_code in BUILT_IN else {})
    version = FlowVersion.objects.filter(pk=row.flow_version_id).first()
    return flow_name(row.flow_code, version.terms if version else {})


def levels(rma: LoadedReturn) -> list[dict[str, Any]]:
    """Return the levels that the amount needs, and who gave them."""
    if not rma.row.flow.get("levels"):
        return []
    needed = levels_needed(rma.row.flow, worth_base_cents([rma])[rma.row.pk])
    given = {each.level: each for each in approvals_of([rma.row.pk]).get(rma.row.pk, ())}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=[each.user_id for each in given.values()])}
    return [
        {
            "role": words.word(words.ROLES, role),
            "who": names.get(given[n].user_id, _("the system")) if n in given else "",
            "on": day_text(given[n].on) if n in given else "",
        }
        for n, role in enumerate(needed)
    ]


def papers(dossier: Dossier) -> list[dict[str, Any]]:
    """Return the papers asked for: there, missing, or waived and why."""
    waived = {each.paper: each.reason for each in dossier.waived}
    return [
        {
            "code": kind,
            "name": words.word(words.PAPERS, kind),
            "missing": kind in dossier.missing,
            "waived": waived.get(kind, ""),
        }
        for kind in dossier.asked
    ]


class WaiveForm(Keyed):
    """Why a paper is not needed."""

    paper = forms.ChoiceField(label=gettext_lazy("Which paper"))
    reason = TextLine(label=gettext_lazy("Why it is not needed"), required=True)


@page("returns.waive_paper")
def return_waive(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Waive a paper that is missing."""
    rma = loaded_return(number)
    dossier = dossiers([rma]).get(rma.row.pk)
    form = WaiveForm(request.POST or None, initial={"paper": request.GET.get("paper", "")})
    field: Any = form.fields["paper"]
    field.choices = [(kind, words.word(words.PAPERS, kind)) for kind in (dossier.missing if dossier else ())]
    context: dict[str, Any] = {"rma": rma.row, "form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                wanted = WaivePaper(document=rma.row.number, paper=data["paper"], reason=data["reason"])
                waive_paper(wanted, actor=actor, key=data["key"])
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, _("%(number)s: the paper is waived.") % {"number": rma.row.number})
                return redirect("return_page", rma.row.number)
    return render(request, "desk/returns/waive.html", context, status=status)
